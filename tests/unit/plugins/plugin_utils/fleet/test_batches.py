# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest
from ansible.executor.playbook_executor import PlaybookExecutor
from ansible_collections.nettune.tcp.plugins.lookup.batches import LookupModule
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import InvalidOption
from ansible_collections.nettune.tcp.plugins.plugin_utils.fleet.batches import divide, parse


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("", []),
        (None, []),
        ([], []),
        ("1,10%,50%", [1, "10%", "50%"]),
        ([1, "10 %"], [1, "10%"]),
        ('["2", 3]', [2, 3]),
        ("25%", [1, "25%"]),
        (5, [1, 5]),
        ("100%", [1, "100%"]),
    ],
)
def test_sizes(given: Any, expected: list[Any]) -> None:
    assert parse(given) == expected
    assert LookupModule().run([given]) == expected


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("0", "contains '0'; each element must be a number of hosts, at least 1, or a percentage from 1% to 100%."),
        ("1,0%", "contains '0%'"),
        ("101%", "contains '101%'"),
        ("-1", "contains '-1'"),
        ("1.5", "contains '1.5'"),
        ("10%%", "contains '10%%'"),
        ("some", "contains 'some'"),
        (",", "is ','"),
        ([True], "contains true; each element must be text"),
        ({"a": 1}, "must be a list"),
        ("9999999999", "contains '9999999999'"),
    ],
)
def test_invalid_sizes_are_refused_with_a_sentence(given: Any, shown: str) -> None:
    with pytest.raises(InvalidOption) as caught:
        parse(given)
    assert str(caught.value).startswith("nettune_serial ")
    assert shown in str(caught.value)
    assert LookupModule().run([given]) == []


class _Inventory:
    """What PlaybookExecutor asks for the hosts of a play."""

    def __init__(self, hosts: list[str]) -> None:
        self.hosts = hosts

    def get_hosts(self, *_pattern: Any, **_options: Any) -> list[str]:
        return list(self.hosts)


class _Play:
    hosts, order = "all", "inventory"

    def __init__(self, serial: list[Any]) -> None:
        self.serial = serial


@pytest.mark.parametrize("number", [0, 1, 2, 7, 40])
@pytest.mark.parametrize("serial", [[], [1, "10%"], [1, "10%", "50%"], ["1%"], [3], ["100%"], [50], [1, 2, 3]])
def test_hosts_are_divided_as_ansible_does(number: int, serial: list[Any]) -> None:
    hosts = [f"web{at}" for at in range(number)]
    executor = PlaybookExecutor.__new__(PlaybookExecutor)
    executor._inventory = _Inventory(hosts)
    assert divide(hosts, serial) == executor._get_serialized_batches(_Play(serial))
