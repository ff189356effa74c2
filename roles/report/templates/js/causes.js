// SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// A card for each cause, with the hosts that share it.

function causesSection() {
  const cards = report.causes.map(causeCard);
  const note = cards.length ? "One card for each cause, the most urgent first." : "";
  const none = empty("No finding matches the filters.");
  const element = section("causes", "Findings", note,
    cards.length ? h("div", { class: "cards" }, cards) : empty("Nothing found on the hosts that were read."), none);
  none.hidden = true;
  return {
    element,
    /** Leave the cards of the hosts that match. */
    update(matches, filtered) {
      let left = 0;
      report.causes.forEach((cause, number) => {
        const shown = !filtered || cause.hosts.some((name) => matches[numberOf.get(name)]);
        cards[number].hidden = !shown;
        left += shown;
      });
      none.hidden = left > 0 || !cards.length;
    },
  };
}

function causeCard(cause, number) {
  const only = cause.hosts.length > 1
    ? h("a", { class: "count", href: addressOf({ cause: number }) }, plural(cause.hosts.length, "host"))
    : h("span", { class: "count" }, "1 host");
  return h("article", { class: `card ${cause.severity}` },
    h("header", {}, badge(cause.severity), only),
    h("h3", { class: "wrap" }, cause.title),
    hostNames(cause.hosts),
    causedBy(cause),
    list("figures", cause.figures),
    advice(cause, report.causes.length < 3));
}

const causedBy = (cause) => cause.caused_by.map((text) => h("p", { class: "caused wrap" }, "Caused by ", h("strong", {}, text)));
const list = (kind, texts) => (texts.length ? h("ul", { class: kind }, texts.map((text) => h("li", {}, text))) : null);

/** Return what is known of a cause and what to do about it. */
function advice(cause, open) {
  const rows = [
    ["Why", list("", cause.why)],
    ["Who", list("", cause.who)],
    ["Leads to", list("", cause.effects)],
    ["Do", cause.remedies.length ? h("ol", {}, cause.remedies.map((text) => h("li", { class: "wrap" }, text))) : null],
    ["Do not", list("", cause.avoid)],
  ].filter(([, content]) => content);
  if (!rows.length) return null;
  return h("details", { open }, h("summary", {}, "Why, and what to do"),
    h("dl", { class: "advice wrap" }, rows.map(([label, content]) => [h("dt", {}, label), h("dd", {}, content)])));
}
