# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every value of a role has a reason, and the page has them all."""

from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._parameters import catalogue
from ansible_collections.nettune.tcp.tests.kernels import recommended, values_page
from ansible_collections.nettune.tcp.tests.kernels.reasons import ABOUT, NUMBERS

NAMES = values_page.names()


def test_page_is_current() -> None:
    assert values_page.PAGE.read_text() == values_page.text(), "run python -m tests.kernels to update the page"


def test_roles_are_those_with_values() -> None:
    assert "web" in recommended.ROLES
    assert "tuning" not in recommended.ROLES


@pytest.mark.parametrize(("who", "setting"), recommended.ours(), ids=lambda value: getattr(value, "name", value))
def test_every_value_has_a_reason_and_a_source(who: str, setting: recommended.Setting) -> None:
    assert setting.reason, f"{who}: {setting.name} needs a reason in the defaults"
    assert setting.source, f"{who}: {setting.name} needs a source in the defaults"


def test_every_parameter_of_the_roles_is_explained_and_no_other() -> None:
    assert sorted(ABOUT) == NAMES, "add or remove a row in tests/kernels/reasons.py"


def test_every_number_of_the_roles_has_a_reason() -> None:
    numbers = {name for role in recommended.ROLES for name in values_page.numbers(role)}
    assert set(NUMBERS) == numbers, "add or remove a number in tests/kernels/reasons.py"


@pytest.mark.parametrize("name", NAMES)
def test_a_different_value_of_a_source_is_explained(name: str) -> None:
    assert bool(ABOUT[name].differs) == recommended.unexplained(name), f"say in ABOUT[{name!r}].differs why we differ"


@pytest.mark.parametrize("name", NAMES)
def test_default_is_named_where_the_catalogue_has_none(name: str) -> None:
    row = catalogue.find(name)
    known = row.default_on(catalogue.NEWEST) is not None or row.by_memory is not None
    assert bool(ABOUT[name].default) != known


def test_value_of_a_role_as_text() -> None:
    shown = {setting.name: setting.shown() for setting in recommended.of_role("million_connections")}
    assert shown["net.ipv4.tcp_tw_reuse"] == "``1``"
    assert shown["fs.nr_open"] == "at least ``2000500``"
    assert shown["net.ipv4.tcp_mem"] == "at least ``25 33 50`` percent of the memory"


def test_misspelt_and_old_names_count_for_todays_parameter() -> None:
    found = {(one.source, one.file, one.line): one.name for one in recommended.advice()}
    assert found["000", "general", 2] == "net.ipv4.tcp_tw_recycle"
    assert found["000", "limits", 3] == "net.netfilter.nf_conntrack_max"
