# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import re

import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.nettune.tcp.plugins.filter.as_table import DOCUMENTATION, as_table
from ansible_collections.nettune.tcp.plugins.filter.fleet_results import fleet_results
from ansible_collections.nettune.tcp.plugins.filter.sysctl_lint import sysctl_lint
from ansible_collections.nettune.tcp.plugins.plugin_utils.screens import facts

NO_FINDINGS = {"findings": [], "notes": [], "unjudged": []}
HOSTVARS = {
    "web1": {"diagnosed": NO_FINDINGS, "verified": {"profiles": [{"name": "web"}], "drift": []}},
    "web2": {"diagnosed": {"unreachable": True, "msg": "no route"}, "verified": {"failed": True, "msg": "no root"}},
}


def test_any_value_without_a_layout():
    assert as_table([{"host": "web1", "total": 9}]) == ["host  total", "web1      9"]


def test_layout_fleet():
    fleet = {"hosts": [{"host": "web1", "total": 3, "states": {"LISTEN": 3}}], "missing": []}
    assert as_table(fleet, "fleet")[1] == "web1  3        -"


def test_documentation_has_the_bounds_of_the_layout_fleet():
    text = " ".join(DOCUMENTATION.split())
    documented = re.findall(r"(\d+) % (?:of the host's sockets )?\(if at least (\d+)\) or from (\d+)", text)
    bounds = [*facts._BOUNDS.values(), facts._PASSING]
    assert documented == [(str(bound.percent), str(bound.few), str(bound.many)) for bound in bounds]


def test_layout_cards():
    diagnosis = fleet_results(HOSTVARS, "diagnosed", hosts=["web1", "web2"])
    assert as_table(diagnosis, layout="cards") == [
        "nothing found: web1",
        "web2  unreachable: no route",
        "",
        "0 of 2 hosts with findings, 1 not diagnosed",
    ]


def test_layout_drift():
    verified = fleet_results(HOSTVARS, "verified", hosts=["web1", "web2"])
    assert as_table(verified, layout="drift")[-1] == "2 hosts: 1 without drift, 1 failed"
    assert as_table([], layout="drift") == []


def test_layout_lint():
    assert as_table(sysctl_lint("net.ipv4.tcp_syncookies = 1"), layout="lint")[-1] == "1 setting, ok"


@pytest.mark.parametrize(
    ("value", "options", "message"),
    [
        ({"web1": object()}, {}, "as_table: a value of type object"),
        ([], {"layout": "grid"}, "layout is 'grid'; it must be one of fleet, cards, drift, lint"),
        ({"hosts": [], "missing": []}, {"layout": "fleet", "rows": -1}, "rows is -1"),
        ({"hosts": [], "missing": []}, {"layout": "fleet", "rows": "5"}, "rows is '5'"),
        ([], {"layout": "fleet"}, "as_table: layout fleet takes the result of fleet_query"),
        ({"hosts": []}, {"layout": "fleet"}, "takes the result of fleet_query"),
        ({"hosts": ["web1"], "missing": []}, {"layout": "fleet"}, "takes the result of fleet_query"),
        (None, {"layout": "cards"}, "takes diagnoses collected by fleet_results"),
        ({"hosts": 3, "missing": []}, {"layout": "cards"}, "takes diagnoses"),
        ({"hosts": [{"host": "a"}], "missing": []}, {"layout": "cards"}, "takes diagnoses"),
        ([{}], {"layout": "drift"}, "takes results of profile_info collected by fleet_results, or rows of drift"),
        ({"hosts": [{"host": "a"}], "missing": []}, {"layout": "drift"}, "takes results of profile_info"),
        (5, {"layout": "lint"}, "takes rows of sysctl_lint"),
        ([{}], {"layout": "lint"}, "takes rows of sysctl_lint"),
        (["x"], {"layout": "lint"}, "takes rows of sysctl_lint"),
        ({"a": 1}, {"layout": "lint"}, "takes rows of sysctl_lint"),
    ],
)
def test_invalid_values_and_options(value, options, message):
    with pytest.raises(AnsibleFilterError, match=message):
        as_table(value, **options)
