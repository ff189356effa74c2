# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._diagnosis import holders
from ansible_collections.nettune.tcp.plugins.module_utils._diagnosis.facts import facts_of
from ansible_collections.nettune.tcp.tests.unit.support.diagnosed import found, host


def test_workers_of_one_service_are_one_finding():
    worker = host()["nettune_tcp"]["processes"][0]
    workers = [{**worker, "pid": pid, "states": {"CLOSE_WAIT": 40, "ESTABLISHED": 1}} for pid in (711, 712, 713)]
    evidence = found(host(states__CLOSE_WAIT=120, processes=[{**one, "lingering": None} for one in workers]))[
        "close_wait"
    ]
    assert (evidence["evidence"]["count"], evidence["evidence"]["processes"]) == (120, 3)
    assert "nginx (PID 711 and 2 more, nginx.service)" in evidence["title"]


def facts(**changes):
    return facts_of(host(**changes))


def test_holders_are_sorted_by_count():
    rows = [{"pid": pid, "name": f"p{pid}", "states": {"CLOSE_WAIT": pid}} for pid in (3, 9, 7)]
    assert [holder.row["pid"] for holder in holders.holders(facts(processes=rows), "CLOSE_WAIT")] == [9, 7, 3]


def test_a_process_in_tcp_and_nofile_facts_is_one_row():
    nofile = [{"pid": 711, "soft": 2048, "hard": 4096, "name": None}]
    (row,) = holders.processes(facts(nofile__processes=nofile))
    assert (row["name"], row["soft"], row["growth"]["descriptors"]) == ("nginx", 2048, 0.0)


@pytest.mark.parametrize(("growth", "expected"), [(2.0, 312), (None, None), (0.0, None), (-1.0, None), (10000.0, 0)])
def test_seconds_left(growth, expected):
    row = {"descriptors": 400, "soft": 1024, "growth": {"descriptors": growth}}
    assert holders.seconds_left(row) == expected
    assert holders.seconds_left({**row, "soft": None}) is None


def test_the_port_of_most_sockets_and_its_listener():
    ports = [{"port": 80, "states": {"CLOSE_WAIT": 9}}, {"port": 81, "states": {"CLOSE_WAIT": 2}}]
    found = holders.busiest_port(
        facts(states__CLOSE_WAIT=11, ports=ports, processes__0__listens=[80, 443]), "CLOSE_WAIT"
    )
    assert (found["port"], found["pid"], found["unit"]) == (80, 711, "nginx.service")
    assert holders.busiest_port(facts(states__CLOSE_WAIT=18, ports=ports), "CLOSE_WAIT") == {}
    assert holders.busiest_port(facts(ports=None), "CLOSE_WAIT") == {}
