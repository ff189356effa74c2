# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from collections.abc import Mapping

import pytest
from ansible.errors import AnsibleError, AnsibleFilterError
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar
from ansible_collections.nettune.tcp.plugins.filter.fleet_query import fleet_query

try:
    from ansible.template import trust_as_template
except ImportError:  # before ansible-core 2.19, which trusts any text

    def trust_as_template(text):
        return text


def variables(total=1, **more):
    return {"ansible_facts": {"nettune_tcp": {"total": total, "states": {"LISTEN": total}}}, **more}


class Broken(Mapping):
    """Variables with a template that fails when it is evaluated."""

    def __getitem__(self, name):
        raise AnsibleError("'nope' is undefined")

    def __contains__(self, name):
        return True

    def __iter__(self):
        return iter(["nettune_tcp"])

    def __len__(self):
        return 1


class LateLocalhost(dict):
    """Like hostvars of ansible-core 2.18: lists no host until it was asked for localhost, and then localhost too."""

    asked = False

    def get(self, name, default=None):
        self.asked = self.asked or name == "localhost"
        return {"group_names": [], "ansible_facts": {}} if name == "localhost" else super().get(name, default)

    def __iter__(self):
        return iter([*super().__iter__(), "localhost"] if self.asked else [])


def test_hosts_and_missing():
    hostvars = {"web1": variables(7), "web2": {"ansible_facts": {}}, "web3": Broken()}
    assert fleet_query(hostvars, "[hosts[].[host, total], missing[].[host, reason]]") == [
        [["web1", 7]],
        [
            ["web2", "no facts were gathered or cached"],
            ["web3", "its variables cannot be read: 'nope' is undefined"],
        ],
    ]


def test_only_the_named_hosts():
    hostvars = {"web1": variables(), "web2": variables()}
    assert fleet_query(hostvars, "[hosts[].host, missing[].reason]", hosts=["web2", "web9"]) == [
        ["web2"],
        ["not in the inventory"],
    ]


def test_a_failed_result_wins_over_cached_facts():
    hostvars = {"web1": variables(gathered={"unreachable": True, "msg": "refused"}), "web2": variables(gathered={})}
    found = fleet_query(hostvars, "[hosts[].host, missing[].[host, unreachable, reason]]", registered="gathered")
    assert found == [["web2"], [["web1", True, "refused"]]]
    assert fleet_query(hostvars, "length(hosts)") == 2


def test_an_implicit_localhost_is_left_out():
    hostvars = LateLocalhost(web1=variables())
    assert fleet_query(hostvars, "[hosts[].host, missing[].host]") == [["web1"], []]


def test_a_localhost_of_the_inventory_is_included():
    hostvars = {"localhost": {"group_names": ["ungrouped"]}, "web1": variables()}
    assert fleet_query(hostvars, "missing[].host") == ["localhost"]


def test_a_template_in_a_fact_is_not_evaluated():
    fact = "{{ 6 * 7 }}"
    found = fleet_query({"web1": {"nettune_tcp": {"source": fact}}}, "hosts[0].source")
    templar = Templar(loader=DataLoader(), variables={"found": found})
    assert templar.template(trust_as_template("{{ found }}")) == fact


def test_five_thousand_hosts():
    hostvars = {f"web{number}": variables(number) for number in range(5000)}
    assert fleet_query(hostvars, "reverse(sort_by(hosts[?total], &total))[:2].host") == ["web4999", "web4998"]
    assert fleet_query(hostvars, "sum(hosts[].states.LISTEN)") == sum(range(5000))


@pytest.mark.parametrize("expression", ["@", "hosts[].host", "sort_by(hosts, &nope)"])
def test_parse_only_evaluates_nothing(expression):
    assert fleet_query({"web1": variables()}, expression, parse_only=True) is None


@pytest.mark.parametrize(
    ("expression", "message"),
    [("hosts[", "unexpected end at position 7"), ("", "it is empty"), (None, "the query is None")],
)
def test_parse_only_refuses_a_malformed_expression(expression, message):
    with pytest.raises(AnsibleFilterError, match=message):
        fleet_query({}, expression, parse_only=True)


@pytest.mark.parametrize("hosts", ["web1", {"web1": 1}])
def test_hosts_must_be_a_list(hosts):
    with pytest.raises(AnsibleFilterError, match="it must be a list of names"):
        fleet_query({"web1": variables()}, "hosts", hosts=hosts)


@pytest.mark.parametrize(
    ("hostvars", "expression", "message"),
    [
        ({}, "hosts[", "fleet_query: 'hosts[' is not a valid JMESPath expression: unexpected end at position 7"),
        ({}, "nope()", "Unknown function"),
        ("web1", "hosts", "the input is the variable hostvars, not a str"),
    ],
)
def test_invalid_values_and_expressions(hostvars, expression, message):
    with pytest.raises(AnsibleFilterError, match=message.replace("[", r"\[").replace("(", r"\(")):
        fleet_query(hostvars, expression)
