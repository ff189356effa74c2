// SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The charts, as SVG.

const bar = (share, kind = "") => s("svg", { class: "chart", width: 120, height: 8, viewBox: "0 0 120 8", "aria-hidden": "true" },
  s("rect", { class: "bar-back", width: 120, height: 8, rx: 4 }),
  share > 0 && s("rect", { class: `bar-fill ${kind}`, width: Math.max(3, 120 * Math.min(1, share)), height: 8, rx: 4 }));

/** Return the sockets by state before and after, on a logarithmic scale. */
function dumbbells(rows) {
  const width = 640, left = 112, right = 150, line = 30;
  const most = Math.max(10, ...rows.flatMap((row) => [row.before, row.after]));
  const decades = Math.ceil(Math.log10(most + 1));
  const x = (count) => left + ((width - left - right) * Math.log10(count + 1)) / decades;
  const height = rows.length * line + 26;
  const ticks = Array.from({ length: decades + 1 }, (_, power) => (power ? 10 ** power : 0));
  return s("svg", { class: "chart", viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": "Sockets by state, before and after" },
    ticks.map((tick) => [
      s("line", { class: "grid", x1: x(tick), x2: x(tick), y1: 4, y2: height - 22 }),
      s("text", { x: x(tick), y: height - 6, "text-anchor": "middle" }, shortNumber(tick))]),
    rows.map((row, number) => {
      const y = number * line + 18;
      return [
        s("text", { class: "strong", x: 0, y: y + 4 }, row.state),
        s("line", { class: "span", x1: x(row.before), x2: x(row.after), y1: y, y2: y }),
        s("circle", { class: "from", cx: x(row.before), cy: y, r: 4.5 }),
        s("circle", { class: "to", cx: x(row.after), cy: y, r: 5 }),
        s("text", { class: "strong", x: width, y: y + 4, "text-anchor": "end" },
          row.before === row.after ? grouped(row.after) : `${grouped(row.before)} → ${grouped(row.after)}`)];
    }));
}

const shortNumber = (number) => (number >= 1e6 ? `${number / 1e6} M` : number >= 1e3 ? `${number / 1e3} k` : String(number));

function clock(timeline, seconds) {
  const start = Date.parse(timeline.start || "");
  if (Number.isNaN(start)) return `${grouped(Math.round(seconds))} s`;
  return new Date(start + seconds * 1000).toISOString().slice(11, seconds % 60 ? 19 : 16);
}

/** Return the timeline of a host: a strip for each state with a scale of its own, and the changes of values as marks. */
function timelineChart(timeline) {
  const names = Object.keys(timeline.series);
  const width = 860, left = 118, right = 92, strip = 62, top = timeline.marks.length ? 26 : 8;
  const first = timeline.seconds[0] || 0, last = timeline.seconds.at(-1) || 1;
  const x = (seconds) => left + ((width - left - right) * (seconds - first)) / (last - first || 1);
  const height = top + names.length * strip + 22;
  const values = names.map((_, number) => s("text", { class: "strong", x: width - right + 10, y: top + number * strip + strip - 24 }));
  const cursor = s("line", { class: "cursor", y1: top, y2: height - 22, visibility: "hidden" });
  const time = s("text", { x: width - right + 10, y: height - 6 });
  const show = (at) => {
    names.forEach((name, number) => { values[number].textContent = grouped(timeline.series[name][at] ?? 0); });
    time.textContent = clock(timeline, timeline.seconds[at]);
  };
  const strips = names.map((name, number) => {
    const counts = timeline.series[name], most = Math.max(1, ...counts), base = top + (number + 1) * strip - 8;
    const y = (count) => base - ((strip - 22) * (count ?? 0)) / most;
    const points = counts.map((count, at) => `${x(timeline.seconds[at]).toFixed(1)},${y(count).toFixed(1)}`);
    return [
      s("line", { class: "grid", x1: left, x2: width - right, y1: base, y2: base }),
      s("polygon", { class: "area", points: `${left},${base} ${points.join(" ")} ${x(last).toFixed(1)},${base}` }),
      s("polyline", { class: "line", points: points.join(" ") }),
      s("text", { class: "strong", x: 0, y: base - 16 }, name),
      s("text", { x: 0, y: base - 1 }, `${grouped(Math.min(...counts))} to ${grouped(most)}`)];
  });
  const marks = timeline.marks.map((mark) => [
    s("line", { class: "mark", x1: x(mark.seconds), x2: x(mark.seconds), y1: top - 6, y2: height - 22 }),
    s("text", { class: "marked", x: x(mark.seconds), y: top - 12, "text-anchor": x(mark.seconds) > width / 2 ? "end" : "start" },
      `${mark.what} ${mark.before} → ${mark.after}`)]);
  const chart = s("svg", {
    class: "chart", viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": `Sockets over time: ${names.join(", ")}`,
    pointermove: (event) => {
      const box = chart.getBoundingClientRect();
      const wanted = first + (((event.clientX - box.left) * width / box.width - left) / (width - left - right)) * (last - first);
      const next = timeline.seconds.findIndex((second) => second >= wanted);
      const at = next < 0 ? timeline.seconds.length - 1 : next;
      cursor.setAttribute("x1", x(timeline.seconds[at]));
      cursor.setAttribute("x2", x(timeline.seconds[at]));
      cursor.setAttribute("visibility", "visible");
      show(at);
    },
    pointerleave: () => { cursor.setAttribute("visibility", "hidden"); show(timeline.seconds.length - 1); },
  }, strips, marks, cursor, values, time,
  s("text", { x: left, y: height - 6 }, clock(timeline, first)));
  if (timeline.seconds.length) show(timeline.seconds.length - 1);
  return chart;
}
