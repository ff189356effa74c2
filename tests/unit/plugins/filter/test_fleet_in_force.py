# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

pytest.importorskip("ansible", reason="filters run on the controller")

from ansible.errors import AnsibleFilterError
from ansible_collections.nettune.tcp.plugins.filter.fleet_in_force import FilterModule, fleet_in_force

GOOD = {"profiles": [{"name": "web"}], "not_in_force": [], "changed": False}


def test_hosts_that_were_not_asked_or_failed_are_rows() -> None:
    hostvars = {
        "good": {"checked": GOOD},
        "dead": {"checked": {"unreachable": True, "msg": "Connection refused"}},
        "failed": {"checked": {"failed": True, "msg": "no root"}},
        "silent": {},
    }
    found = fleet_in_force(hostvars, "checked", hosts=[*hostvars, "nowhere"])
    text = "\n".join(found["lines"])
    assert not found["holds"]
    for said in ("unreachable: Connection refused", "failed: no root", "the play had ended", "cannot be read"):
        assert said in text
    assert fleet_in_force(hostvars, "checked", hosts=["good"]) == {"lines": ["1 host: 1 in force"], "holds": True}


@pytest.mark.parametrize(
    ("hostvars", "registered", "hosts"),
    [
        (None, "x", []),
        ({}, None, []),
        ({}, "x", "web"),
        ({"a": {"x": {"not_in_force": []}}}, "x", ["a"]),
        ({"a": {"x": {"not_in_force": [1], "profiles": []}}}, "x", ["a"]),
    ],
)
def test_anything_else_is_refused(hostvars: object, registered: object, hosts: object) -> None:
    with pytest.raises(AnsibleFilterError):
        fleet_in_force(hostvars, registered, hosts=hosts)


def test_the_filter_has_its_name() -> None:
    assert FilterModule().filters() == {"fleet_in_force": fleet_in_force}
