# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import re

import pytest
from ansible_collections.nettune.tcp.plugins.plugin_utils.metrics import text
from ansible_collections.nettune.tcp.plugins.plugin_utils.metrics.metric import COUNTER, GAUGE
from ansible_collections.nettune.tcp.plugins.plugin_utils.metrics.series import Series, of_host, of_missing
from ansible_collections.nettune.tcp.plugins.plugin_utils.metrics.table import METRICS
from ansible_collections.nettune.tcp.tests.unit.support import diagnosed

# Of a line of the format: name, labels, value.
LINE = re.compile(r'(nettune_tcp_[a-z_]+)\{((?:[a-z]+="(?:[^"\\\n]|\\[\\"n])*",?)+)\} (-?[0-9.e+-]+)\n')
HOSTILE = 'a"} 1\nevil{x="\\'


def test_a_metric_is_described_once_and_before_its_series() -> None:
    facts = diagnosed.host()
    found = text.render([*of_host({"host": "web1", "facts": facts}), *of_host({"host": "web2", "facts": facts})])
    lines = found.split("\n")
    assert lines[:4] == [
        "# HELP nettune_tcp_up Whether the facts of the host could be gathered",
        "# TYPE nettune_tcp_up gauge",
        'nettune_tcp_up{host="web1"} 1',
        'nettune_tcp_up{host="web2"} 1',
    ]
    described = [line.split()[2] for line in lines if line.startswith("# TYPE")]
    assert described == list(dict.fromkeys(described))
    assert found.endswith("\n")


@pytest.mark.parametrize(
    ("label", "written"),
    [
        ("nginx", "nginx"),
        ('a"b', 'a\\"b'),
        ("a\\b", "a\\\\b"),
        ("a\nb", "a\\nb"),
        ("größe", "größe"),
        ("\x1b[31m", "\\\\x1b[31m"),
        ("\0", "\\\\x00"),
        ("\udce9", "\\\\udce9"),
        ("{}", "{}"),
    ],
)
def test_labels_are_escaped(label: str, written: str) -> None:
    assert text.escaped(label) == written


def test_hostile_names_stay_within_their_quotes() -> None:
    process = {"pid": 1, "name": HOSTILE, "unit": HOSTILE, "descriptors": 2, "soft": 9}
    row = {"host": HOSTILE, "facts": diagnosed.host(nofile__processes=[process])}
    found = text.render([*of_host(row), *of_missing("\udc80")])
    found.encode("utf-8")
    for line in found.splitlines(keepends=True):
        assert line.startswith("# ") or LINE.fullmatch(line), line


@pytest.mark.parametrize(
    ("value", "written"), [(0, "0"), (True, "1"), (2**63 - 1, "9223372036854775807"), (0.25, "0.25"), (3.0, "3")]
)
def test_numbers(value: float, written: str) -> None:
    assert text.number(value) == written


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.name)
def test_names_follow_the_conventions(metric) -> None:
    assert re.fullmatch(r"nettune_tcp(_[a-z]+)+", metric.name)
    assert metric.kind == (COUNTER if metric.name.endswith("_total") else GAUGE)
    assert metric.help[0].isupper()
    assert not metric.help.endswith(".")
    assert "host" not in metric.labels
    names = {each.name for each in METRICS}
    assert (
        not metric.name.endswith("_limit")
        or metric.name[: -len("_limit")] in names
        or metric.name
        in (
            "nettune_tcp_accept_queue_limit",
            "nettune_tcp_ephemeral_ports_limit",
        )
    )
    line = text.render([Series(metric, ("web1", *metric.labels), 1)]).splitlines(keepends=True)[-1]
    assert LINE.fullmatch(line)


def test_each_name_is_used_once() -> None:
    assert len({metric.name for metric in METRICS}) == len(METRICS)
