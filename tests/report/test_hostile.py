# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names that contain HTML, scripts or control characters are displayed and never executed."""

from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.tests.unit.support.report_fleets import HOSTILE
from selenium.common.exceptions import JavascriptException

# The address of a host's link is its name, encoded.
FOLLOW = """
const address = "#host=" + encodeURIComponent(arguments[0].toWellFormed());
[...document.querySelectorAll("#hosts tbody a")].find((each) => each.hash === address).click();
"""
COUNT = "return document.querySelectorAll(arguments[0]).length"


def test_nothing_is_executed_and_nothing_is_refused(browser, hostile):
    browser.open(hostile)
    assert browser.driver.title == "TCP report"
    assert browser.violations() == []
    assert browser.run(COUNT, "img") == 0
    assert browser.run(COUNT, "b") == 0
    assert browser.run(COUNT, "script") == 2
    assert (
        browser.run("return [...document.querySelectorAll('*')].some((each) => each.hasAttribute('onmouseover'))")
        is False
    )


def test_names_are_displayed(browser, hostile):
    browser.open(hostile)
    shown = browser.run("return [...document.querySelectorAll('#hosts tbody th bdi')].map((each) => each.textContent)")
    assert len(shown) == len(HOSTILE)
    assert '<img src=x onerror="document.title=1">' in shown
    assert "</script><script>document.title=1</script>" in shown
    assert "web\\u{202e}gnp.exe" in shown
    assert "\\u{0}\\u{1b}[31mred\\u{2028}line" in shown
    assert {"__proto__", "constructor", "{{ 7 * 7 }}${7*7}", "a&amp;b <b>bold</b>"} <= set(shown)


@pytest.mark.parametrize("number", range(len(HOSTILE)))
def test_each_host_has_its_section(browser, hostile, number):
    browser.open(hostile)
    name = HOSTILE[number]
    browser.run(FOLLOW, name)
    browser.wait(lambda: browser.texts("#host h1"))
    assert "CLOSE_WAIT" in browser.one("#host-findings").text
    assert len(browser.texts("#host-drift tbody tr")) == 1
    assert len(browser.texts("#host-trial tbody tr")) == 3
    assert browser.run("return document.documentElement.scrollWidth - innerWidth") <= 0
    assert browser.violations() == []


def test_names_are_found_and_filtered(browser, hostile):
    browser.open(hostile)
    browser.one("#search").send_keys('<img src=x onerror="')
    assert len(browser.texts("#hosts tbody th")) == 1
    assert browser.violations() == []


@pytest.mark.parametrize("width", [360, 1440])
def test_long_names_do_not_widen_the_page(browser, hostile, width):
    browser.open(hostile, width=width)
    assert browser.run("return document.documentElement.scrollWidth - innerWidth") <= 0


@pytest.mark.parametrize(
    "script",
    [
        "document.body.innerHTML = '<p>x</p>'",
        "document.body.insertAdjacentHTML('beforeend', '<p>x</p>')",
        "document.body.append(document.createRange().createContextualFragment('<p>x</p>'))",
    ],
)
def test_the_browser_refuses_html_from_text(browser, hostile, script):
    browser.open(hostile)
    with pytest.raises(JavascriptException, match="TrustedHTML"):
        browser.run(script)


@pytest.mark.parametrize(
    "script",
    [
        "const s = document.createElement('style'); s.append('body { color: red }'); document.body.append(s)",
        "const i = document.createElement('img'); i.src = 'http://127.0.0.1:9/x.png'; document.body.append(i)",
        "fetch('http://127.0.0.1:9/').catch(() => {})",
    ],
)
def test_the_policy_refuses_other_styles_and_the_network(browser, hostile, script):
    browser.open(hostile)
    browser.run(script)
    assert browser.wait(browser.violations)
