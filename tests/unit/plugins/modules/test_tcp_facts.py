# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import InvalidOption
from ansible_collections.nettune.tcp.plugins.module_utils._tcp import subsets
from ansible_collections.nettune.tcp.plugins.modules import tcp_facts
from ansible_collections.nettune.tcp.plugins.modules.tcp_facts import ARGUMENTS, check

GOOD = {"top": 10, "sample": 0, "pid": None}


@pytest.mark.parametrize("changes", [{}, {"top": 1}, {"sample": 0.5}, {"sample": 3600}, {"pid": 1}])
def test_valid_numbers(changes):
    check({**GOOD, **changes})


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"top": 0}, "top is 0; it must be between 1 and 1000"),
        ({"top": 1001}, "top is 1001;"),
        ({"sample": -1}, "sample is -1; it must be between 0 and 3600"),
        ({"sample": 3601}, "sample is 3601;"),
        ({"sample": float("nan")}, "sample is nan;"),
        ({"sample": float("inf")}, "sample is inf;"),
        ({"pid": 0}, "pid is 0;"),
        ({"pid": -5}, "pid is -5;"),
    ],
)
def test_numbers_out_of_bounds_fail(changes, message):
    with pytest.raises(InvalidOption, match=message):
        check({**GOOD, **changes})


def test_options_are_those_of_the_documentation():
    yaml = pytest.importorskip("yaml")
    documented = yaml.safe_load(tcp_facts.DOCUMENTATION)["options"]
    assert {name: {key: option.get(key) for key in ARGUMENTS[name]} for name, option in documented.items()} == ARGUMENTS


def test_documented_facts_are_those_of_the_subsets():
    yaml = pytest.importorskip("yaml")
    facts = yaml.safe_load(tcp_facts.RETURN)["ansible_facts"]["contains"]["nettune_tcp"]["contains"]
    assert set(facts) == {*subsets.SUBSET_OF_FACT, "at", "source", "partial"}
