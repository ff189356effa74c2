# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json

import pytest
from ansible_collections.nettune.tcp.plugins.plugin_utils.lint import engine
from ansible_collections.nettune.tcp.plugins.plugin_utils.lint.row import OK as FINE
from ansible_collections.nettune.tcp.plugins.plugin_utils.lint.row import VERDICTS, more
from ansible_collections.nettune.tcp.plugins.plugin_utils.screens.line import CRITICAL, OK, WARNING, Line
from ansible_collections.nettune.tcp.plugins.plugin_utils.screens.lint import draw, lines, report
from ansible_collections.nettune.tcp.plugins.plugin_utils.screens.run import Run

TEXT = (
    "net.ipv4.tcp_tw_recycle = 1\n"
    + "# comment\n" * 9
    + "net.ipv4.tcp_synack_retries = 3\nnet.ipv4.tcp_syncookies = 0\nnet.core.txrehash = 0\n"
)
SETTINGS = engine.lint(TEXT)
ANY = [verdict for verdict in VERDICTS if verdict != FINE]


def run(fail_on=ANY, verbosity=0, output="table", **results):
    hostvars = {
        name: {"got": {"settings": result} if isinstance(result, list) else result} for name, result in results.items()
    }
    options = {"nettune_file": "/etc/sysctl.conf", "nettune_fail_on": fail_on, "nettune_format": output}
    return draw(Run(hostvars, list(hostvars), [], verbosity=verbosity, args={"registered": "got", "options": options}))


def test_settings_are_grouped_by_severity_and_have_suggestions():
    found = report(SETTINGS, width=200, details=False)
    assert found[0] == Line("CRITICAL", CRITICAL)
    assert found[1] == Line("  line 12  hazard: net.ipv4.tcp_syncookies = 0", CRITICAL)
    assert found[2].text.startswith("      ")
    assert found[3] == Line("      → net.ipv4.tcp_syncookies = 1")
    assert found[5:7] == [Line("WARNING", WARNING), Line("  line 1  removed: net.ipv4.tcp_tw_recycle = 1", WARNING)]
    assert found[-2:] == [Line("OK: lines 11, 13", OK), Line("")]


def test_details_have_remarks_on_settings_that_are_ok():
    found = report(SETTINGS, width=200, details=True)
    assert found[-5:-1] == [
        Line("OK", OK),
        Line("  line 11  net.ipv4.tcp_synack_retries = 3", OK),
        Line("      half-open connections last 15 s"),
        Line("  line 13  net.core.txrehash = 0", OK),
    ]


@pytest.mark.parametrize("width", [40, 80])
def test_a_report_fits_the_terminal(width):
    long = engine.lint("net.ipv4.ip_local_port_range = 1024 65000\n" + TEXT)
    assert max(len(each.text) for each in report(long, width=width, details=True)) <= width


def test_the_last_line_counts():
    assert run(localhost=SETTINGS).lines[-1] == Line("2 of 4 settings in sysctl.conf need fixing", CRITICAL)
    assert run(localhost=SETTINGS[:2]).lines[-1] == Line("1 of 2 settings in sysctl.conf needs fixing", WARNING)
    assert run(localhost=SETTINGS[1:2]).lines[-1] == Line("1 setting in sysctl.conf, ok", OK)
    assert lines([]) == ["no settings"]


def test_hosts_with_the_same_report_share_it():
    screen = run(**{f"web{number}": SETTINGS for number in range(1, 21)}, db1={"unreachable": True, "msg": "no route"})
    texts = [each.text for each in screen.lines]
    assert texts[0] == "web[1-20]:"
    assert texts.count("CRITICAL") == 1
    assert texts[-3:] == [
        "db1  unreachable: no route",
        "",
        "2 of 4 settings in sysctl.conf need fixing on 20 hosts; 1 host not checked",
    ]
    assert len(screen.failures) == 21


def test_hosts_with_other_reports():
    texts = [each.text for each in run(web1=SETTINGS, web2=SETTINGS[1:2]).lines]
    assert [text for text in texts if text.endswith(":")] == ["web1:", "web2:"]
    assert texts[-1] == "Settings in sysctl.conf need fixing on 1 of 2 hosts"


@pytest.mark.parametrize(
    ("fail_on", "expected"),
    [
        (ANY, "2 of 4 settings in /etc/sysctl.conf need fixing (see the report above)."),
        (["critical"], "1 of 4 settings in /etc/sysctl.conf matches nettune_fail_on (see the report above)."),
        (["removed"], "1 of 4 settings in /etc/sysctl.conf matches nettune_fail_on (see the report above)."),
        (["info", "typo"], None),
        ([], None),
    ],
)
def test_fail_on_takes_verdicts_and_severities(fail_on, expected):
    failure = run(fail_on, localhost=SETTINGS).failures.get("localhost")
    assert failure == (expected and {"msg": expected, "unreachable": False})


def test_a_file_without_settings_fails():
    screen = run(localhost=[])
    assert screen.failures["localhost"]["msg"] == "/etc/sysctl.conf contains no kernel parameter settings."
    assert screen.lines == [Line("No kernel parameter settings in sysctl.conf", CRITICAL)]


def test_json_and_rows():
    screen = run(output="json", localhost=SETTINGS)
    assert json.loads("\n".join(each.text for each in screen.lines)) == screen.document
    assert screen.document["hosts"] == [{"host": "localhost", "settings": SETTINGS}]
    assert screen.rows[0] == {"host": "localhost", **SETTINGS[0]}


def test_settings_that_are_not_listed_are_counted():
    rows = [*SETTINGS, more("removed", 40), more(FINE, 500)]
    assert run(localhost=rows).lines[-1] == Line("42 of 544 settings in sysctl.conf need fixing", CRITICAL)
    texts = [each.text for each in report(rows, width=200, details=False)]
    assert "  removed: and 40 more with this verdict, which are not listed" in texts
    assert "OK: lines 11, 13 and 500 more" in texts
    assert "  ok: and 500 more with this verdict, which are not listed" in [
        each.text for each in report(rows, width=200, details=True)
    ]


def test_other_lines_that_are_not_listed_are_counted():
    others = [{"line": number, "text": "x"} for number in range(12)]
    result = {"settings": SETTINGS, "comments": 9, "other_lines": others, "other_line_count": 20}
    few, many = ([each.text for each in run(verbosity=verbosity, localhost=result).lines] for verbosity in (0, 1))
    assert "  and 10 more (-v lists more of them)" in few
    assert "  and 8 more" in many
    assert "4 settings, 9 comments, 20 other lines" in few
