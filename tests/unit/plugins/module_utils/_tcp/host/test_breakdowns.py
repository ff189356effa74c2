# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from types import SimpleNamespace

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._host.netlink import OwnNamespace
from ansible_collections.nettune.tcp.plugins.module_utils._host.procfs import ProcFS
from ansible_collections.nettune.tcp.plugins.module_utils._tcp.host import processes as processes_module
from ansible_collections.nettune.tcp.plugins.module_utils._tcp.host.breakdowns import Breakdowns
from ansible_collections.nettune.tcp.plugins.module_utils._tcp.host.kernel_limits import TcpLimits
from ansible_collections.nettune.tcp.tests.unit.support.messages import message

KEYS = {"ip_local_port_range": "32768\t60999\n", "ip_local_reserved_ports": "80,40000-40009\n"}
CLIENT = message(1, sport=50000, dport=443)


def facts(tmp_path, subset, top=10, **changes):
    directory = tmp_path / "sys" / "net" / "ipv4"
    directory.mkdir(parents=True)
    for key, text in {**KEYS, **changes}.items():
        if text is not None:
            (directory / key).write_text(text)
    partial = []
    procfs = ProcFS(str(tmp_path))
    breakdowns = Breakdowns(subset, procfs, TcpLimits(procfs, OwnNamespace(), partial))
    collected = breakdowns.collectors()
    for collector in collected.values():
        collector.add(CLIENT, [0])
    return breakdowns.facts(collected, top), partial


@pytest.mark.parametrize("subset", [{"ports"}, {"peers"}, {"queues"}, {"ports", "peers", "ephemeral"}])
def test_only_the_chosen_breakdowns(tmp_path, subset):
    found, partial = facts(tmp_path, {*subset, "min", "counters"})
    assert set(found) == subset
    assert partial == []


def test_ephemeral(tmp_path):
    found, partial = facts(tmp_path, {"ephemeral"})
    assert found["ephemeral"] == {
        "range": [32768, 60999],
        "reserved": ["80", "40000-40009"],
        "available": 28222,
        "busiest": [
            {"source": "127.0.0.1", "destination": "127.0.0.2", "port": 443, "used": 1, "ratio": 0.0, "time_wait": 0}
        ],
        "sources": [{"source": "127.0.0.1", "ports": 1, "sockets": 1, "ratio": 0.0}],
        "unanswered": [],
    }
    assert partial == []


@pytest.mark.parametrize("text", ["", "\n"])
def test_no_reserved_ports(tmp_path, text):
    found, _partial = facts(tmp_path, {"ephemeral"}, ip_local_reserved_ports=text)
    assert (found["ephemeral"]["reserved"], found["ephemeral"]["available"]) == ([], 28232)


@pytest.mark.parametrize(("text", "reason"), [(None, "is absent"), ("80-\n", "80-")])
def test_unreadable_reserved_ports(tmp_path, text, reason):
    found, partial = facts(tmp_path, {"ephemeral"}, ip_local_reserved_ports=text)
    assert (found["ephemeral"]["reserved"], found["ephemeral"]["available"]) == (None, 28232)
    assert [row["what"] for row in partial] == ["ephemeral.reserved"]
    assert reason in partial[0]["reason"]


@pytest.mark.parametrize("text", [None, "1024\n", "a b\n"])
def test_unreadable_port_range(tmp_path, text):
    found, partial = facts(tmp_path, {"ephemeral", "ports"}, ip_local_port_range=text)
    assert found["ephemeral"] is None
    assert found["ports"]
    assert [row["what"] for row in partial] == ["ephemeral"]


def test_unreadable_processes(tmp_path):
    found, partial = facts(tmp_path, {"processes"})
    assert found["processes"] is None
    assert partial == [{"what": "processes", "reason": "ENOENT (No such file or directory)"}]


@pytest.mark.parametrize(("refused", "text"), [(1, "1 process"), (146, "146 processes")])
def test_number_of_processes_that_may_not_be_inspected(tmp_path, monkeypatch, refused, text):
    processes = SimpleNamespace(refused=refused, no_ghosts="", rows=lambda _inodes, top: [])
    monkeypatch.setattr(processes_module, "TcpProcesses", lambda *_args, **_options: processes)
    _found, partial = facts(tmp_path, {"processes"})
    assert partial == [{"what": "processes", "reason": f"no permission to inspect {text}", "count": refused}]
