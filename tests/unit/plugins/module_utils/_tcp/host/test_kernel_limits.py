# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._host.netlink import OwnNamespace
from ansible_collections.nettune.tcp.plugins.module_utils._host.procfs import ProcFS
from ansible_collections.nettune.tcp.plugins.module_utils._tcp.host.kernel_limits import TcpLimits

FILES = {
    "self/net/sockstat": "TCP: inuse 5 orphan 1 tw 4 alloc 9 mem 3\n",
    "self/net/snmp": "Tcp: ActiveOpens CurrEstab\nTcp: 12 3\n",
    "self/net/netstat": "TcpExt: TW ListenOverflows\nTcpExt: 8 9\n",
    "sys/net/ipv4/tcp_mem": "92199\t122935\t184398\n",
    "sys/net/ipv4/tcp_max_orphans": "131072\n",
    "sys/net/ipv4/tcp_max_tw_buckets": "262144\n",
    "sys/net/netfilter/nf_conntrack_count": "7\n",
    "sys/net/netfilter/nf_conntrack_max": "262144\n",
    "sys/net/netfilter/nf_conntrack_buckets": "65536\n",
    "sys_root/kernel/slab/tw_sock_TCP/slab_size": "256\n",
}


def limits(tmp_path, namespace=None, **changes):
    for path, text in {**FILES, **changes}.items():
        if text is not None:
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).write_text(text)
    partial = []
    procfs = ProcFS(str(tmp_path), sys_root=str(tmp_path / "sys_root"))
    return TcpLimits(procfs, namespace or OwnNamespace(), partial), partial


def test_limits_and_conntrack(tmp_path):
    host, partial = limits(tmp_path)
    assert host.limits() == {
        "memory": {"pages": 3, "low": 92199, "pressure": 122935, "high": 184398},
        "orphans": {"count": 1, "max": 131072},
        "time_wait": {"count": 4, "max": 262144, "bytes": 1024},
    }
    assert host.conntrack() == {"count": 7, "max": 262144, "buckets": 65536}
    assert partial == []


@pytest.mark.parametrize(
    ("path", "text", "what", "reason"),
    [
        ("sys/net/ipv4/tcp_mem", None, "memory.high", "net.ipv4.tcp_mem is absent"),
        ("sys/net/ipv4/tcp_mem", "1 2\n", "memory.high", "is not 3 numbers"),
        ("sys/net/ipv4/tcp_max_orphans", None, "orphans.max", "net.ipv4.tcp_max_orphans is absent"),
        ("sys/net/ipv4/tcp_max_tw_buckets", "many", "time_wait.max", "many"),
        ("sys_root/kernel/slab/tw_sock_TCP/slab_size", None, "time_wait.bytes", "is absent"),
        ("sys_root/kernel/slab/tw_sock_TCP/slab_size", "", "time_wait.bytes", "invalid literal"),
    ],
)
def test_an_unavailable_value_is_none_and_in_partial(tmp_path, path, text, what, reason):
    host, partial = limits(tmp_path, **{path: text})
    facts = host.limits()
    fact, _dot, name = what.partition(".")
    assert facts[fact][name] is None
    assert [row["what"] for row in partial] == [what]
    assert reason in partial[0]["reason"]


def test_no_time_wait_sockets_need_no_object_size(tmp_path):
    nothing = {
        "self/net/sockstat": "TCP: inuse 5 orphan 1 tw 0 mem 3\n",
        "sys_root/kernel/slab/tw_sock_TCP/slab_size": None,
    }
    host, partial = limits(tmp_path, **nothing)
    assert host.limits()["time_wait"] == {"count": 0, "max": 262144, "bytes": 0}
    assert partial == []


@pytest.mark.parametrize("text", [None, "TCP: inuse\n"])
def test_unreadable_sockstat(tmp_path, text):
    host, partial = limits(tmp_path, **{"self/net/sockstat": text})
    facts = host.limits()
    assert (facts["memory"]["pages"], facts["orphans"]["count"], facts["time_wait"]["bytes"]) == (None, None, None)
    assert [row["what"] for row in partial] == ["memory"]


def test_conntrack_is_not_loaded(tmp_path):
    host, partial = limits(tmp_path, **{"sys/net/netfilter/nf_conntrack_count": None})
    assert host.conntrack() is None
    assert partial == [
        {"what": "conntrack", "reason": "net.netfilter.nf_conntrack_count is absent in this network namespace"}
    ]


def test_counters_this_kernel_does_not_have_are_in_partial(tmp_path):
    host, partial = limits(tmp_path)
    counters = host.counters()
    assert (counters["Tcp"]["CurrEstab"], counters["TcpExt"]["ListenOverflows"]) == (3, 9)
    assert counters["TcpExt"]["TCPKeepAlive"] is None
    assert [row["what"] for row in partial] == ["counters.Tcp", "counters.TcpExt"]
    assert "TCPKeepAlive" in partial[1]["reason"]


def test_unreadable_counters(tmp_path):
    host, partial = limits(tmp_path, **{"self/net/netstat": None, "self/net/snmp": "Tcp: A\n"})
    assert host.counters() == {"Tcp": None, "TcpExt": None}
    assert [row["what"] for row in partial] == ["counters.Tcp", "counters.TcpExt"]


def test_a_namespace_that_must_not_be_entered(tmp_path):
    class Closed(OwnNamespace):
        def __enter__(self):
            raise PermissionError(1, "Operation not permitted")

    host, partial = limits(tmp_path, namespace=Closed())
    assert host.conntrack() is None
    assert partial == [
        {"what": "conntrack", "reason": "net.netfilter.nf_conntrack_count: EPERM (Operation not permitted)"}
    ]
