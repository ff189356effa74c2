# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Facts of one host with sockets in ten states, recorded on Linux 6.18 by netlink (as root and as a user) and /proc."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._host.netlink import OwnNamespace
from ansible_collections.nettune.tcp.plugins.module_utils._host.procfs import ProcFS
from ansible_collections.nettune.tcp.plugins.module_utils._host.sock_diag import SockDiag
from ansible_collections.nettune.tcp.plugins.module_utils._tcp.host.facts import TcpHost

FIXTURES = Path(__file__).resolve().parents[5] / "fixtures"
STATES = {
    "ESTABLISHED": 12,
    "SYN_SENT": 3,
    "SYN_RECV": 5,
    "FIN_WAIT1": 4,
    "FIN_WAIT2": 11,
    "TIME_WAIT": 9,
    "CLOSE": 0,
    "CLOSE_WAIT": 5,
    "LAST_ACK": 6,
    "LISTEN": 6,
    "CLOSING": 2,
}


class Recorded(SockDiag):
    """Answers with the recorded messages whose state is in the mask."""

    def __init__(self, name):
        self.data = (FIXTURES / "sock_diag" / name).read_bytes()
        self.asked = 0

    def dump(self, states):
        self.asked += 1
        messages, offset = [], 0
        while offset < len(self.data):
            length, kind = struct.unpack_from("=IH", self.data, offset)
            if kind == 3 or states >> self.data[offset + 17] & 1:
                messages.append(self.data[offset : offset + length])
            offset += length
        yield memoryview(b"".join(messages[:-1]))
        yield memoryview(messages[-1])


def gather(name, subset, source):
    kernel = Recorded(name)
    host = TcpHost(ProcFS(str(FIXTURES / "proc")), OwnNamespace(), sock_diag=kernel)
    return host.gather(subset, source=source, top=10), kernel.asked


@pytest.mark.parametrize("name", ["root.bin", "user.bin"])
@pytest.mark.parametrize(
    ("source", "way", "dumps"), [("auto", "counters+netlink", 1), ("exact", "netlink", 1), ("procfs", "procfs", 0)]
)
@pytest.mark.parametrize("subset", [{"min"}, {"min", "families"}])
def test_all_sources_count_the_same(name, source, way, dumps, subset):
    facts, asked = gather(name, subset, source)
    assert facts["states"] == STATES
    assert facts["total"] == sum(STATES.values())
    assert (facts["source"], facts["partial"], asked) == (way, [], dumps)
    if "families" in subset:
        families = facts["by_family"]
        assert {name: family["total"] for name, family in families.items()} == {"ipv4": 33, "ipv6": 30}
        assert families["ipv6"]["states"]["ESTABLISHED"] == 7


@pytest.mark.parametrize("name", ["root.bin", "user.bin"])
def test_breakdowns_are_the_same_from_netlink_and_proc(name):
    subset = {"ports", "peers", "queues", "listeners"}
    by_netlink, _asked = gather(name, subset, "auto")
    by_proc, _asked = gather(name, subset, "procfs")
    for fact in ("ports", "peers", "queues"):
        assert by_netlink[fact] == by_proc[fact]
    ends = [[(row["address"], row["port"]) for row in facts["listeners"]] for facts in (by_netlink, by_proc)]
    assert ends[0] == ends[1]
    assert {row["backlog"] for row in by_netlink["listeners"]} == {128, 65535}
