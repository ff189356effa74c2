# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page in a browser: what it shows, its links, widths, schemes and print."""

from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.tests.unit.support import report_fleets
from selenium.webdriver.common.keys import Keys

from tests.report.pages import HEADING, document, incident_document, page

WIDTHS = (360, 414, 768, 1024, 1440, 1920)


def overflow(browser) -> int:
    """Return by how many pixels the page is wider than the window."""
    return browser.run("return document.documentElement.scrollWidth - innerWidth")


def visible_hosts(browser) -> list[str]:
    return browser.texts("#hosts tbody th")


def test_the_first_screen_says_what_is_wrong_what_drifted_and_what_the_next_boot_changes(browser, site):
    browser.open(site)
    first = browser.one(".first")
    text = " ".join(first.text.split())

    assert "9 of 40 hosts have critical findings." in text
    assert "Hosts 37 of 40 read 2 unreachable, 1 failed" in text
    assert "Drift now 2 hosts" in text
    assert "Next boot 13 hosts" in text
    assert browser.run("return arguments[0].getBoundingClientRect().bottom < innerHeight", first)
    assert browser.violations() == []


def test_hosts_that_share_a_cause_share_a_card(browser, site):
    browser.open(site)
    titles = browser.texts("#causes h3")
    assert len(titles) == 4
    card = browser.one("#causes .card:nth-child(2)")
    assert "connections in CLOSE_WAIT that app (app.service) does not close" in card.text
    assert "web3 web4 web17" in " ".join(card.text.split())
    # Its link leaves the three hosts.
    browser.one("#causes .card:nth-child(2) a.count").click()
    browser.wait(lambda: visible_hosts(browser) == ["web3", "web4", "web17"])


def test_a_fault_that_two_hosts_see_names_the_service_that_causes_it(browser):
    browser.open(page(incident_document()))
    (card,) = browser.texts("#causes .card")
    assert "Caused by app.service on web3" in card
    other = next(name for name in visible_hosts(browser) if name != "web3")
    browser.go(f"#host={other}")
    browser.wait(lambda: browser.texts("#host h1") == [other])
    assert "Because of: " in browser.one("#host-findings").text
    assert browser.texts("#host-findings .names a") == ["web3"]


@pytest.mark.parametrize("address", ["", "#host=web3"])
def test_charts_and_figures_fit_a_phone(browser, site, address):
    browser.open(site, address, width=390)
    wider = "return [...document.querySelectorAll('.panel')].filter((each) => each.scrollWidth > each.clientWidth)"
    assert browser.run(f"{wider}.map((each) => each.innerText)") == []


@pytest.mark.parametrize("width", WIDTHS)
def test_no_width_scrolls_sideways(browser, site, width):
    browser.open(site, width=width)
    assert overflow(browser) <= 0
    browser.run("for (const each of document.querySelectorAll('details')) each.open = true")
    assert overflow(browser) <= 0
    browser.go("#host=web3")
    browser.wait(lambda: browser.texts("#host h1") == ["web3"])
    assert overflow(browser) <= 0


def test_the_window_may_change_its_width(browser, site):
    browser.open(site, width=1440)
    browser.size(360, 800)
    browser.wait(lambda: browser.run("return innerWidth") == 360)
    assert overflow(browser) <= 0


def test_dark_and_light(browser, site):
    lightness = """
        const [red, green, blue] = getComputedStyle(document.body)[arguments[0]].match(/\\d+/g).map(Number);
        return (red + green + blue) / 765"""
    browser.open(site)
    assert browser.run(lightness, "backgroundColor") > 0.9 > 0.2 > browser.run(lightness, "color")
    browser.media(dark=True)
    assert browser.run(lightness, "backgroundColor") < 0.15 < 0.85 < browser.run(lightness, "color")


def test_text_has_enough_contrast(browser, site):
    for dark in (False, True):
        browser.open(site, dark=dark)
        assert browser.run(CONTRAST) == []


def test_print(browser, site):
    browser.open(site, dark=True)
    browser.media(dark=True, medium="print")
    browser.run("dispatchEvent(new Event('beforeprint'))")

    assert browser.run("return getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert browser.texts("#filters input") == []
    assert len(visible_hosts(browser)) == 37
    assert all(browser.run("return [...document.querySelectorAll('details')].map((each) => each.open)"))
    pdf = browser.driver.execute_cdp_cmd("Page.printToPDF", {"printBackground": True})["data"]
    assert len(pdf) > 20_000


def test_a_link_names_a_host(browser, site):
    browser.open(site, "#host=web3")
    assert browser.texts("#host h1") == ["web3"]
    assert browser.driver.title == "web3 – TCP report"
    assert "CLOSE_WAIT" in browser.one("#host-findings").text
    assert browser.one("#host-timeline svg").is_displayed()
    browser.one("#back").click()
    browser.wait(lambda: browser.one("#overview").is_displayed())


@pytest.mark.parametrize(
    ("name", "text"), [("nosuch", "no host of that name"), ("db7", "no Python interpreter"), ("%E0%A4%A", "no host")]
)
def test_a_link_names_a_host_that_was_not_read(browser, site, name, text):
    browser.open(site, f"#host={name}")
    assert text in browser.one("#host").text
    assert browser.violations() == []


def test_a_link_has_filters(browser, site):
    browser.open(site, "#group=web&severity=critical&q=close_wait%20APP")
    assert visible_hosts(browser) == ["web3", "web4", "web17"]
    assert browser.one("#matches").text == "3 of 37 hosts"
    assert len(browser.texts("#causes h3")) == 1
    browser.one("#clear").click()
    browser.wait(lambda: len(visible_hosts(browser)) == 37)


def test_the_filter_stays_while_a_host_is_read(browser, site):
    browser.open(site, "#group=proxy")
    browser.one("#hosts tbody a").click()
    browser.wait(lambda: browser.texts("#host h1"))
    browser.one("#back").click()
    browser.wait(lambda: len(visible_hosts(browser)) == 4)


def test_the_table_is_sorted_by_each_column(browser, site):
    browser.open(site)
    assert visible_hosts(browser)[0] == "web3" or visible_hosts(browser)[0] == "proxy1"
    head = browser.one("#hosts th:nth-child(6) button")
    assert head.text == "Sockets"
    head.click()
    numbers = [int(text.replace(",", "")) for text in browser.texts("#hosts td[data-label=Sockets]")]
    assert numbers == sorted(numbers, reverse=True)
    head.click()
    assert browser.run("return arguments[0].parentElement.getAttribute('aria-sort')", head) == "ascending"
    browser.one("#hosts th:nth-child(1) button").click()
    names = visible_hosts(browser)
    assert names.index("web2") < names.index("web10")


def test_the_map_shows_states_too(browser, site):
    browser.open(site)
    assert len(browser.run("return [...document.querySelectorAll('#map .map rect.critical')]")) == 9
    browser.run(
        "const s = document.querySelector('#map select'); s.value = 'CLOSE_WAIT'; s.dispatchEvent(new Event('change'))"
    )
    assert len(browser.run("return [...document.querySelectorAll('#map .map rect.heat-5')]")) == 3


def test_keyboard(browser, site):
    browser.open(site)
    browser.keys("/")
    assert browser.run("return document.activeElement.id") == "search"
    browser.keys("w", "e", "b", "1", "7")
    assert visible_hosts(browser) == ["web17"]
    assert browser.run("return location.hash") == "#q=web17"
    browser.keys(Keys.ENTER)
    browser.wait(lambda: browser.texts("#host h1") == ["web17"])
    browser.keys(Keys.ESCAPE)
    browser.wait(lambda: browser.one("#overview").is_displayed())
    browser.keys(Keys.ESCAPE)
    browser.wait(lambda: len(visible_hosts(browser)) == 37)


def test_every_link_and_field_is_reached_by_tab(browser, site):
    browser.open(site)
    reached = set()
    for _each in range(12):
        browser.keys(Keys.TAB)
        reached.add(browser.run("return document.activeElement.id || document.activeElement.className"))
    assert {"skip", "search", "group", "severity", "map"} <= reached
    assert any(name.startswith("tile") for name in reached)


def test_the_map_is_moved_through_by_arrow_keys(browser, site):
    browser.open(site)
    browser.run("document.querySelector('.map').focus()")
    browser.keys(Keys.ARROW_RIGHT, Keys.ARROW_RIGHT)
    assert browser.one("#map .read").text == "db2: nothing found"
    browser.keys(Keys.END, Keys.HOME, Keys.ENTER)
    browser.wait(lambda: browser.texts("#host h1") == ["db1"])


def test_the_timeline_marks_and_lists_the_values_that_changed(browser, site):
    browser.open(site)
    texts = "return [...document.querySelectorAll('#timeline .marked')].map((each) => each.textContent)"
    assert browser.run(texts) == ["1", "2"]
    lines = browser.run("return [...document.querySelectorAll('#timeline .mark')].map((each) => each.x1.baseVal.value)")
    assert lines == sorted(lines)
    first, second = (" ".join(text.split()) for text in browser.texts("#timeline .changes > li"))
    assert first == "08:40 net.ipv4.tcp_tw_reuse 2 → 0"
    assert second == "09:00 net.ipv4.tcp_fin_timeout 60 → 30 net.ipv4.tcp_tw_reuse 0 → 1"


def test_a_trial_shows_each_candidate_and_marks_the_changes(browser, site):
    browser.open(site)
    rows = [" ".join(text.split()) for text in browser.texts("#trial tr")]
    assert "2 33 1,068 -1,035 (-97 %) ±22.2 better yes the best; kept until the next reboot" in rows
    assert any(row.startswith("3 66.5 1,070 -1,004 (-94 %) ±22.2 better no better, but 2 is the best") for row in rows)
    (change,) = browser.texts("#trial .changes > li")
    assert " ".join(change.split()) == "09:30:20 net.ipv4.tcp_tw_reuse 0 → 2"
    assert "gone1 unreachable: no route" in " ".join(browser.one("#trial").text.split())
    browser.go("#host=web1")
    browser.wait(lambda: browser.texts("#host h1") == ["web1"])
    assert browser.one("#host-trial svg.timeline").is_displayed()
    assert browser.violations() == []


def test_the_hosts_of_a_trial_are_added_a_few_at_a_time(browser):
    trials = [report_fleets.trial(f"other{number}")["hosts"][0] for number in range(1, 13)]
    browser.open(page(document({"hosts": [], "missing": []}, HEADING, tried={"hosts": trials, "missing": []})))
    counts = []
    while True:
        counts.append(len(browser.texts("#trial h3")))
        if not browser.texts("#trial .more button"):
            break
        browser.one("#trial .more button").click()
    assert counts == [5, 10, 12]
    # The report does not have these hosts.
    assert browser.texts("#trial h3 a") == []


def test_the_timeline_is_read_by_arrow_keys(browser, site):
    browser.open(site, "#host=web3")
    read = "return document.querySelector('#host-timeline .timeline').getAttribute('aria-valuetext')"
    assert browser.run(read).startswith("09:29")
    browser.run("document.querySelector('#host-timeline .timeline').focus()")
    browser.keys(Keys.HOME, Keys.ARROW_RIGHT, Keys.PAGE_UP, Keys.PAGE_DOWN)
    assert browser.run(read).startswith("08:30:10: CLOSE_WAIT ")
    browser.keys(Keys.TAB)
    assert browser.run(read).startswith("09:29")


def test_fields_and_tables_have_names(browser, site):
    browser.open(site)
    assert browser.run(NAMELESS) == []
    levels = browser.run("return [...document.querySelectorAll('h1, h2, h3')].map((each) => Number(each.tagName[1]))")
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in zip(levels, levels[1:]))


def test_without_javascript_the_first_screen_is_complete(browser, site):
    browser.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        browser.open(site)
        assert "9 of 40 hosts have critical findings." in browser.one("#headline").text
        assert "needs JavaScript" in browser.one("noscript").text
    finally:
        browser.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


NAMELESS = """
return [...document.querySelectorAll("input, select, button, table, svg[role]")]
  .filter((each) => !(each.labels?.length || each.getAttribute("aria-label") || each.textContent.trim()))
  .map((each) => each.outerHTML);
"""
# The texts whose contrast to the first opaque background behind them is below 4.5.
CONTRAST = """
const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
const rgba = (colour) => {
  canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
  return [...canvas.getImageData(0, 0, 1, 1).data];
};
const luminance = ([red, green, blue]) => [red, green, blue].map((part) => part / 255)
  .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
  .reduce((sum, part, at) => sum + part * [0.2126, 0.7152, 0.0722][at], 0);
const behind = (element) => {
  const layers = [];
  for (let each = element; each; each = each.parentElement) {
    layers.unshift(rgba(getComputedStyle(each).backgroundColor));
  }
  return layers.reduce((below, [red, green, blue, alpha]) =>
    [red, green, blue].map((part, at) => part * (alpha / 255) + below[at] * (1 - alpha / 255)), [255, 255, 255]);
};
const poor = new Set();
for (const element of document.querySelectorAll("body *")) {
  const text = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
  if (!text || !element.offsetParent || element.closest(".zero")) continue;
  const [one, other] = [luminance(rgba(getComputedStyle(element).color)), luminance(behind(element))];
  const contrast = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
  if (contrast < 4.5) poor.add(element.tagName + "." + element.className + " " + contrast.toFixed(2));
}
return [...poor];
"""
