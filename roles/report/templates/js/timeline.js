// SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The timeline of a host: a strip for each series with a scale of its own, and numbered marks where a value changed.

const WIDTH = NARROW ? 400 : 860, LEFT = 118, RIGHT = 92, STRIP = 62, FOOT = 22;
// Numbers of marks that are nearer to each other would overlap.
const NEAR = 20;

function clock(timeline, seconds) {
  const at = new Date(Date.parse(timeline.start || "") + seconds * 1000), time = at.getTime() / 1000;
  return Number.isNaN(time) ? `${grouped(Math.round(seconds))} s` : at.toISOString().slice(11, time % 60 ? 19 : 16);
}

/** Return the name of a series in the space that it has: the measure of a trial can be a long expression. */
function shortened(name) {
  const letters = [...name];
  return letters.length > 16 ? `${letters.slice(0, 15).join("")}…` : name;
}

/** Return the moments at which values changed, each with its changes. */
function moments(timeline) {
  const found = new Map();
  for (const mark of timeline.marks) found.set(mark.seconds, [...(found.get(mark.seconds) || []), mark]);
  return [...found].sort(([a], [b]) => a - b);
}

/** Return the chart, and below it what changed. The chart is read with the pointer or the arrow keys. what: its values. */
function timelineFigure(timeline, what = "Sockets") {
  const first = timeline.seconds[0] || 0, last = timeline.seconds.at(-1) || 0;
  const changes = moments(timeline), names = Object.keys(timeline.series), top = changes.length ? 26 : 8;
  const height = top + names.length * STRIP + FOOT;
  const x = (seconds) => LEFT + ((WIDTH - LEFT - RIGHT) * (seconds - first)) / (last - first || 1);
  return [
    timelineChart(timeline, { first, last, names, top, height, x, what }, changeMarks(changes, { x, top, height })),
    changes.length ? h("details", { open: changes.length < 9 },
      h("summary", {}, `${plural(timeline.marks.length + timeline.more_marks, "value")} changed`),
      h("ol", { class: "changes" }, changes.map(([seconds, rows]) => h("li", {}, h("span", { class: "when" }, clock(timeline, seconds)),
        h("ul", {}, rows.map((row) => h("li", { class: "wrap" }, mono(row.what), " ", mono(row.before), " → ", mono(row.after))))))),
      timeline.more_marks ? h("p", {}, `and ${grouped(timeline.more_marks)} later ones`) : null) : null];
}

function changeMarks(changes, { x, top, height }) {
  let labelled = -Infinity;
  return changes.map(([seconds], number) => {
    const at = Math.min(WIDTH - RIGHT, Math.max(LEFT, x(seconds))), clear = at - labelled >= NEAR;
    if (clear) labelled = at;
    return [
      s("line", { class: "mark", x1: at, x2: at, y1: top - 6, y2: height - FOOT }),
      clear ? s("text", { class: "marked", x: at, y: top - 10, "text-anchor": "middle" }, String(number + 1)) : null];
  });
}

function timelineChart(timeline, { first, last, names, top, height, x, what }, marks) {
  const end = WIDTH - RIGHT;
  const values = names.map((_, number) => s("text", { class: "strong", x: end + 10, y: top + number * STRIP + STRIP - 24 }));
  const cursor = s("line", { class: "cursor", y1: top, y2: height - FOOT, visibility: "hidden" });
  const time = s("text", { x: end + 10, y: height - 6 });
  const strips = names.map((name, number) => {
    const counts = timeline.series[name], most = Math.max(...counts), base = top + (number + 1) * STRIP - 8;
    // A measure of a trial can be a fraction, or below 0.
    const low = Math.min(0, ...counts), scale = (STRIP - 22) / (Math.max(0, most) - low || 1);
    const y = (count) => base - scale * ((count ?? 0) - low);
    const points = counts.map((count, at) => `${x(timeline.seconds[at]).toFixed(1)},${y(count).toFixed(1)}`);
    return [
      s("line", { class: "grid", x1: LEFT, x2: end, y1: base, y2: base }),
      s("polygon", { class: "area", points: `${LEFT},${base} ${points.join(" ")} ${x(last).toFixed(1)},${base}` }),
      s("polyline", { class: "line", points: points.join(" ") }),
      s("text", { class: "strong", x: 0, y: base - 16 }, s("title", {}, name), shortened(name)),
      s("text", { x: 0, y: base - 1 }, `${grouped(Math.min(...counts))} to ${grouped(most)}`)];
  });
  const final = timeline.seconds.length - 1;
  let here = final;
  function show(at, pointed) {
    here = Math.max(0, Math.min(final, at));
    const when = clock(timeline, timeline.seconds[here]);
    names.forEach((name, number) => { values[number].textContent = grouped(timeline.series[name][here] ?? 0); });
    time.textContent = when;
    for (const edge of ["x1", "x2"]) cursor.setAttribute(edge, x(timeline.seconds[here]));
    cursor.setAttribute("visibility", pointed ? "visible" : "hidden");
    chart.setAttribute("aria-valuenow", here);
    chart.setAttribute("aria-valuetext", `${when}: ${names.map((name, number) => `${name} ${values[number].textContent}`).join(", ")}`);
  }
  function move(event) {
    const steps = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 10, PageDown: -10, Home: -Infinity, End: Infinity };
    if (!(event.key in steps)) return;
    event.preventDefault();
    show(here + steps[event.key], true);
  }
  const chart = s("svg", {
    class: "chart timeline", viewBox: `0 0 ${WIDTH} ${height}`, tabindex: 0, role: "slider",
    "aria-label": `${what} over time: ${names.join(", ")}. Arrow keys read the values.`,
    "aria-valuemin": 0, "aria-valuemax": Math.max(0, final), keydown: move,
    pointermove: (event) => {
      const box = chart.getBoundingClientRect();
      const wanted = first + (((event.clientX - box.left) * WIDTH / box.width - LEFT) / (end - LEFT)) * (last - first);
      const next = timeline.seconds.findIndex((second) => second >= wanted);
      show(next < 0 ? final : next, true);
    },
    pointerleave: () => show(final, false),
    blur: () => show(final, false),
  }, strips, marks, cursor, values, time,
  s("text", { x: LEFT, y: height - 6 }, clock(timeline, first)));
  if (final >= 0) show(final, false);
  return chart;
}
