// SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The section of one host, made when it is opened.

function hostSection(name) {
  const number = numberOf.get(name), host = hosts[number];
  const missing = report.missing.find((row) => row.host === name);
  const back = h("a", { href: addressOf({}), id: "back" }, "← All hosts");
  if (!host) {
    const text = missing ? `Not read: ${missing.reason}` : "This report has no host of that name.";
    return [h("header", {}, h("nav", { "aria-label": "Hosts" }, back), h("h1", { tabindex: -1 }, h("bdi", {}, name))), empty(text)];
  }
  const step = (at, text) => (hosts[at] ? h("a", { href: addressOf({ host: hosts[at].host }) }, text) : null);
  const meta = [host.groups.join(", "), host.release && `Linux ${host.release}`, utc(host.at),
    host.sockets !== null && plural(host.sockets, "socket"), host.profiles && `profiles: ${host.profiles.join(", ") || "none"}`];
  return [
    h("header", {}, h("nav", { "aria-label": "Hosts" }, back, h("span", { class: "end" }), step(number - 1, "Previous"), step(number + 1, "Next")),
      h("h1", { tabindex: -1 }, h("bdi", {}, name)), badge(host.severity)),
    h("p", { class: "facts wrap" }, meta.filter(Boolean).join(" · ")),
    hostFindings(host),
    host.timeline ? section("host-timeline", "Timeline", "", h("figure", { class: "panel" }, timelineFigure(host.timeline))) : null,
    tried.has(name) ? section("host-trial", "Trial", "", trialOf(tried.get(name))) : null,
    hostChanges(host),
    section("host-figures", "Sockets and processes", "", h("div", { class: "columns" },
      statesPanel(host), processesPanel(host), listenersPanel(host), portsPanel(host))),
    hostRemarks(host),
  ];
}

function hostFindings(host) {
  if (!host.findings.length) return section("host-findings", "Findings", "", empty("Nothing found on this host."));
  const known = new Map(host.findings.map((finding) => [finding.id, finding]));
  const cards = host.findings.map((finding) => {
    const cause = report.causes[finding.card], because = known.get(finding.because_of);
    // The other end of the connections has the cause, and the card.
    const elsewhere = !cause.hosts.includes(host.host);
    const shared = cause.hosts.length > 1 && !because && !elsewhere;
    return h("article", { class: `card ${finding.severity}` },
      h("header", {}, badge(finding.severity), shared
        ? h("a", { class: "count", href: addressOf({ cause: finding.card }) }, `shared with ${plural(cause.hosts.length - 1, "other host")}`) : null),
      h("h3", { class: "wrap" }, finding.title),
      because ? h("p", { class: "caused wrap" }, `Because of: ${because.title}`) : null,
      because ? null : elsewhere ? [h("p", { class: "caused wrap" }, "Because of: ", cause.title), hostNames(cause.hosts)] : causedBy(cause),
      list("figures", finding.figures),
      because || elsewhere ? null : advice({ ...cause, who: [] }, true));
  });
  return section("host-findings", "Findings", "", h("div", { class: "cards" }, cards));
}

function hostChanges(host) {
  const drift = driftOf.get(host.host) || [], boot = bootOf.get(host.host) || [];
  return [
    drift.length ? section("host-drift", "Drift now", "", table(driftColumns, drift, { label: "Drift" })) : null,
    boot.length ? section("host-boot", "Next boot", "", table(bootColumns, boot, { label: "Next boot" })) : null];
}

function panel(title, columns, rows) {
  if (!rows.length) return null;
  return h("div", { class: "panel" }, h("h3", {}, title), h("table", {},
    h("thead", {}, h("tr", {}, columns.map((column) => h("th", { scope: "col", class: column.kind }, column.name)))),
    h("tbody", {}, rows.map((row) => h("tr", {}, columns.map((column) => h("td", { class: column.kind }, column.of(row))))))));
}

function statesPanel(host) {
  const rows = Object.entries(host.states).sort((a, b) => b[1] - a[1]);
  return panel("States", [
    { name: "State", of: ([state]) => state },
    { name: "Sockets", kind: "number", of: ([, count]) => grouped(count) },
    { name: "Compared with the fleet", of: ([state, count]) => bar(count / highest.get(state)) }], rows);
}

function processesPanel(host) {
  const share = (row) => (row.limit ? row.descriptors / row.limit : 0);
  return panel("Processes nearest to their open-file limit", [
    { name: "Process", kind: "wrap", of: (row) => [row.name || "?", ` (${row.pid}${row.unit ? `, ${row.unit}` : ""})`] },
    { name: "Open files", kind: "number", of: (row) => `${grouped(row.descriptors)} of ${row.limit ? grouped(row.limit) : "no limit"}` },
    { name: "Used", of: (row) => bar(share(row), share(row) >= 0.9 ? "critical" : share(row) >= 0.7 ? "warning" : "") }], host.processes);
}

function listenersPanel(host) {
  const share = (row) => (row.backlog ? (row.queued || 0) / row.backlog : 0);
  return panel("Listeners with the fullest accept queues", [
    { name: "Listener", kind: "wrap", of: (row) => mono(`${row.address?.includes(":") ? `[${row.address}]` : row.address}:${row.port}`) },
    { name: "Queued", kind: "number", of: (row) => `${grouped(row.queued || 0)} of ${grouped(row.backlog || 0)}` },
    { name: "Used", of: (row) => bar(share(row), share(row) >= 0.9 ? "critical" : share(row) >= 0.5 ? "warning" : "") }], host.listeners);
}

function portsPanel(host) {
  const most = (row) => Object.entries(row.states).sort((a, b) => b[1] - a[1]).slice(0, 3);
  return panel("Ports with the most sockets", [
    { name: "Port", of: (row) => String(row.port) },
    { name: "Sockets", kind: "number", of: (row) => grouped(row.sockets) },
    { name: "States", kind: "wrap", of: (row) => most(row).map(([state, count]) => `${state} ${grouped(count)}`).join(", ") }], host.ports);
}

function hostRemarks(host) {
  const rows = [
    ...host.notes.map((text) => ["Note", text]),
    ...(host.unjudged.length ? [["Not judged", host.unjudged.join(", ")]] : []),
    ...(host.partial.length ? [["Not read completely", host.partial.join(", ")]] : [])];
  if (!rows.length) return null;
  return section("host-remarks", "Remarks", "", h("div", { class: "panel" },
    h("dl", {}, rows.map(([label, text]) => [h("dt", {}, label), h("dd", {}, text)]))));
}
