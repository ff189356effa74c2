# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.nettune.tcp.plugins.filter.fleet_diagnosis import fleet_diagnosis
from ansible_collections.nettune.tcp.plugins.filter.incident_cards import incident_cards

QUIET = {"findings": [], "notes": [], "unjudged": []}
HOSTVARS = {
    "web1": {"found": {**QUIET, "changed": False}},
    "web2": {"found": {"unreachable": True, "msg": "no route"}},
    "web3": {"found": {"failed": True, "msg": "top is 0"}},
    "web4": {},
    "web5": {"found": "text"},
}


def test_hosts_and_those_that_are_missing():
    found = fleet_diagnosis(HOSTVARS, hosts=[*HOSTVARS, "web6"], registered="found")
    assert found["hosts"] == [{"host": "web1", **QUIET}]
    assert {row["host"]: (row["unreachable"], row["why"]) for row in found["missing"]} == {
        "web2": (True, "no route"),
        "web3": (False, "top is 0"),
        "web4": (False, "it has no diagnosis in found"),
        "web5": (False, "it has no diagnosis in found"),
        "web6": (False, "not in the inventory"),
    }


@pytest.mark.parametrize(
    ("hostvars", "hosts", "message"),
    [([], ["web1"], "takes hostvars, not a list"), (HOSTVARS, "web1", "hosts is 'web1'; it must be a list of names")],
)
def test_what_is_refused(hostvars, hosts, message):
    with pytest.raises(AnsibleFilterError, match=message):
        fleet_diagnosis(hostvars, hosts=hosts, registered="found")


def test_cards_of_it():
    found = fleet_diagnosis(HOSTVARS, hosts=["web1", "web2"], registered="found")
    assert incident_cards(found) == [
        "nothing found: web1",
        "web2  unreachable: no route",
        "",
        "0 of 2 hosts with findings, 1 not diagnosed",
    ]


@pytest.mark.parametrize(
    "value", [None, "x", [], {}, {"hosts": 3, "missing": []}, {"hosts": [{"host": "a"}], "missing": []}]
)
def test_what_is_no_fleet(value):
    with pytest.raises(AnsibleFilterError, match="takes what fleet_diagnosis gives"):
        incident_cards(value)
