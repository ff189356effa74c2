# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A report of 5,000 hosts: size of the page, first paint, and search while typing."""

from __future__ import annotations

import pytest

from tests.report import pages
from tests.report.pages import page

HOSTS = 5000
MEGABYTE = 1_000_000
TIMES = """
const paint = performance.getEntriesByName("first-contentful-paint")[0];
const loaded = performance.getEntriesByType("navigation")[0];
return [paint && paint.startTime, loaded.domContentLoadedEventEnd];
"""
TYPE = """
const search = document.getElementById("search"), began = performance.now();
search.value = arguments[0];
search.dispatchEvent(new Event("input"));
document.body.getBoundingClientRect();
return performance.now() - began;
"""


@pytest.fixture(scope="module")
def large() -> str:
    return page(pages.many_document(HOSTS))


def test_size(large):
    assert len(large.encode()) <= 10 * MEGABYTE


def test_first_paint_and_interaction_take_less_than_a_second(browser, large):
    best = [float("inf"), float("inf")]
    # The best of several times is that of the page, not of what else runs on the machine.
    for _each in range(4):
        browser.open(large)
        times = browser.wait(lambda: all(found := browser.run(TIMES)) and found)
        best = [min(pair) for pair in zip(best, times)]
    assert max(best) < 1000, f"first paint and interactive after {best} ms"
    assert browser.violations() == []


def test_search_while_typing(browser, large):
    browser.open(large)
    words = ("w", "we", "web", "web7", "web77", "close_wait", "no such host", "")
    slowest = [max(browser.run(TYPE, word) for word in words) for _each in range(3)]
    assert min(slowest) < 200, f"{slowest} ms for a key"


def test_rows_are_added_near_the_end(browser, large):
    browser.open(large)
    rows = "return document.querySelectorAll('#hosts tbody tr').length"
    first = browser.run(rows)
    assert 0 < first < 500
    browser.run("document.querySelector('#hosts .more').scrollIntoView()")
    browser.wait(lambda: browser.run(rows) > first)


def test_every_host_is_on_the_map_and_has_a_section(browser, large):
    browser.open(large, width=360)
    assert browser.run("return document.querySelectorAll('#map .map rect').length") == HOSTS
    assert browser.run("return document.documentElement.scrollWidth - innerWidth") <= 0
    last = browser.run("return JSON.parse(document.getElementById('data').textContent).hosts.at(-1).host")
    browser.go(f"#host={last}")
    browser.wait(lambda: browser.texts("#host h1") == [last])
