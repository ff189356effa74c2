# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The pages of the documentation site: nothing is cut off, links lead somewhere, and the search finds words."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urldefrag

import pytest

HTML = Path(__file__).resolve().parents[2] / ".cache" / "docs" / "html"
PAGES = sorted(path.relative_to(HTML).as_posix() for path in HTML.rglob("*.html") if "_static" not in path.parts)
PHONE, DESKTOP = 390, 1440
# What is wider than the window and cannot be scrolled to, by its beginning.
_CUT_OFF = """
const cut = [];
const reachable = (each) => {
  for (let box = each; box && box !== document.body; box = box.parentElement) {
    if (["auto", "scroll"].includes(getComputedStyle(box).overflowX)) return true;
  }
  return false;
};
for (const each of document.querySelectorAll(".rst-content :is(table, pre, img, p, code)")) {
  const box = each.getBoundingClientRect();
  if (!box.width || box.right <= innerWidth + 1 || reachable(each)) continue;
  cut.push(each.tagName + ": " + each.innerText.slice(0, 60));
}
const wide = document.documentElement.scrollWidth;
if (wide > innerWidth + 1) cut.push("the page is " + wide + " wide");
return cut;
"""
# The contrast of text with the first opaque background behind it, for the worst paragraph, cell or heading.
_CONTRAST = """
const parts = (colour) => colour.match(/[\\d.]+/g).map(Number);
const light = (colour) => {
  const linear = (v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
  const [r, g, b] = parts(colour).slice(0, 3).map((v) => linear(v / 255));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const behind = (each) => {
  for (let box = each; box; box = box.parentElement) {
    const colour = getComputedStyle(box).backgroundColor;
    if ((parts(colour)[3] ?? 1) > 0.5) return colour;
  }
  return "rgb(255, 255, 255)";
};
let worst = [21, ""];
for (const each of document.querySelectorAll(".rst-content :is(h1, h2, p, td, pre, code, a)")) {
  if (!each.innerText.trim() || !each.getBoundingClientRect().width) continue;
  const pair = [getComputedStyle(each).color, behind(each)].map(light).sort((a, b) => b - a);
  const ratio = (pair[0] + 0.05) / (pair[1] + 0.05);
  if (ratio < worst[0]) worst = [ratio, each.tagName + ": " + each.innerText.slice(0, 60)];
}
return worst;
"""


def test_there_is_a_site() -> None:
    assert "index.html" in PAGES, "run `make docs` first"


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_nothing_is_cut_off(window: Any, width: int) -> None:
    window.size(width, 900)
    cut = {}
    for page in PAGES:
        window.driver.get((HTML / page).as_uri())
        found = window.run(_CUT_OFF)
        if found:
            cut[page] = found[:3]
    assert cut == {}


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_text_stands_out(window: Any, dark: bool) -> None:
    window.size(DESKTOP, 900)
    window.media(dark=dark)
    faint = {}
    for page in PAGES:
        window.driver.get((HTML / page).as_uri())
        ratio, where = window.run(_CONTRAST)
        if ratio < 3:
            faint[page] = f"{ratio:.1f} {where}"
    assert faint == {}


def test_the_search_finds_a_word(window: Any) -> None:
    window.driver.get(f"{(HTML / 'search.html').as_uri()}?q=CLOSE_WAIT")
    links = 'return [...document.querySelectorAll("#search-results li a")].map((each) => each.href)'
    window.wait(lambda: any("guide_diagnosing" in link for link in window.run(links)))


def test_every_link_within_the_site_leads_somewhere() -> None:
    identifiers = {page: set(re.findall(r'\bid="([^"]+)"', (HTML / page).read_text())) for page in PAGES}
    broken = []
    for page in PAGES:
        for link in re.findall(r'<a [^>]*href="([^"]+)"', (HTML / page).read_text()):
            file, fragment = urldefrag(link)
            if re.match(r"[a-z]+:|//", file):
                continue
            target = (HTML / page).parent / unquote(file) if file else HTML / page
            name = target.resolve().relative_to(HTML.resolve()).as_posix()
            if not target.exists() or (
                fragment and unquote(fragment) not in identifiers.get(name, {unquote(fragment)})
            ):
                broken.append(f"{page}: {link}")
    assert broken == []
