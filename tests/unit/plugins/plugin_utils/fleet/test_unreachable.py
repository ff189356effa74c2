# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible.errors import AnsibleError
from ansible_collections.nettune.tcp.plugins.plugin_utils.fleet.incidents import incidents
from ansible_collections.nettune.tcp.plugins.plugin_utils.fleet.unreachable import unreachable
from ansible_collections.nettune.tcp.tests.unit.support.simulated_faults import PROXY, WEB, full, unacknowledged

TIMED_OUT = "Failed to connect to the host via ssh: ssh: connect to host web3 port 22: Connection timed out"
GONE = {"host": "web3", "unreachable": True, "reason": TIMED_OUT}


class Undefined(dict):
    def get(self, _name, _default=None):
        raise AnsibleError("undefined")


@pytest.mark.parametrize(
    ("variables", "addresses"),
    [
        ({"ansible_host": WEB}, [WEB]),
        ({"ansible_host": WEB, "ansible_port": 22}, [WEB]),
        ({"ansible_host": WEB, "ansible_port": 2201}, []),
        ({"ansible_host": "web3.example.com"}, []),
        ({"ansible_host": "127.0.0.1"}, []),
        ({}, []),
        ({"nettune_tcp": {"addresses": [WEB, "2001:db8::3", 7]}}, [WEB, "2001:db8::3"]),
        ({"ansible_facts": {"nettune_tcp": {"addresses": None}}}, []),
        ({"nettune_tcp": []}, []),
        (Undefined(), []),
    ],
)
def test_addresses_of_a_host_that_does_not_answer(variables, addresses):
    expected = [{"host": "web3", "addresses": addresses}] if addresses else []
    assert unreachable({"web3": variables}, [GONE]) == expected


@pytest.mark.parametrize(
    "row",
    [
        {**GONE, "unreachable": False},
        {**GONE, "reason": "ssh: connect to host web3 port 22: Connection refused"},
        {**GONE, "reason": "Permission denied (publickey)."},
        {**GONE, "host": "other"},
    ],
)
def test_hosts_that_are_up_or_unknown(row):
    assert unreachable({"web3": {"ansible_host": WEB}}, [row]) == []


def test_a_name_that_is_an_address():
    assert unreachable({WEB: {}}, [{**GONE, "host": WEB}]) == [{"host": WEB, "addresses": [WEB]}]


def silent(address, *hosts):
    return incidents([host.row() for host in hosts], [{"host": "gone", "addresses": [address]}])


def test_requests_to_a_host_that_is_gone():
    (incident,) = silent(WEB, full()[1])
    assert (incident["kind"], incident["caused_by"]) == ("unreachable", "gone, which is unreachable")
    assert incident["cause"] == dict.fromkeys(incident["cause"]) | {"host": "gone", "count": 0}
    assert incident["text"] == (
        "200 connections in SYN_SENT on proxy1 wait for gone port 8080, which does not answer; it is unreachable for"
        " Ansible, too"
    )


def test_connections_that_a_host_that_is_gone_does_not_acknowledge():
    (incident,) = silent(PROXY, unacknowledged()[0])
    assert [incident["kind"], incident["effects"][0]["finding"]] == ["unreachable", "last_ack"]


def test_an_address_that_another_host_has():
    web, proxy = full(queued=0)
    assert silent(WEB, web, proxy) == []
