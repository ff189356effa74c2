# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.nettune.tcp.plugins.filter.fleet_table import fleet_table


def test_a_fleet_becomes_lines():
    fleet = {"hosts": [{"host": "web1", "total": 3, "states": {"LISTEN": 3}}], "missing": []}
    assert fleet_table(fleet)[1] == "web1      3  -"


@pytest.mark.parametrize(
    ("fleet", "rows", "said"),
    [
        ([], 0, "takes what fleet_query"),
        ({"hosts": []}, 0, "takes what fleet_query"),
        ({"hosts": [], "missing": []}, -1, "rows is -1"),
        ({"hosts": [], "missing": []}, "5", "rows is '5'"),
        ({"hosts": [{"host": "web1", "total": object()}], "missing": []}, 0, "of type object is neither"),
        ({"hosts": ["web1"], "missing": []}, 0, "takes what fleet_query"),
    ],
)
def test_refusals(fleet, rows, said):
    with pytest.raises(AnsibleFilterError, match=said):
        fleet_table(fleet, rows=rows)
