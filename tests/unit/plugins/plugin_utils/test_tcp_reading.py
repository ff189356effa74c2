# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is worked out from a reading is what the host itself would have worked out."""

from __future__ import annotations

import json

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._edge import tcp_reading as on_the_host
from ansible_collections.nettune.tcp.plugins.module_utils._edge.procfs import ProcFS
from ansible_collections.nettune.tcp.plugins.module_utils._edge.sock_diag import OwnNamespace
from ansible_collections.nettune.tcp.plugins.module_utils._edge.tcp_host import TcpHost
from ansible_collections.nettune.tcp.plugins.plugin_utils.tcp_reading import READABLE, NotRead, facts, wanted

from ..module_utils._edge.test_recorded_host import FIXTURES, STATES, Recorded

DEFAULT = {"min", "counters", "listeners", "memory", "conntrack"}
SUBSETS = [*({name} for name in sorted(READABLE)), DEFAULT, READABLE, {"counters", "memory"}, {"min", "listeners"}]


@pytest.fixture
def read(monkeypatch):
    """A reading of the recorded host, as it comes out of JSON."""

    def whole_text(path):
        if path.startswith("/sys/"):
            raise PermissionError(13, "no", path)
        found = FIXTURES / path.lstrip("/")
        return found.read_text() if found.exists() else None

    monkeypatch.setattr(on_the_host, "whole_text", whole_text)
    monkeypatch.setattr(on_the_host, "SockDiag", lambda _namespace: Recorded("root.bin"))

    def make(subset, top=10):
        return json.loads(json.dumps(on_the_host.reading(**wanted(subset, top=top))))

    return make


class Host(ProcFS):
    """The recorded host itself."""

    def read_sys(self, path):
        raise PermissionError(13, "no", path)


@pytest.mark.parametrize("subset", SUBSETS, ids=lambda subset: "+".join(sorted(subset)))
@pytest.mark.parametrize("top", [1, 10, 40])
def test_facts_are_those_of_the_host_itself(read, subset, top):
    host = TcpHost(Host(str(FIXTURES / "proc")), OwnNamespace(), sock_diag=Recorded("root.bin"))
    assert facts(read(subset), subset, top=top) == host.gather(subset, source="auto", top=top)


def test_the_recorded_states(read):
    found = facts(read({"min"}), {"min"}, top=10)
    assert (found["states"], found["source"], found["partial"]) == (STATES, "counters+netlink", [])


SNMP = "/proc/self/net/snmp"


def absent(reading):
    del reading["after"]["/proc/self/net/netstat"]


def refused(reading):
    reading["walk"] = None


def disagreeing(reading):
    reading["after"][SNMP] = reading["after"][SNMP].replace("CurrEstab", "Other", 1)


def strange(reading):
    reading["walk"]["sockets"].append([2, 12, True, 1])


def old(reading):
    reading["release"] = "4.9.0"


@pytest.mark.parametrize("spoil", [absent, refused, disagreeing, strange, old])
def test_what_is_not_in_it_takes_another_module(read, spoil):
    reading = read(DEFAULT)
    spoil(reading)
    with pytest.raises(NotRead):
        facts(reading, DEFAULT, top=10)


def test_numbers_that_disagree_are_not_proved_by_the_same_numbers(read):
    reading = read({"min"})
    for files in (reading["before"], reading["after"]):
        files["/proc/self/net/sockstat"] = files["/proc/self/net/sockstat"].replace("TCP: inuse ", "TCP: inuse 1")
    with pytest.raises(NotRead):
        facts(reading, {"min"}, top=10)


@pytest.mark.parametrize(("found", "why"), [(13, "EACCES (Permission denied)"), (None, "is absent")])
def test_a_file_that_cannot_be_had_is_told(read, found, why):
    reading = read({"counters"})
    reading["after"]["/proc/self/net/netstat"] = found
    partial = facts(reading, {"counters"}, top=10)["partial"]
    assert [row["what"] for row in partial] == ["counters.TcpExt"]
    assert why in partial[0]["why"]


@pytest.mark.parametrize(
    ("subset", "states", "listeners", "frames"),
    [({"memory"}, 0, 0, 0), ({"listeners"}, 0x400, 40, 0), ({"min"}, 0xFBC, 0, 3), ({"families"}, 0xFFC, 0, 3)],
)
def test_no_more_is_wanted_than_it_takes(subset, states, listeners, frames):
    options = wanted(subset, top=40)
    assert (options["states"], options["listeners"], len(options["before"])) == (states, listeners, frames)
    assert len(options["after"]) == len(set(options["after"]))
