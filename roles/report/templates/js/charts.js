// SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The charts, as SVG.

const bar = (share, kind = "") => s("svg", { class: "chart", width: 120, height: 8, viewBox: "0 0 120 8", preserveAspectRatio: "none", "aria-hidden": "true" },
  s("rect", { class: "bar-back", width: 120, height: 8, rx: 4 }),
  share > 0 && s("rect", { class: `bar-fill ${kind}`, width: Math.max(3, 120 * Math.min(1, share)), height: 8, rx: 4 }));

// On a phone a whole chart fits the screen, with text that is still large enough.
const NARROW = matchMedia("(max-width: 40rem)").matches;

/** Return the sockets by state before and after, on a logarithmic scale. */
function dumbbells(rows) {
  const width = NARROW ? 400 : 640, left = NARROW ? 92 : 112, right = NARROW ? 130 : 150, line = 30;
  const most = Math.max(10, ...rows.flatMap((row) => [row.before, row.after]));
  const decades = Math.ceil(Math.log10(most + 1));
  const x = (count) => left + ((width - left - right) * Math.log10(count + 1)) / decades;
  const height = rows.length * line + 26;
  const ticks = Array.from({ length: decades + 1 }, (_, power) => (power ? 10 ** power : 0));
  return s("svg", { class: "chart", viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": "Sockets by state, before and after" },
    ticks.map((tick, power) => [
      s("line", { class: "grid", x1: x(tick), x2: x(tick), y1: 4, y2: height - 22 }),
      NARROW && power % 2 ? null : s("text", { x: x(tick), y: height - 6, "text-anchor": "middle" }, shortNumber(tick))]),
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
