// SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The data of the report, and which hosts the filters leave.

const report = JSON.parse(byId("data").textContent);
const hosts = report.hosts;
const STATES = ["ESTABLISHED", "SYN_SENT", "SYN_RECV", "FIN_WAIT1", "FIN_WAIT2", "TIME_WAIT", "CLOSE", "CLOSE_WAIT", "LAST_ACK", "LISTEN", "CLOSING", "NEW_SYN_RECV"];
const RANK = { critical: 3, warning: 2, info: 1, none: 0 };
const numberOf = new Map(hosts.map((host, number) => [host.host, number]));
const highest = new Map();
for (const host of hosts) {
  for (const [state, count] of Object.entries(host.states)) highest.set(state, Math.max(highest.get(state) || 0, count));
}
const states = [...highest.keys()].sort((a, b) => STATES.indexOf(a) - STATES.indexOf(b));

/** Return for each host the rows that name it. */
function byHost(rows) {
  const found = new Map();
  for (const row of rows) {
    for (const name of row.hosts) found.set(name, [...(found.get(name) || []), row]);
  }
  return found;
}
const driftOf = byHost(report.drift);
const bootOf = byHost(report.next_boot);

/** What is searched: names, groups, findings, processes and parameters, in lower case. */
const haystacks = hosts.map((host) => [
  host.host, host.release, ...host.groups,
  ...host.findings.flatMap((finding) => [finding.id, finding.title]),
  ...host.processes.flatMap((process) => [process.name, process.unit]),
  ...host.drift, ...host.next_boot, ...(host.profiles || []),
].filter(Boolean).join("\n").toLowerCase());

const ALL = { q: "", group: "", severity: "", cause: "" };

/** Return a boolean for each host: whether the filters leave it. Words of the search must all occur. */
function matching(filters) {
  const words = filters.q.toLowerCase().split(/\s+/).filter(Boolean);
  const sharing = filters.cause === "" ? null : new Set(report.causes[filters.cause]?.hosts || []);
  return hosts.map((host, number) =>
    (!filters.group || host.groups.includes(filters.group)) &&
    (!filters.severity || host.severity === filters.severity) &&
    (!sharing || sharing.has(host.host)) &&
    words.every((word) => haystacks[number].includes(word)));
}

const isFiltered = (filters) => Object.keys(ALL).some((name) => filters[name] !== "");

/** Return 0 to 5: how many sockets a host has in a state, compared with the host that has most of them. */
function heat(state, count) {
  if (!count || state === "LISTEN") return 0;
  return Math.max(1, Math.ceil(5 * Math.sqrt(count / Math.max(highest.get(state), 100))));
}
