# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._parameters.write_order import Change
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl import read_back
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.journal import EMPTY, Original, State
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.plan import Plan, Wish
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.snapshot import Host

FIN, RMEM, LIMIT = "net.ipv4.tcp_fin_timeout", "net.ipv4.tcp_rmem", "net.ipv4.icmp_ratelimit"
KEY = "net.ipv4.tcp_fastopen_key"
HOST = Host("6.12.0", {})
WRITES = ((FIN, Change("60", "30")), (RMEM, Change("1 2 3", "4 5 6")), (LIMIT, Change("1000", "1001")))
AFTER = State({}, {name: Original(*change[:1], change[1:], change[1:]) for name, change in WRITES})
PLAN = Plan(Wish("web"), WRITES, (), EMPTY, AFTER, {})
GOOD = {FIN: "30", RMEM: "4\t5\t6", LIMIT: "1004"}


def test_values_are_compared_by_their_meaning() -> None:
    values = read_back.found(HOST, GOOD)
    assert values == {FIN: "30", RMEM: "4 5 6", LIMIT: "1004"}
    assert read_back.problems(PLAN, HOST, values) == []


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        (FIN, "60", f"{FIN}: wrote 30, read back 60"),
        (FIN, "31", "read back 31; another program may write it too"),
        (FIN, None, "read back nothing"),
        (FIN, "", "read back nothing"),
        (RMEM, "4 5 7", "wrote 4 5 6, read back 4 5 7"),
    ],
)
def test_value_that_reads_back_differently(name: str, text: str | None, message: str) -> None:
    values = read_back.found(HOST, {**GOOD, name: text})
    (problem,) = read_back.problems(PLAN, HOST, values)
    assert message in problem


def test_secret_is_not_in_the_message() -> None:
    plan = PLAN._replace(writes=((KEY, Change("0-0-0-0", "1-2-3-4")),))
    (problem,) = read_back.problems(plan, HOST, {KEY: "5-6-7-8"})
    assert "wrote (secret), read back (secret)" in problem


def test_journal_has_the_value_that_was_read_back() -> None:
    values = read_back.found(HOST, GOOD)
    assert read_back.finished(PLAN, values).keys[LIMIT] == Original("1000", ("1004",), ("1001",))


def test_rows_have_the_value_that_was_read_back() -> None:
    table = [{"key": FIN, "after": "30", "reason": None}, {"key": LIMIT, "after": "1001", "reason": None}]
    table.append({"key": "other", "after": "1", "reason": None})
    values = read_back.found(HOST, GOOD)
    assert read_back.rows_as_found(table, values) == [
        table[0],
        {"key": LIMIT, "after": "1004", "reason": "the kernel rounds 1001 to 1004"},
        table[2],
    ]


def test_rows_hide_secrets() -> None:
    table = [{"key": KEY, "after": "(secret)", "reason": None}]
    assert read_back.rows_as_found(table, {KEY: "1-2-3-4"}) == table
