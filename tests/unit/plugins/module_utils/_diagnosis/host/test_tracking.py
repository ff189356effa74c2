# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import struct

from ansible_collections.nettune.tcp.plugins.module_utils._diagnosis.engine import diagnose
from ansible_collections.nettune.tcp.plugins.module_utils._diagnosis.host.tracking import Tracking
from ansible_collections.nettune.tcp.plugins.module_utils._host import netlink_answer
from ansible_collections.nettune.tcp.tests.unit.support.diagnosed import host

DROPS = struct.pack("=IHHII4xHH", 28, 0x0104, 2, 1, 0, 8, 10) + struct.pack("!I", 7)
DONE = struct.pack("=IHHIIi", 20, 3, 2, 1, 0, 0)


class Host:
    namespace = "the namespace"

    def __init__(self, text=None, *, tracked=True):
        self.text = text
        self.tracked = tracked

    def read_net(self, name):
        assert name == "stat/nf_conntrack"
        return self.text

    def sysctls(self, keys):
        return {key: "3" for key in keys if self.tracked}


def answer(monkeypatch, *chunks, error=None):
    """Have ctnetlink answer with chunks, or fail; return the list of its calls."""
    asked = []

    def dump(request, namespace, *, protocol):
        asked.append((namespace, protocol))
        if error:
            raise error
        yield from map(memoryview, chunks)

    monkeypatch.setattr(netlink_answer, "dump", dump)
    return asked


def test_counts_from_proc(monkeypatch):
    asked = answer(monkeypatch)
    assert Tracking(Host("found drop early_drop\n9 1 2\n9 3 4\n")).counts() == {"drop": 4, "early_drop": 6}
    assert asked == []


def test_counts_from_ctnetlink(monkeypatch):
    asked = answer(monkeypatch, DROPS, DROPS + DONE)
    assert Tracking(Host()).counts() == {"drop": 14}
    assert asked == [("the namespace", 12)]


def test_without_connection_tracking_nothing_is_asked(monkeypatch):
    asked = answer(monkeypatch)
    tracked = Tracking(Host(tracked=False))
    assert (tracked.counts(), tracked.missing, asked) == ({}, "", [])


def test_ctnetlink_needs_privileges(monkeypatch):
    answer(monkeypatch, error=PermissionError(1, "Operation not permitted"))
    tracked = Tracking(Host())
    assert tracked.counts() == {}
    assert tracked.missing == "the drops of connection tracking are not available: EPERM (Operation not permitted)"


def test_unknown_drops_are_unjudged():
    facts = host(rates__conntrack={}, partial=[{"what": "rates.conntrack", "reason": "EPERM"}])
    assert [(row["id"], row["missing"]) for row in diagnose(facts)["unjudged"]] == [
        ("conntrack", ["rates.conntrack.drop"])
    ]


def test_an_error_in_the_answer(monkeypatch):
    answer(monkeypatch, struct.pack("=IHHIIi", 20, 2, 0, 1, 0, -1))
    tracked = Tracking(Host())
    assert tracked.counts() == {}
    assert "EPERM" in tracked.missing
