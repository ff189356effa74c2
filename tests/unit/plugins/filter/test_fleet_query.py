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
    """Variables of which a template fails when it is looked at."""

    def __getitem__(self, name):
        raise AnsibleError("'nope' is undefined")

    def __contains__(self, name):
        return True

    def __iter__(self):
        return iter(["nettune_tcp"])

    def __len__(self):
        return 1


class LateLocalhost(dict):
    """As hostvars of ansible-core 2.18: it lists nobody before it was asked for localhost, and then localhost too."""

    asked = False

    def get(self, name, default=None):
        self.asked = self.asked or name == "localhost"
        return {"group_names": [], "ansible_facts": {}} if name == "localhost" else super().get(name, default)

    def __iter__(self):
        return iter([*super().__iter__(), "localhost"] if self.asked else [])


def test_hosts_and_missing():
    hostvars = {"web1": variables(7), "web2": {"ansible_facts": {}}, "web3": Broken()}
    assert fleet_query(hostvars, "[hosts[].[host, total], missing[].[host, why]]") == [
        [["web1", 7]],
        [
            ["web2", "no facts of it were gathered or cached"],
            ["web3", "its variables cannot be read: 'nope' is undefined"],
        ],
    ]


def test_hosts_can_be_named():
    hostvars = {"web1": variables(), "web2": variables()}
    assert fleet_query(hostvars, "[hosts[].host, missing[].why]", hosts=["web2", "web9"]) == [
        ["web2"],
        ["not in the inventory"],
    ]


def test_what_has_just_failed_counts_more_than_a_cache():
    hostvars = {"web1": variables(gathered={"unreachable": True, "msg": "refused"}), "web2": variables(gathered={})}
    found = fleet_query(hostvars, "[hosts[].host, missing[].[host, unreachable, why]]", registered="gathered")
    assert found == [["web2"], [["web1", True, "refused"]]]
    assert fleet_query(hostvars, "length(hosts)") == 2


def test_an_implicit_localhost_is_no_host_of_the_fleet():
    hostvars = LateLocalhost(web1=variables())
    assert fleet_query(hostvars, "[hosts[].host, missing[].host]") == [["web1"], []]


def test_a_localhost_of_the_inventory_is_one():
    hostvars = {"localhost": {"group_names": ["ungrouped"]}, "web1": variables()}
    assert fleet_query(hostvars, "missing[].host") == ["localhost"]


def test_a_template_in_a_fact_stays_text():
    fact = "{{ 6 * 7 }}"
    found = fleet_query({"web1": {"nettune_tcp": {"source": fact}}}, "hosts[0].source")
    templar = Templar(loader=DataLoader(), variables={"found": found})
    assert templar.template(trust_as_template("{{ found }}")) == fact


def test_five_thousand_hosts_are_all_asked():
    hostvars = {f"web{number}": variables(number) for number in range(5000)}
    assert fleet_query(hostvars, "reverse(sort_by(hosts[?total], &total))[:2].host") == ["web4999", "web4998"]
    assert fleet_query(hostvars, "sum(hosts[].states.LISTEN)") == sum(range(5000))


@pytest.mark.parametrize("hosts", ["web1", {"web1": 1}])
def test_names_of_hosts_are_a_list(hosts):
    with pytest.raises(AnsibleFilterError, match="it must be a list of names"):
        fleet_query({"web1": variables()}, "hosts", hosts=hosts)


@pytest.mark.parametrize(
    ("hostvars", "expression", "said"),
    [
        ({}, "hosts[", "'hosts[' is no JMESPath expression: it ends too early, at position 7"),
        ({}, "nope()", "Unknown function"),
        ("web1", "hosts", "takes hostvars, not a str"),
    ],
)
def test_refusals(hostvars, expression, said):
    with pytest.raises(AnsibleFilterError, match=said.replace("[", r"\[").replace("(", r"\(")):
        fleet_query(hostvars, expression)
