# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A report of 5,000 hosts: size of the page, first paint, and search while typing."""

from __future__ import annotations

import pytest

from tests.report import pages
from tests.report.pages import page

HOSTS = 5000
MEGABYTE = 1_000_000
TYPE = """
const search = document.getElementById("search");
search.value = arguments[0];
search.dispatchEvent(new Event("input"));
"""
PAINTED = "return performance.getEntriesByName('first-contentful-paint').map((each) => each.startTime)"


def cpu_time(browser) -> float:
    """Return the milliseconds that the page's thread has computed: what else runs on the machine does not count."""
    browser.run("document.body.getBoundingClientRect()")
    metrics = browser.driver.execute_cdp_cmd("Performance.getMetrics", {})["metrics"]
    return 1000 * next(one["value"] for one in metrics if one["name"] == "TaskDuration")


@pytest.fixture(scope="module")
def large() -> str:
    return page(pages.many_document(HOSTS))


def test_size(large):
    assert len(large.encode()) <= 10 * MEGABYTE


def test_first_paint_and_interaction_take_less_than_a_second(browser, large):
    browser.driver.execute_cdp_cmd("Performance.enable", {"timeDomain": "threadTicks"})
    browser.open(large)
    (first,) = browser.wait(lambda: browser.run(PAINTED))
    browser.wait(lambda: browser.run("return document.readyState") == "complete")
    assert first < 1000, f"first paint after {first:.0f} ms"
    assert cpu_time(browser) < 1000, f"interactive after {cpu_time(browser):.0f} ms of computing"
    assert browser.violations() == []


def test_search_while_typing(browser, large):
    browser.driver.execute_cdp_cmd("Performance.enable", {"timeDomain": "threadTicks"})
    browser.open(large)
    browser.wait(lambda: browser.run("return document.readyState") == "complete")
    words = ("w", "we", "web", "web7", "web77", "close_wait", "no such host", "")
    before = cpu_time(browser)
    for word in words:
        browser.run(TYPE, word)
        browser.run("document.body.getBoundingClientRect()")
    each = (cpu_time(browser) - before) / len(words)
    assert each < 150, f"{each:.0f} ms of computing for a key"


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
