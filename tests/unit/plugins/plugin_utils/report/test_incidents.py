# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report tells a fault that two hosts see once, with the service that causes it."""

from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.plugin_utils.report.document import Heading, document
from ansible_collections.nettune.tcp.tests.unit.support.simulated_faults import FAULTS, WEB, full, leak


def report(*hosts):
    rows = [{"host": host.name, "groups": [], "at": None, "release": "", "facts": host.facts()} for host in hosts]
    return document({"hosts": rows, "missing": []}, Heading("2026-11-29T09:31:00Z"))


def test_a_fault_that_two_hosts_see_is_one_card():
    found = report(*leak(1500))
    (card,) = found["causes"]
    assert (card["id"], card["hosts"], card["caused_by"]) == ("close_wait", ["web3"], ["app.service on web3"])
    assert [one["cause"]["unit"] for one in found["incidents"]] == ["app.service"]
    assert [finding["card"] for host in found["hosts"] for finding in host["findings"]] == [0, 0]


@pytest.mark.parametrize("fault", FAULTS)
def test_each_finding_has_the_number_of_a_card(fault):
    found = report(*fault())
    assert found["incidents"]
    numbers = {finding["card"] for host in found["hosts"] for finding in host["findings"]}
    assert numbers == set(range(len(found["causes"])))


def test_hosts_that_were_recorded_at_different_times():
    first, second = full()
    rows = [
        {"host": host.name, "groups": [], "at": at, "release": "", "facts": host.facts()}
        for host, at in ((first, "2026-11-29T09:30:00Z"), (second, "2026-11-29T11:30:00Z"))
    ]
    found = document({"hosts": rows, "missing": []}, Heading("2026-11-29T09:31:00Z"))
    assert (found["incidents"], len(found["causes"])) == ([], 2)


def test_hosts_that_do_not_answer():
    rows = [{"host": "proxy1", "groups": [], "at": None, "release": "", "facts": full()[1].facts()}]
    fleet = {"hosts": rows, "missing": [], "silent": [{"host": "web3", "addresses": [WEB]}]}
    found = document(fleet, Heading("2026-11-29T09:31:00Z"))
    assert [card["caused_by"] for card in found["causes"]] == [["web3, which is unreachable"]]
