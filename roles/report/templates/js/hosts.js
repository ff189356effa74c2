// SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The map of the fleet, and the table of its hosts.

/** Return the map: a tile for each host, by group, coloured by its worst finding or by one of the states. */
function mapSection(open) {
  const clusters = new Map();
  hosts.forEach((host, number) => {
    const name = host.groups.find((group) => !["all", "ungrouped"].includes(group)) || "";
    clusters.set(name, [...(clusters.get(name) || []), number]);
  });
  const size = hosts.length <= 120 ? 26 : hosts.length <= 600 ? 15 : hosts.length <= 2000 ? 11 : 8;
  const wide = Math.max(6, Math.min(54, Math.ceil(Math.sqrt(hosts.length * 1.6))));
  const step = size + Math.max(2, Math.round(size / 6)), tiles = [];
  let here = -1, colour = "";
  const words = h("span", { class: "read", "aria-live": "polite" });
  const figures = [...clusters].map(([name, numbers]) => {
    const columns = Math.min(wide, numbers.length), lines = Math.ceil(numbers.length / columns);
    const box = { width: columns * step, height: lines * step, viewBox: `0 0 ${columns * step} ${lines * step}`, "aria-hidden": "true" };
    return h("figure", {}, h("figcaption", {}, name ? h("bdi", {}, name) : "hosts", ` ${grouped(numbers.length)}`),
      s("svg", box, numbers.map((number, at) => {
        tiles[number] = s("rect", { "data-host": number, x: (at % columns) * step + 1, y: Math.floor(at / columns) * step + 1,
          width: size, height: size, rx: size / 5 });
        return tiles[number];
      })));
  });
  const order = [...clusters.values()].flat();
  const select = h("select", { "aria-label": "Colour of the map", change: () => { colour = select.value; paint(); } },
    h("option", { value: "" }, "Worst finding"), states.map((state) => h("option", { value: state }, state)));
  const map = h("div", { class: "map", tabindex: 0, role: "application", "aria-roledescription": "map of hosts",
    "aria-label": "Map of the hosts. Arrow keys move, Enter opens a host.",
    keydown: move, click: (event) => { const at = event.target.dataset.host; if (at !== undefined) open(hosts[at].host); },
    pointerover: (event) => { const at = event.target.dataset.host; if (at !== undefined) point(Number(at)); } }, figures);
  const legend = h("p", { class: "legend" });
  const element = section("map", "Map", "", map, legend);
  element.querySelector(".head").append(h("span", { class: "end" }, select));

  function point(number) {
    if (here >= 0) tiles[here].classList.remove("here");
    here = number;
    tiles[here].classList.add("here");
    const host = hosts[here], finding = host.findings[0];
    const text = colour ? `${grouped(host.states[colour] || 0)} in ${colour}` : finding ? finding.title : "nothing found";
    words.textContent = visible(`${host.host}: ${text}`);
  }
  function move(event) {
    const at = order.indexOf(here);
    const steps = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: wide, ArrowUp: -wide, Home: -Infinity, End: Infinity };
    if (event.key === "Enter" && here >= 0) return open(hosts[here].host);
    if (!(event.key in steps)) return undefined;
    event.preventDefault();
    return point(order[Math.max(0, Math.min(order.length - 1, at + steps[event.key]))]);
  }
  const sample = (kind, text) => h("span", {}, s("svg", { width: 12, height: 12, "aria-hidden": "true" }, s("rect", { class: kind, width: 12, height: 12, rx: 3 })), text);
  function paint() {
    tiles.forEach((tile, number) => {
      const kind = colour ? `heat-${heat(colour, hosts[number].states[colour])}` : hosts[number].severity;
      tile.setAttribute("class", `${kind}${tile.classList.contains("off") ? " off" : ""}`);
    });
    const counts = report.summary.severities;
    const kinds = Object.keys(WORDS).filter((kind) => counts[kind]).map((kind) => sample(kind, `${WORDS[kind]} ${grouped(counts[kind])}`));
    legend.replaceChildren(...(colour ? [sample("heat-0", "0"), sample("heat-1", "few"), sample("heat-5", grouped(highest.get(colour)))] : kinds), words);
  }
  paint();
  return { element, update: (matches) => tiles.forEach((tile, number) => tile.classList.toggle("off", !matches[number])) };
}

const BATCH = 80;
const COLUMNS = [
  { id: "host", name: "Host", compare: (a, b) => numberOf.get(a.host) - numberOf.get(b.host) },
  { id: "groups", name: "Groups", kind: "groups", compare: (a, b) => a.groups.join().localeCompare(b.groups.join()) },
  { id: "finding", name: "Worst finding", high: true, compare: (a, b) => RANK[a.severity] - RANK[b.severity] },
  { id: "drift", name: "Drift", kind: "number", high: true, compare: (a, b) => a.drift.length - b.drift.length },
  { id: "boot", name: "At boot", kind: "number", high: true, compare: (a, b) => a.next_boot.length - b.next_boot.length },
  { id: "sockets", name: "Sockets", kind: "number", high: true, compare: (a, b) => (a.sockets || 0) - (b.sockets || 0) },
  ...states.map((state) => ({ id: state, name: state, kind: "number state", high: true, compare: (a, b) => (a.states[state] || 0) - (b.states[state] || 0) })),
];

/** Return the table of the hosts. Rows are added as the reader comes near their end. */
function hostsSection() {
  let sorted = { id: "finding", down: true }, rows = [], matches = [];
  const body = h("tbody"), none = empty("No host matches the filters.");
  const heads = COLUMNS.map((column) => h("th", { scope: "col", class: column.kind },
    h("button", { type: "button", click: () => sort(column) }, column.name)));
  const more = h("button", { type: "button", click: () => add(BATCH) });
  const foot = h("div", { class: "more" }, more);
  const element = section("hosts", "Hosts", "The stronger the colour of a cell, the more sockets in that state compared with other hosts.",
    h("div", { class: "sheet" }, h("table", { class: "list stack", "aria-label": "Hosts" },
      h("thead", {}, h("tr", {}, heads)), body), foot), none);
  new IntersectionObserver((seen) => { if (seen.some((each) => each.isIntersecting)) add(BATCH); }, { rootMargin: "400px" }).observe(foot);

  function sort(column) {
    sorted = { id: column.id, down: sorted.id === column.id ? !sorted.down : Boolean(column.high) };
    draw();
  }
  function draw() {
    const column = COLUMNS.find((each) => each.id === sorted.id), sign = sorted.down ? -1 : 1;
    rows = hosts.filter((_, number) => matches[number]);
    rows.sort((a, b) => sign * column.compare(a, b) || numberOf.get(a.host) - numberOf.get(b.host));
    heads.forEach((head, at) => {
      if (COLUMNS[at].id === sorted.id) head.setAttribute("aria-sort", sorted.down ? "descending" : "ascending");
      else head.removeAttribute("aria-sort");
    });
    body.replaceChildren();
    none.hidden = rows.length > 0;
    add(BATCH);
  }
  function add(number) {
    const from = body.childElementCount;
    body.append(...rows.slice(from, from + number).map(hostRow));
    const left = rows.length - body.childElementCount;
    foot.hidden = left <= 0;
    more.textContent = `Show more (${grouped(left)} left)`;
  }
  return { element, add, update: (found) => { matches = found; draw(); }, first: () => rows[0] };
}

function hostRow(host) {
  const worst = host.findings[0];
  const count = (value, kind = "number", label = null) => h("td", { class: `${kind}${value ? "" : " zero"}`, "data-label": label }, value === null ? "–" : grouped(value || 0));
  return h("tr", {},
    h("th", { scope: "row" }, hostLink(host.host)),
    h("td", { class: "groups wrap" }, host.groups.join(", ")),
    h("td", { class: "what" }, worst ? h("span", { class: "wrap" }, badge(host.severity), " ", worst.title) : badge("none"),
      h("span", { class: "phone" }, Object.entries(host.states).filter(([state]) => state !== "LISTEN").sort((a, b) => b[1] - a[1]).slice(0, 3)
        .map(([state, number]) => `${state} ${grouped(number)}`).join(", "))),
    count(host.drift.length, "number", host.drift.length ? "Drift" : null),
    count(host.next_boot.length, "number", host.next_boot.length ? "At boot" : null),
    count(host.sockets, "number", "Sockets"),
    states.map((state) => count(host.states[state], `number state heat-${heat(state, host.states[state])}`)));
}
