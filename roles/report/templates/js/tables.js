// SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Drift, the next boot, the comparison with an earlier time, timelines, and hosts that could not be read.

const mono = (text) => h("code", { class: "wrap" }, text);
const WHAT = { name: "What", of: (row) => mono(row.what) };
const HOSTS = { name: "Hosts", of: (row) => hostNames(row.hosts, 4) };

const driftColumns = [
  WHAT,
  { name: "Profile", of: (row) => row.profile },
  { name: "Expected", of: (row) => mono(row.expected) },
  { name: "Running", of: (row) => mono(row.running) },
  { name: "At boot", of: (row) => mono(row.boot) },
  { name: "Why", kind: "wrap", of: (row) => row.reason },
];
const bootColumns = [
  WHAT,
  { name: "Now", of: (row) => mono(row.running) },
  { name: "At boot", of: (row) => mono(row.boot) },
  { name: "Result", of: (row) => bootResult(row) },
  { name: "Set by", kind: "wrap", of: (row) => row.reason },
];

function bootResult(row) {
  const kind = { "leaves the profile": "warning", "returns to the profile": "returns" }[row.outcome] || "plain";
  const text = row.profile ? row.outcome.replace("the profile", row.profile) : row.outcome;
  return badge(kind, text);
}

function driftSection() {
  const { drift, hosts: number, missing } = report.summary;
  const none = drift.with_profile
    ? `No drift: the running values of ${plural(drift.with_profile, "host")} are those of the profiles.`
    : `None of ${plural(number - missing, "host")} has a profile of nettune.tcp, or the profiles were not read.`;
  return section("drift", "Drift now", "Running values that are not those of the profile.",
    report.drift.length ? table([...driftColumns, HOSTS], report.drift, { label: "Drift" }) : empty(none));
}

function bootSection() {
  return section("boot", "Next boot", "Values that a reboot, or the next start or login, changes.",
    report.next_boot.length ? table([...bootColumns, HOSTS], report.next_boot, { label: "Next boot" })
      : empty("The next boot changes no value that was read."));
}

function comparisonSection() {
  const found = report.comparison;
  if (!found) return null;
  const named = (title, rows) => (rows.length ? [h("h3", {}, title),
    h("dl", {}, rows.map((row) => [h("dt", {}, row.id), h("dd", {}, hostNames(row.hosts, 4))]))] : null);
  const moved = (title, names) => (names.length ? [h("dt", {}, title), h("dd", {}, hostNames(names, 6))] : null);
  const columns = [WHAT, { name: "Before", of: (row) => mono(row.before) }, { name: "After", of: (row) => mono(row.after) }, HOSTS];
  const same = found.hosts - found.better.length - found.worse.length;
  return section("comparison", "Before and after", `${plural(found.hosts, "host")}, compared with ${utc(found.at) || "an earlier time"}.`,
    h("div", { class: "columns" },
      h("div", { class: "panel" }, h("h3", {}, "Sockets of all hosts by state"), dumbbells(found.states),
        h("p", { class: "legend" }, h("span", {}, "○ before"), h("span", {}, "● after"), h("span", {}, "logarithmic scale"))),
      h("div", { class: "panel" }, h("h3", {}, "Worst finding of each host"),
        h("dl", {}, moved("Better", found.better), moved("Worse", found.worse),
          h("dt", {}, "As before"), h("dd", {}, plural(same, "host")),
          moved("Only before", found.only_before), moved("Only now", found.only_after)),
        named("Findings that are gone", found.gone), named("New findings", found.new))),
    found.parameters.length
      ? h("div", { class: "block" }, h("div", { class: "head" }, h("h3", {}, "Kernel parameters that changed")),
        table(columns, found.parameters, { label: "Changed parameters" })) : null);
}

function timelineSection() {
  const watched = hosts.filter((host) => host.timeline);
  if (!watched.length) return null;
  const shown = watched.slice(0, 4).map((host) => h("figure", { class: "panel" },
    h("h3", {}, hostLink(host.host)), timelineFigure(host.timeline)));
  const rest = watched.slice(4).map((host) => host.host);
  return section("timeline", "Timeline", "The states that moved most. A numbered line marks a change of kernel parameters.", shown,
    rest.length ? h("p", { class: "block" }, "More timelines: ", hostNames(rest, 20)) : null);
}

function missingSection() {
  if (!report.missing.length) return null;
  return section("missing", "Not read", `${plural(report.missing.length, "host")} without a result.`, missingTable(report.missing));
}

function missingTable(rows) {
  const reasons = new Map();
  for (const row of rows) {
    const reason = `${row.unreachable ? "unreachable" : "failed"}: ${row.reason}`;
    reasons.set(reason, [...(reasons.get(reason) || []), row.host]);
  }
  const columns = [
    { name: "Hosts", of: ([, names]) => h("span", { class: "names" }, names.map((name) => h("bdi", {}, name))) },
    { name: "Reason", kind: "wrap", of: ([reason]) => reason }];
  return table(columns, [...reasons], { label: "Hosts without a result" });
}

const utc = (time) => (time ? `${time.slice(0, 10)} ${time.slice(11, 16)} UTC` : "");
