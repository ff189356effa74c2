// SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Elements are made one by one and get their text as text, so that no name can become HTML.

const SVG = "http://www.w3.org/2000/svg";
const byId = (id) => document.getElementById(id);
const plural = (number, what, more = `${what}s`) => `${grouped(number)} ${number === 1 ? what : more}`;
const grouped = (number) => number.toLocaleString("en-US");
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** Return the text with characters that would be invisible, or change the direction of what follows, as escapes. */
function visible(text) {
  return String(text).replace(INVISIBLE, (char) =>
    char === "\n" ? " " : `\\u{${char.codePointAt(0).toString(16)}}`);
}

/** Return an element. attributes: a function is an event listener. children: elements, text, or lists of them. */
function h(tag, attributes = {}, ...children) {
  return filled(document.createElement(tag), attributes, children);
}

function s(tag, attributes = {}, ...children) {
  return filled(document.createElementNS(SVG, tag), attributes, children);
}

function filled(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") element.addEventListener(name, value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  for (const child of children.flat(9)) {
    if (child === null || child === undefined || child === false || child === "") continue;
    element.append(child instanceof Node ? child : visible(child));
  }
  return element;
}

function section(id, title, note, ...children) {
  const head = h("div", { class: "head" }, h("h2", { id: `${id}-title` }, title), note && h("p", {}, note));
  return h("section", { class: "block", id, "aria-labelledby": `${id}-title` }, head, ...children);
}

const WORDS = { critical: "Critical", warning: "Warning", info: "Info", none: "Nothing found" };
const badge = (severity, text) => h("span", { class: `badge ${severity}` }, text || WORDS[severity]);
const hostLink = (name) => h("a", { href: addressOf({ host: name }) }, h("bdi", {}, name));
const empty = (text) => h("p", { class: "empty" }, text);

/** Return the hosts as links, the first few of them, with a button that shows the rest. */
function hostNames(names, most = 6) {
  const list = h("span", { class: "names" }, names.slice(0, most).map(hostLink));
  const rest = names.slice(most);
  if (rest.length) {
    const more = h("button", { type: "button", class: "link", click: () => {
      const next = rest.splice(0, 200).map(hostLink);
      more.before(...next);
      next[0].focus();
      more.textContent = `and ${grouped(rest.length)} more`;
      if (!rest.length) more.remove();
    } }, `and ${grouped(rest.length)} more`);
    list.append(more);
  }
  return list;
}

function addressOf(values) {
  const words = Object.entries(values).filter(([, value]) => value !== "" && value !== null && value !== undefined);
  return `#${words.map(([name, value]) => `${name}=${encodeURIComponent(String(value).toWellFormed?.() ?? value)}`).join("&")}`;
}

function table(columns, rows, options = {}) {
  const head = columns.map((column) => h("th", { scope: "col", class: column.kind }, column.name));
  const body = rows.map((row) => h("tr", {}, columns.map((column) => {
    const content = column.of(row);
    return h("td", { class: column.kind, "data-label": column.name }, content);
  })));
  return h("div", { class: "sheet" }, h("table", { class: "stack", "aria-label": options.label },
    h("thead", {}, h("tr", {}, head)), h("tbody", {}, body)));
}
