# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
import os

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import InvalidOption
from ansible_collections.nettune.tcp.plugins.module_utils._formats import proc_net, tcp_state
from ansible_collections.nettune.tcp.plugins.module_utils._host.netlink import OwnNamespace
from ansible_collections.nettune.tcp.plugins.module_utils._host.procfs import ProcFS
from ansible_collections.nettune.tcp.plugins.module_utils._host.sock_diag import SockDiag
from ansible_collections.nettune.tcp.plugins.module_utils._tcp import subsets
from ansible_collections.nettune.tcp.plugins.module_utils._tcp.host import facts as facts_module
from ansible_collections.nettune.tcp.plugins.module_utils._tcp.host.facts import TcpHost, open_host
from ansible_collections.nettune.tcp.tests.unit.support.messages import DONE, chunk, message

DEFAULT = set(subsets.DEFAULT)
FILES = {
    "self/net/sockstat": "TCP: inuse {inuse} orphan 1 tw 4 alloc 9 mem 3\n",
    "self/net/snmp": "Tcp: ActiveOpens PassiveOpens CurrEstab\nTcp: {opened} 0 5\n",
    "self/net/netstat": "TcpExt: TW\nTcpExt: 8\n",
}


class Kernel(SockDiag):
    """A kernel with listeners on many ports and no other sockets."""

    def __init__(self, listeners=1):
        self.listeners = [message(10, sport=1 + number, queues=(0, 128)) for number in range(listeners)]
        self.asked = []

    def dump(self, states):
        self.asked.append(states)
        for start in range(0, len(self.listeners), 300):
            yield chunk(*self.listeners[start : start + 300])
        yield chunk(DONE)


@pytest.fixture
def host(tmp_path):
    def make(kernel, opened=10):
        for path, text in FILES.items():
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).write_text(text.format(inuse=5 + len(kernel.listeners), opened=opened))
        return TcpHost(ProcFS(str(tmp_path), sys_root=str(tmp_path)), OwnNamespace(), sock_diag=kernel)

    return make


def gather(host, subset, **options):
    return host.gather(subset, **{"source": "auto", "top": 10, **options})


@pytest.mark.parametrize(
    ("subset", "facts"),
    [
        ({"min"}, {"states", "total", "source"}),
        ({"families"}, {"by_family", "source"}),
        ({"listeners"}, {"listeners", "source"}),
        ({"counters"}, {"counters", "rates"}),
        ({"memory"}, {"memory", "orphans", "time_wait"}),
        ({"conntrack"}, {"conntrack"}),
        (set(), set()),
        (
            DEFAULT,
            {
                "states",
                "total",
                "source",
                "listeners",
                "counters",
                "rates",
                "memory",
                "orphans",
                "time_wait",
                "conntrack",
            },
        ),
    ],
)
def test_facts_of_other_subsets_are_left_out(host, subset, facts):
    assert set(gather(host(Kernel()), subset)) == facts | {"partial"}


@pytest.mark.parametrize(
    ("subset", "asked"),
    [
        ({"counters", "memory", "conntrack"}, []),
        ({"min", "listeners"}, [0xFBC]),
        ({"min", "families"}, [tcp_state.ALL & ~2]),
        ({"listeners"}, [1 << 10]),
    ],
)
def test_sockets_are_walked_once_and_only_the_needed_states(host, subset, asked):
    kernel = Kernel()
    gather(host(kernel), subset)
    assert kernel.asked == asked


def test_an_unavailable_fact_is_in_partial(host):
    facts = gather(host(Kernel()), {"conntrack", "min"}, source="auto")
    assert facts["conntrack"] is None
    assert [row["what"] for row in facts["partial"]] == ["conntrack"]


def test_a_slower_source_is_in_partial(host, tmp_path):
    made = host(Kernel())
    (tmp_path / "self/net/sockstat").unlink()
    facts = gather(made, {"min"})
    assert facts["source"] == "netlink"
    assert facts["partial"][0]["what"] == "source"


def test_listeners_beyond_the_limit_are_in_partial(host):
    facts = gather(host(Kernel(listeners=400)), {"listeners"})
    assert len(facts["listeners"]) == 32
    assert facts["partial"] == [{"what": "listeners", "reason": "368 of 400 with emptier queues are left out"}]
    assert len(gather(host(Kernel(listeners=400)), {"listeners"}, top=50)["listeners"]) == 50


def test_proc_has_no_backlog(host, tmp_path):
    made = host(Kernel())
    row = "   0: 0100007F:0050 00000000:0000 0A 00000000:00000003 00:00000000 00000000   113        0 24078 1 0\n"
    (tmp_path / "self/net/tcp").write_text("  sl  local_address rem_address   st\n" + row)
    facts = gather(made, {"listeners"}, source="procfs")
    (row,) = facts["listeners"]
    assert (row["port"], row["backlog"], row["queued"]) == (80, None, 3)
    assert facts["partial"] == [{"what": "listeners.backlog", "reason": "/proc/net/tcp does not show it"}]


def test_rates_between_two_readings(host, tmp_path, monkeypatch):
    kernel = Kernel()
    made = host(kernel, opened=10)
    clock = iter([100.0, 104.0])
    monkeypatch.setattr(facts_module.time, "monotonic", lambda: next(clock))
    monkeypatch.setattr(facts_module.time, "sleep", lambda _seconds: host(kernel, opened=30))
    facts = gather(made, {"min", "counters", "listeners"}, sample=4)
    assert facts["rates"]["Tcp"]["ActiveOpens"] == 5
    assert facts["rates"]["TcpExt"]["TW"] == 0
    assert facts["rates"]["TcpExt"]["ListenDrops"] is None
    assert facts["rates"]["states"] == dict.fromkeys(tcp_state.NAMES, 0)
    assert len({row["what"] for row in facts["partial"]}) == len(facts["partial"])
    assert len(kernel.asked) == 2


@pytest.mark.parametrize(
    ("subset", "shape"),
    [({"min"}, {"states"}), ({"counters"}, {"Tcp", "TcpExt"}), ({"memory"}, set()), ({"queues"}, {"unowned"})],
)
def test_rates_by_subset(host, subset, shape, monkeypatch):
    monkeypatch.setattr(facts_module.time, "sleep", lambda _seconds: None)
    clock = iter([1.0, 2.0])
    monkeypatch.setattr(facts_module.time, "monotonic", lambda: next(clock))
    assert set(gather(host(Kernel()), subset, sample=1)["rates"]) == shape | {"seconds"}


def test_default_facts_are_small_on_any_host(host, tmp_path):
    made = host(Kernel(listeners=5000))
    for file, section, names in (("snmp", "Tcp", proc_net.TCP), ("netstat", "TcpExt", proc_net.TCP_EXT)):
        values = " ".join(["18446744073709551615"] * len(names))
        (tmp_path / "self/net" / file).write_text(f"{section}: {' '.join(names)}\n{section}: {values}\n")
    assert len(json.dumps(gather(made, DEFAULT))) < 6000


def test_an_absent_process_is_refused():
    with pytest.raises(InvalidOption, match="pid is 4194999, but there is no such process"):
        open_host(4194999)


def test_the_namespace_of_a_process():
    try:
        facts = open_host(os.getpid()).gather({"min"}, source="auto", top=10)
    except FileNotFoundError:
        pytest.skip("there is no /proc here")
    assert facts["total"] == sum(facts["states"].values())
