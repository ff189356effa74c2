# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names, addresses and the inventory of local test hosts."""

from __future__ import annotations

import pytest
import yaml
from inventory import Host, addresses, checked_names, hosts_file, inventory_text
from namespaces import LabError, Process


def host(name: str, number: int = 1) -> Host:
    return Host(name, Process(7, "99"), *addresses(number), f"/state/{name}", "/usr/bin/python3")


@pytest.mark.parametrize("names", [["web1"], ["web1", "web2", "client"], ["a-b"], [f"h{n}" for n in range(200)]])
def test_valid_names(names):
    assert checked_names(names) == names


@pytest.mark.parametrize(
    ("names", "message"),
    [
        ([], "none"),
        (["web1", "web1"], "web1 web1"),
        (["Web1"], "'Web1'"),
        (["1web"], "'1web'"),
        (["web1\n"], "is not a valid host name"),
        (["../etc"], "'../etc'"),
        (["w" * 64], "is not a valid host name"),
        ([f"h{n}" for n in range(501)], "1 to 500"),
    ],
)
def test_invalid_names(names, message):
    with pytest.raises(LabError, match=message.replace(".", r"\.")):
        checked_names(names)


@pytest.mark.parametrize(
    ("name", "group"),
    [("web1", "web"), ("web", "web"), ("my-mail3", "my_mail")],
)
def test_group_is_the_host_name_without_its_number(name, group):
    assert list(yaml.safe_load(inventory_text([host(name)]))) == [group]


@pytest.mark.parametrize("name", ["client", "client2"])
def test_group_of_clients_is_plural(name):
    assert list(yaml.safe_load(inventory_text([host(name)]))) == ["clients"]


def test_groups_have_all_their_hosts():
    document = yaml.safe_load(inventory_text([host("web1"), host("client", 2), host("web2", 3)]))
    assert {group: list(content["hosts"]) for group, content in document.items()} == {
        "web": ["web1", "web2"],
        "clients": ["client"],
    }


def test_ansible_enters_a_host_through_its_interpreter():
    variables = yaml.safe_load(inventory_text([host("web1")]))["web"]["hosts"]["web1"]
    assert variables["ansible_connection"] == "local"
    assert variables["ansible_python_interpreter"] == "/state/web1/python"
    assert variables["ansible_become"] is False


def test_every_host_has_its_own_addresses():
    assert addresses(1) == ("10.77.0.1", "fd00:77::1")
    assert addresses(401) == ("10.77.1.145", "fd00:77::191")
    assert addresses(200) == ("10.77.0.200", "fd00:77::c8")


def test_hosts_file_has_the_addresses_of_all_hosts():
    lines = hosts_file(["web1", "web2"]).splitlines()
    assert "10.77.0.2 web2" in lines
    assert "fd00:77::1 web1" in lines
