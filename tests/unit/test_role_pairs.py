# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two roles on one simulated machine: every pair works with its defaults, in both orders."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.nettune.tcp.tests.unit.support.fake_host import FakeHost
from ansible_collections.nettune.tcp.tests.unit.support.profile_runs import (
    ALIVE,
    FIN,
    RANGE,
    RESERVED,
    absent,
    changed,
    present,
    reasons,
)
from ansible_collections.nettune.tcp.tests.unit.test_roles import apply, machine, settings

ROLES = ("client", "mail", "million_connections", "squid", "web")
PAIRS = list(permutations(ROLES, 2))
# Between the ranges of mail and web, in the range of both, and in the default range.
LISTENERS = (3306, 8080, 40000)


def host_with_services(root: Path) -> FakeHost:
    root.mkdir()
    host = machine(root)
    host.listen(*LISTENERS)
    host.listen(4500, 6000, udp=True)
    return host


def state(host: FakeHost) -> tuple[dict[str, str], dict[str, str]]:
    """Return the running values and the drop-ins."""
    return host.tree("/proc/sys"), host.tree("/etc")


@pytest.mark.parametrize(("first", "second"), PAIRS, ids="-".join)
def test_each_pair_works_in_both_orders_and_is_reverted_one_by_one(first: str, second: str, tmp_path: Path) -> None:
    host, alone = host_with_services(tmp_path / "pair"), host_with_services(tmp_path / "alone")
    before = host.tree()
    apply(host, first)
    apply(host, second)
    assert not changed(apply(host, first))
    assert not changed(apply(host, second))
    absent(host, first)
    apply(alone, second)
    assert state(host) == state(alone)
    assert not changed(apply(host, second))
    absent(host, second)
    assert host.tree() == before


@pytest.mark.parametrize(("first", "second"), [pair for pair in PAIRS if pair == tuple(sorted(pair))], ids="-".join)
def test_the_order_of_a_pair_does_not_matter(first: str, second: str, tmp_path: Path) -> None:
    found = []
    for roles in ((first, second), (second, first)):
        host = host_with_services(tmp_path / roles[0])
        for role in roles:
            apply(host, role)
        found.append(state(host))
    assert found[0] == found[1]


def test_what_web_and_mail_request_together(tmp_path: Path) -> None:
    host = host_with_services(tmp_path / "host")
    apply(host, "web")
    apply(host, "mail")
    assert (host.value(RANGE), host.value(ALIVE), host.value(RESERVED)) == ("1024 65535", "300", "3306,4500,6000,8080")
    absent(host, "web")
    assert (host.value(RANGE), host.value(RESERVED)) == ("5000 65535", "6000,8080")


def one(value: int, reason: str) -> dict[str, Any]:
    return {FIN: {"value": value, "reason": reason}}


def test_a_disagreement_names_both_profiles_and_reasons(tmp_path: Path) -> None:
    host = host_with_services(tmp_path / "host")
    present(host, "mail", one(30, "orphans time out"))
    reason = reasons(host, "web", one(20, "slow clients"))[FIN]
    assert reason.startswith(
        f"{FIN}: profile mail requests '30' (\"orphans time out\") and profile web requests '20' (\"slow clients\")"
    )


@pytest.mark.parametrize("roles", [("mail", "squid"), ("squid", "mail")], ids="-".join)
def test_an_override_settles_a_value_of_both_roles_and_can_be_changed(roles: tuple[str, str], tmp_path: Path) -> None:
    host = host_with_services(tmp_path / "host")
    before = host.tree()
    for value in (20, 45):
        for role in roles:
            given = {**settings(role), RESERVED: {"include": ["listeners"]}, FIN: value}
            present(host, role, given, overrides=frozenset([FIN]))
            assert host.value(FIN) == str(value)
        assert not changed(present(host, roles[1], given, overrides=frozenset([FIN])))
        assert all(
            f"{FIN} = {value}" in (host.read_text(f"/etc/sysctl.d/99-zz-nettune-{role}.conf") or "") for role in roles
        )
    absent(host, roles[0])
    assert host.value(FIN) == "45"
    absent(host)
    assert host.tree() == before


def test_a_range_that_another_profile_wants_narrower_is_refused(tmp_path: Path) -> None:
    host = host_with_services(tmp_path / "host")
    present(host, "narrow", {RANGE: {"at_most": [20000, 60999]}})
    assert host.value(RANGE) == "32768 60999"
    assert (
        "profile narrow requests {'at_most': '20000 60999'}"
        in reasons(host, "web", {RANGE: {"at_least": "1024 65535"}})[RANGE]
    )
    present(host, "narrower", {RANGE: {"at_most": [10000, 50000]}})
    assert host.value(RANGE) == "32768 50000"


def test_a_range_must_ascend(tmp_path: Path) -> None:
    host = host_with_services(tmp_path / "host")
    assert reasons(host, "web", {RANGE: {"at_least": [65535, 1024]}})[RANGE].endswith(
        "at_least is [65535, 1024]; the first number must not be above the last"
    )
