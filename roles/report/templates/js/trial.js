// SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// A trial: for each host the effect of each candidate, and the readings over time.

const tried = new Map((report.trial?.hosts || []).map((row) => [row.host, row]));
const VERDICTS = { better: "returns", worse: "warning" };
// Hosts that are added at a time.
const FEW = 5;

const trialColumns = [
  { name: "Value", of: (row) => mono(row.candidate) },
  { name: "Measured", kind: "number", of: (row) => measured(row.median) },
  { name: "Expected", kind: "number", of: (row) => measured(row.expected) },
  { name: "Effect", kind: "number", of: (row) => measured(row.effect, true) + (row.effect_percent === null ? "" : ` (${measured(row.effect_percent, true)} %)`) },
  { name: "Noise", kind: "number", of: (row) => (row.noise === null ? "–" : `±${measured(row.noise)}`) },
  { name: "Verdict", of: (row) => badge(VERDICTS[row.verdict] || "plain", row.verdict) },
  { name: "Kept", of: (row) => (row.kept ? "yes" : "no") },
  { name: "Why", kind: "wrap", of: (row) => row.reason },
];

/** Return a number with three digits; large ones as a whole number. */
function measured(number, signed = false) {
  if (number === null) return "–";
  const digits = Math.abs(number) >= 100 ? { maximumFractionDigits: 0 } : { maximumSignificantDigits: 3 };
  return number.toLocaleString("en-US", { ...digits, signDisplay: signed ? "exceptZero" : "auto" });
}

/** Return what a trial found on a host: its result, the candidates and the timeline. */
function trialOf(row) {
  const range = row.baseline && [...new Set(row.baseline.map((each) => measured(each)))].join(" to ");
  return [
    h("p", { class: "wrap" }, row.verdict),
    h("p", { class: "trial wrap" }, "To ", row.aim, " ", mono(row.objective), range ? ["; with the old value ", mono(row.before), " it was ", range] : null),
    table(trialColumns, row.candidates, { label: `Candidates of ${row.key} on ${row.host}` }),
    row.timeline ? h("figure", { class: "panel" }, timelineFigure(row.timeline, "Readings")) : null];
}

function trialSection() {
  if (!report.trial) return null;
  const rest = [...report.trial.hosts], { missing } = report.trial;
  const more = h("button", { type: "button", click: add }), foot = h("div", { class: "more" }, more);
  function add() {
    foot.before(...rest.splice(0, FEW).map((row) => h("div", { class: "block" }, h("div", { class: "head" },
      h("h3", {}, numberOf.has(row.host) ? hostLink(row.host) : h("bdi", {}, row.host)), h("p", {}, mono(row.key))), trialOf(row))));
    foot.hidden = !rest.length;
    more.textContent = `Show more (${grouped(rest.length)} left)`;
  }
  const element = section("trial", "Trial", "A numbered line marks a change of the parameter. There are no readings while a value settles.", foot,
    missing.length ? [h("div", { class: "head block" }, h("h3", {}, `${plural(missing.length, "host")} without a result`)), missingTable(missing)] : null);
  addEventListener("beforeprint", () => { while (rest.length) add(); });
  add();
  return element;
}
