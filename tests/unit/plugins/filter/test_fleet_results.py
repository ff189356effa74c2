# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.nettune.tcp.plugins.filter.fleet_results import fleet_results

HOSTVARS = {
    "web1": {"found": {"findings": [], "changed": False, "failed": False}},
    "web2": {"found": {"unreachable": True, "msg": "no route"}},
    "web3": {"found": {"failed": True, "msg": "top is 0"}},
    "web4": {},
    "web5": {"found": "text"},
    "web6": {"found": {"skipped": True, "changed": False}},
}


def test_results_and_missing_hosts():
    found = fleet_results(HOSTVARS, "found", hosts=[*HOSTVARS, "web7"])
    assert found["hosts"] == [{"host": "web1", "findings": []}]
    not_run = "no result in found: the task did not run on this host"
    assert {row["host"]: (row["unreachable"], row["reason"]) for row in found["missing"]} == {
        "web2": (True, "no route"),
        "web3": (False, "top is 0"),
        "web4": (False, not_run),
        "web5": (False, not_run),
        "web6": (False, not_run),
        "web7": (False, "not in the inventory"),
    }


@pytest.mark.parametrize(
    ("hostvars", "registered", "hosts", "message"),
    [
        ([], "found", ["web1"], "the input is the variable hostvars, not a list"),
        (HOSTVARS, "found", "web1", "hosts is 'web1'; it must be a list of names"),
        (HOSTVARS, None, ["web1"], "registered is None; it must be the name of a variable"),
    ],
)
def test_invalid_values_and_options(hostvars, registered, hosts, message):
    with pytest.raises(AnsibleFilterError, match=message):
        fleet_results(hostvars, registered, hosts=hosts)
