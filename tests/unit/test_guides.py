# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The guides name the thresholds, verdicts and variables of the code, and show what it prints."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from ansible_collections.nettune.tcp.plugins.filter import sysctl_lint
from ansible_collections.nettune.tcp.plugins.module_utils._diagnosis.engine import diagnose
from ansible_collections.nettune.tcp.plugins.module_utils._diagnosis.rules import NOTES, RULES
from ansible_collections.nettune.tcp.plugins.plugin_utils.lint import engine
from ansible_collections.nettune.tcp.plugins.plugin_utils.lint.row import SEVERITY, VERDICTS
from ansible_collections.nettune.tcp.plugins.plugin_utils.screens import findings, lint
from ansible_collections.nettune.tcp.plugins.plugin_utils.screens.run import Run
from ansible_collections.nettune.tcp.tests.unit.support.diagnosed import host, queue

ROOT = Path(__file__).parents[2]
GUIDES = ROOT / "docs/docsite/rst"


def guide(name):
    return (GUIDES / f"guide_{name}.rst").read_text()


def rows(text):
    """Return the rows of all list tables."""
    return [row.split("\n\n")[0] for row in text.split("\n   * - ")[1:]]


def thresholds(text):
    return {name: float(value) for name, value in re.findall(r"``(\w+)`` (\d[\d.]*)", text)}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_thresholds_of_rules(rule):
    row = next((row for row in rows(guide("diagnosing")) if f"``{rule.id}``" in row.split("\n")[0]), None)
    assert row, "describe the rule in tests/thresholds/table.py"
    assert thresholds(row) == rule.thresholds, "name all thresholds in tests/thresholds/table.py"


@pytest.mark.parametrize("note", NOTES, ids=lambda note: note.id)
def test_thresholds_of_notes(note):
    paragraph = next(text for text in guide("diagnosing").split("\n\n") if text.startswith("Notes need no action."))
    own = re.search(rf"``{note.id}``(?: \((.*?)\))?:", paragraph)
    assert own, "describe the note in tests/thresholds/table.py"
    assert thresholds(own[1] or "") == note.thresholds


def test_verdicts_of_the_linter_in_their_order():
    named = [row[2:].partition("``")[0] for row in rows(guide("lint")) if row.startswith("``")]
    assert named == list(VERDICTS)


@pytest.mark.parametrize("verdict", VERDICTS)
def test_severity_of_verdicts(verdict):
    row = next(row for row in rows(guide("lint")) if row.startswith(f"``{verdict}``"))
    assert row.split("\n     - ")[1] == SEVERITY[verdict]
    documented = yaml.safe_load(sysctl_lint.RETURN)["_value"]["contains"]["severity"]["description"]
    assert [text.split(" for ")[0] for text in documented if f"V({verdict})" in text.split(" for ")[1]] == [
        f"V({SEVERITY[verdict]})"
    ]


LEAK = host(
    states__CLOSE_WAIT=812,
    states__ESTABLISHED=96,
    states__TIME_WAIT=0,
    ports=[{"port": 8080, "states": {"CLOSE_WAIT": 812}}],
    peers__CLOSE_WAIT=[{"address": "192.0.2.10", "count": 640}, {"address": "192.0.2.11", "count": 172}],
    processes=[
        {
            "pid": 711,
            "name": "java",
            "unit": "shop.service",
            "listens": [8080],
            "descriptors": 980,
            "nofile": {"soft": 1024, "hard": 524288},
            "ghosts": 0,
            "states": {"ESTABLISHED": 96, "CLOSE_WAIT": 812, "LISTEN": 1},
            "lingering": {"CLOSE_WAIT": 805},
        }
    ],
    rates__processes=[{"pid": 711, "descriptors": 1.4, "states": {"CLOSE_WAIT": 1.4}}],
    queues__CLOSE_WAIT={**queue(), "recv_q": {"bytes": 812, "sockets": 812}},
    listeners=[{"address": "0.0.0.0", "port": 8080, "backlog": 128, "queued": 129}],
)


def test_card_in_the_guide_is_what_diagnose_prints():
    ports = [{"port": 80, "states": {"TIME_WAIT": 20311}}]
    waiting = host(states__TIME_WAIT=20311, time_wait__count=20311, ports=ports)
    hosts = {"web1": LEAK, "web2": waiting, "web3": host(), "mail1": host()}
    missing = [{"host": "db1", "unreachable": True, "reason": "Connection timed out"}]
    fleet = {"hosts": [{"host": name, **diagnose(facts)} for name, facts in hosts.items()], "missing": missing}
    printed = "\n".join(f"    {line.text}".rstrip() for line in findings.cards(fleet, width=100))
    assert printed in guide("diagnosing"), f"show this in guide_diagnosing.rst:\n{printed}"


SYSCTL_CONF = """\
net.ipv4.tcp_tw_reuse = 1
net.ipv4.tcp_tw_recycle = 1
net.ipv4.tcp_syncookies = 0
net.ipv4.tcp_fin_timeout = 30
net.ipv4.tcp_max_tw_buckets = 5000
"""


def linted(text):
    found = engine.check(text, name="sysctl.conf")
    others = [{"line": number, "text": one} for number, one in found.others]
    return {
        "settings": found.rows,
        "comments": found.comments,
        "other_lines": others,
        "other_line_count": found.other_lines,
    }


def lint_screen():
    hostvars = {"localhost": {"linted": linted(SYSCTL_CONF)}}
    options = {"nettune_file": "/etc/sysctl.conf", "nettune_fail_on": []}
    run = Run(hostvars, ["localhost"], [], width=100, args={"registered": "linted", "options": options})
    return "\n".join(f"    {line.text}".rstrip() for line in lint.draw(run).lines)


def test_report_in_the_guide_is_what_lint_prints():
    assert lint_screen() in guide("lint"), f"show this in guide_lint.rst:\n{lint_screen()}"


@pytest.mark.parametrize("path", sorted(GUIDES.glob("guide_*.rst")), ids=lambda path: path.stem)
def test_variables_exist(path):
    options = ROOT / "plugins/plugin_utils/options/rows.py"
    sources = [*ROOT.glob("playbooks/*.yml"), *ROOT.glob("roles/*/meta/argument_specs.yml"), options]
    code = "\n".join(source.read_text() for source in sources)
    named = set(re.findall(r"""-e '?(?:\{")?(\w+)|``(tuning_\w+|million_connections_\w+)""", path.read_text()))
    assert [name for pair in named for name in pair if name and not re.search(rf"\b{name}\b", code)] == []
