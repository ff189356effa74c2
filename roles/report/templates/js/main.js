// SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The address chooses what is shown: #host=web1, or filters such as #group=web&q=nginx. Everything else is an anchor.

const search = byId("search"), group = byId("group"), severity = byId("severity"), clear = byId("clear");
const open = (name) => { location.hash = addressOf({ host: name }); };
const hostsTable = hostsSection(), map = mapSection(open), causes = causesSection();
let filters = { ...ALL }, place = 0, shown = "";

// The map of a large fleet fills a screen.
const first = hosts.length > 300 ? [causes.element, map.element] : [map.element, causes.element];
byId("rest").append(...[
  ...(hosts.length ? first : [causes.element]), driftSection(), bootSection(), comparisonSection(), trialSection(), timelineSection(),
  hostsTable.element, missingSection()].filter(Boolean));
group.append(...report.groups.map((each) => h("option", { value: each.name }, `${each.name} (${grouped(each.hosts)})`)));
severity.append(...Object.keys(WORDS).map((name) => h("option", { value: name }, WORDS[name])));
for (const field of [search, group, severity]) field.disabled = false;

function route() {
  const words = new URLSearchParams(location.hash.slice(1).replace(/\+/g, "%2B"));
  const name = words.get("host"), isRoute = [...words.keys()].some((key) => key === "host" || key in ALL);
  if (name !== null) return showHost(name);
  const anchor = !isRoute && location.hash.length > 1 ? byId(location.hash.slice(1)) : null;
  const wasHost = shown;
  showOverview();
  if (anchor) return anchor.scrollIntoView();
  const wanted = Object.fromEntries(Object.keys(ALL).map((key) => [key, words.get(key) ?? ""]));
  if (isRoute || !wasHost) apply(isRoute ? wanted : { ...ALL });
  if (wasHost) scrollTo({ top: place, behavior: "instant" });
  else if (wanted.cause !== "") hostsTable.element.scrollIntoView();
  return undefined;
}

function showHost(name) {
  if (!shown) place = scrollY;
  shown = name;
  byId("overview").hidden = true;
  byId("host").replaceChildren(...hostSection(name).flat(9).filter(Boolean));
  byId("host").hidden = false;
  byId("back").href = addressOf(isFiltered(filters) ? filters : {});
  document.title = `${visible(name)} – ${visible(report.title)}`;
  scrollTo({ top: 0, behavior: "instant" });
  byId("host").querySelector("h1").focus({ preventScroll: true });
}

function showOverview() {
  shown = "";
  byId("host").hidden = true;
  byId("host").replaceChildren();
  byId("overview").hidden = false;
  document.title = visible(report.title);
}

function apply(wanted) {
  filters = wanted;
  if (search.value !== wanted.q) search.value = wanted.q;
  group.value = wanted.group;
  severity.value = wanted.severity;
  const matches = matching(filters), filtered = isFiltered(filters);
  const number = matches.filter(Boolean).length;
  hostsTable.update(matches);
  map.update(matches);
  causes.update(matches, filtered);
  byId("matches").textContent = filtered ? `${grouped(number)} of ${plural(hosts.length, "host")}` : "";
  clear.hidden = !filtered;
}

/** Apply the fields, and put them into the address without a step in the history for each key. */
function fieldsChanged() {
  if (shown) showOverview();
  apply({ ...filters, q: search.value, group: group.value, severity: severity.value });
  history.replaceState(null, "", addressOf(filters));
}

search.addEventListener("input", fieldsChanged);
group.addEventListener("change", fieldsChanged);
severity.addEventListener("change", fieldsChanged);
byId("filters").addEventListener("submit", (event) => {
  event.preventDefault();
  const first = hostsTable.first();
  if (isFiltered(filters) && first) open(first.host);
});
byId("filters").addEventListener("reset", (event) => {
  event.preventDefault();
  history.replaceState(null, "", "#");
  showOverview();
  apply({ ...ALL });
  search.focus();
});
addEventListener("keydown", (event) => {
  const typing = event.target.closest?.("input, select, textarea");
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    search.focus();
  } else if (event.key === "Escape" && shown) byId("back").click();
  else if (event.key === "Escape" && isFiltered(filters)) clear.click();
});
addEventListener("hashchange", route);
addEventListener("beforeprint", () => {
  hostsTable.add(1000);
  for (const each of document.querySelectorAll("details")) each.open = true;
});
apply({ ...ALL });
route();
