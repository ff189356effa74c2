# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keepalive that begins after the path has forgotten an idle connection."""

from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import InvalidOption
from ansible_collections.nettune.tcp.plugins.module_utils._diagnosis import rules_path
from ansible_collections.nettune.tcp.plugins.module_utils._diagnosis.engine import diagnose
from ansible_collections.nettune.tcp.plugins.plugin_utils.lint import rules_path as of_linter
from ansible_collections.nettune.tcp.tests.unit.support.diagnosed import found, host, queue

TRACKED = "net.netfilter.nf_conntrack_tcp_timeout_established"


def keepalive(time, conntrack=None, **changes):
    facts = host(sysctl__tcp_keepalive_time=time, **changes)
    if conntrack:
        facts["nettune_sysctl"]["keys"][TRACKED] = {"value": conntrack}
    return facts


@pytest.mark.parametrize(
    ("facts", "idle_timeout", "words"),
    [
        (keepalive("7200"), 350, ("keepalive_time is 7200", "the path forgets", "idle for 350 s", "makes it 300")),
        (keepalive("350"), 350, ("idle for 350 s",)),
        (keepalive("349"), 350, ()),
        (keepalive("7200"), 0, ()),
        (keepalive("7200", "432000"), 0, ()),
        (keepalive("7200", "3600"), 0, ("connection tracking on this host", "idle for 3600 s", "80 connections")),
        (keepalive("7200", "3600"), 350, ("the path forgets", "idle for 350 s")),
        (keepalive("7200", "3600", queues__ESTABLISHED=queue(off=400)), 0, ()),
        (keepalive(None), 350, ()),
        (
            {"states": {"ESTABLISHED": 9}, "sysctl": {"keys": {"net.ipv4.tcp_keepalive_time": {"value": 7200}}}},
            "240",
            ("240 s",),
        ),
    ],
)
def test_keepalive_that_begins_too_late_is_a_note(facts, idle_timeout, words):
    result = diagnose(facts, idle_timeout=idle_timeout)
    assert result["findings"] == []
    notes = [note["text"] for note in result["notes"] if note["id"] == "late_keepalive"]
    assert len(notes) == bool(words)
    assert all(word in notes[0] for word in words)


TIMEOUTS = {"rates__Tcp__PassiveOpens": 9.0, "rates__Tcp__EstabResets": 6.0, "rates__TcpExt__TCPAbortOnTimeout": 6.0}
IDLE = {"states__ESTABLISHED": 20000, "rates__Tcp__InSegs": 3.0, "queues__ESTABLISHED": queue(off=20000)}


@pytest.mark.parametrize(("finding", "changes"), [("resets", TIMEOUTS), ("idle_established", IDLE)])
def test_remedies_have_the_number(finding, changes):
    def remedies(time, **options):
        found_here = found(keepalive(time, **changes), **options)[finding]
        return [remedy["text"] for remedy in found_here["remedies"] if remedy["profile"] == "keepalive"]

    (generic,) = remedies("7200")
    (exact,) = remedies("7200", idle_timeout=350)
    assert "tuning_path_idle_timeout" in generic
    assert "350" not in generic
    assert "tcp_keepalive_time of 300" in exact
    assert "tuning_path_idle_timeout: 350" in exact
    assert len(remedies("300", idle_timeout=350)) == (finding == "idle_established")


@pytest.mark.parametrize("given", ["5m", True, -1, 3.5, [350]])
def test_timeouts_that_are_refused(given):
    with pytest.raises(InvalidOption, match="idle_timeout is .*; it must be a number of seconds"):
        diagnose(host(), idle_timeout=given)


def test_the_linter_suggests_the_same_time():
    assert [rules_path.in_time(timeout) for timeout in range(1, 1000)] == [
        of_linter.in_time(timeout) for timeout in range(1, 1000)
    ]
