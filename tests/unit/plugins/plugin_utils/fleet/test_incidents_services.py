# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A service is named only if the facts prove that it holds the connections."""

from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.plugin_utils.fleet.incidents import incidents
from ansible_collections.nettune.tcp.tests.unit.support.simulated_faults import APP, OTHER, PROXY, full, leak
from ansible_collections.nettune.tcp.tests.unit.support.simulated_fleet import Process


def found(*hosts, **options):
    return incidents([host.row(**options) for host in hosts])


class TestServices:
    def unit(self, *processes, top=10, **facts):
        web, proxy = leak(0)
        web.sockets.clear()
        for process, number, remote in processes:
            web.add("CLOSE_WAIT", number, remote, port=8080, process=process)
        web.more_facts.update(facts)
        proxy.sockets = [one._replace(count=400) for one in proxy.sockets]
        return found(web, proxy, top=top)[0]["cause"]["unit"]

    def test_the_only_holder(self):
        assert self.unit((APP, 400, PROXY)) == "app.service"

    def test_a_few_of_another_service(self):
        assert self.unit((APP, 400, PROXY), (OTHER, 20, "198.51.100.1")) == "app.service"

    @pytest.mark.parametrize("remote", [PROXY, "198.51.100.1"])
    def test_two_services_cannot_be_told_apart(self, remote):
        assert self.unit((APP, 400, PROXY), (OTHER, 100, remote)) is None

    def test_workers_of_a_service(self):
        workers = [Process(pid) for pid in range(711, 715)]
        assert self.unit(*((worker, 100, PROXY) for worker in workers)) == "app.service"

    def test_processes_that_share_sockets(self):
        rows = [dict(row, states={"CLOSE_WAIT": 200}) for row in leak()[0].facts()["nettune_tcp"]["processes"]]
        rows = [rows[0], {**rows[0], "pid": 712}, {**rows[0], "pid": 9, "unit": "other.service"}]
        assert self.unit((APP, 200, PROXY), (OTHER, 200, PROXY), processes=rows) is None

    @pytest.mark.parametrize("processes", [None, []])
    def test_processes_that_may_not_be_inspected(self, processes):
        assert self.unit((APP, 400, PROXY), processes=processes) is None

    def test_a_process_outside_of_services(self):
        web, proxy = leak(process=Process(7, None, "python3"))
        (incident,) = found(web, proxy)
        assert incident["cause"]["unit"] is None
        assert incident["caused_by"] == "python3 (PID 7) on web3"

    def test_two_processes_of_one_name_are_two(self):
        first, second = Process(7, None, "python3"), Process(8, None, "python3")
        assert self.unit((first, 200, PROXY), (second, 200, PROXY)) is None

    def test_the_listener_of_a_socket_unit(self):
        web, proxy = full()
        web.listening[Process(1, None, "systemd")] = [8080]
        assert found(web, proxy)[0]["cause"]["unit"] == "app.service"
        web.listening[OTHER] = [8080]
        assert found(web, proxy)[0]["cause"]["unit"] is None
