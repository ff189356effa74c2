# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._parameters import catalogue
from ansible_collections.nettune.tcp.plugins.module_utils._parameters.row import Parameter
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl import resolve
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.journal import Original
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.request import Request
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.resolve import Situation

NUMBER = Parameter("x.number")
KNOWN = Parameter("x.known", default="100")
VECTOR = Parameter("x.vector", "vector", count=3)
ROUNDS = Parameter("x.rounds", rounds=True)
PORTS = Parameter("x.ports", "ports")


def situation(
    parameter: Parameter, running: str, boot: str | None = None, original: Original | None = None
) -> Situation:
    return Situation(parameter, running, boot, original)


def ours(before: str, value: str, asked: str = "", line: str | None = None, settled: bool = True) -> Original:
    return Original(before, (value,), (asked or value,), line, settled)


@pytest.mark.parametrize(
    ("parameter", "how", "asked", "running", "boot", "original", "value", "line"),
    [
        (NUMBER, "value", "5", "9", None, None, "5", "5"),
        (NUMBER, "value", "5", "5", "5", None, "5", "5"),
        (NUMBER, "at_least", "5", "4", None, None, "5", "5"),
        # It looks like a value set by hand, which a reboot may lower.
        (NUMBER, "at_least", "5", "6", None, None, "6", "6"),
        (NUMBER, "at_least", "5", "6", None, ours("6", "6", line="6"), "6", "6"),
        (NUMBER, "at_least", "5", "6", "5", None, "6", None),
        (KNOWN, "at_least", "50", "600", None, None, "600", None),
        (NUMBER, "at_least", "5", "4", "6", None, "5", None),
        (NUMBER, "at_least", "5", "9", "4", None, "9", "5"),
        (NUMBER, "at_least", "5", "4", "six", None, "5", "5"),
        (NUMBER, "at_least", "5", "4", "6 7", None, "5", "5"),
        (KNOWN, "at_least", "500", "600", None, None, "600", "500"),
        (KNOWN, "at_least", "50", "40", None, None, "50", None),
        # Our own value is disregarded: only the value without the profile counts.
        (NUMBER, "at_least", "5", "8", None, ours("4", "8"), "5", "5"),
        (NUMBER, "at_least", "5", "8", None, ours("4", "16", line="8"), "5", "5"),
        (NUMBER, "at_least", "5", "9", None, ours("4", "8"), "9", "5"),
        (NUMBER, "at_most", "5", "9", None, None, "5", "5"),
        (NUMBER, "at_most", "5", "4", None, None, "4", "4"),
        (NUMBER, "at_most", "5", "4", "4", None, "4", None),
        (NUMBER, "at_most", "5", "4", "9", None, "4", "5"),
        (NUMBER, "at_most", "5", "3", None, ours("9", "3"), "5", "5"),
        (VECTOR, "at_least", "1 20 3", "10 2 30", None, None, "10 20 30", "10 20 30"),
        (VECTOR, "at_least", "1 20 3", "4 5 6", None, None, "4 20 6", "4 20 6"),
        (VECTOR, "at_least", "1 2 3", "4 5 6", "1 2 3", None, "4 5 6", None),
        (VECTOR, "at_least", "1 2 3", "4 5 6", "0 9 9", None, "4 5 6", "1 9 9"),
        (ROUNDS, "value", "5", "8", None, ours("4", "8", "5"), "8", "5"),
        (ROUNDS, "value", "5", "8", None, ours("4", "8", "5", settled=False), "5", "5"),
        (ROUNDS, "value", "6", "8", None, ours("4", "8", "5"), "6", "6"),
        (ROUNDS, "value", "5", "12", None, ours("4", "8", "5"), "5", "5"),
        (ROUNDS, "at_least", "5", "8", None, ours("4", "8", "5"), "8", "5"),
        (PORTS, "value", "80", "25", None, None, "80", "80"),
        (PORTS, "include", "80", "", None, None, "80", "80"),
        (PORTS, "include", "80", "25", None, None, "25,80", "80"),
        (PORTS, "include", "80", "80", "80", None, "80", None),
        (PORTS, "include", "80", "25", "80,443", None, "25,80,443", None),
        (PORTS, "include", "80", "25", "443", None, "25,80,443", "80,443"),
        (PORTS, "include", "80", "25,81", None, ours("25", "25,81", "81"), "25,80", "80"),
        (PORTS, "include", "80", "25,81,99", None, ours("25", "25,81", "81"), "25,80,99", "80"),
        (PORTS, "include", "80", "", "80,http", None, "80", "80"),
        (PORTS, "include", "", "25", None, None, "25", None),
    ],
)
def test_values_now_and_at_boot(
    parameter: Parameter,
    how: str,
    asked: str,
    running: str,
    boot: str | None,
    original: Original | None,
    value: str,
    line: str | None,
) -> None:
    target = resolve.resolve(situation(parameter, running, boot, original), Request(how, asked))
    assert (target.value, target.line) == (value, line)


@pytest.mark.parametrize(
    ("how", "asked", "running", "note"),
    [
        ("at_least", "5", "6", "already above 5"),
        ("at_least", "5", "5", ""),
        ("at_least", "5", "4", ""),
        ("at_most", "5", "4", "already below 5"),
        ("value", "5", "6", ""),
    ],
)
def test_note_for_a_bound_that_is_already_met(how: str, asked: str, running: str, note: str) -> None:
    assert resolve.resolve(situation(NUMBER, running), Request(how, asked)).note == note


def test_note_for_a_value_that_the_kernel_rounds() -> None:
    target = resolve.resolve(situation(ROUNDS, "8", None, ours("4", "8", "5")), Request("value", "5"))
    assert (target.asked, target.note) == ("5", "the kernel rounds 5 to 8")


@pytest.mark.parametrize(
    ("parameter", "running", "original", "value"),
    [
        (NUMBER, "9", None, "9"),
        (NUMBER, "5", ours("4", "5"), "4"),
        (NUMBER, "4", ours("4", "5"), "4"),
        (NUMBER, "9", ours("4", "5"), None),
        (NUMBER, "6", ours("4", "5", line="6"), "4"),
        (NUMBER, "3", Original("4", ("3", "5"), ("3", "5")), "4"),
        (NUMBER, "", ours("", "5"), ""),
        (ROUNDS, "8", ours("4", "8", "5"), "4"),
        (ROUNDS, "8", ours("4", "5", settled=False), "4"),
        (ROUNDS, "8", ours("4", "5"), None),
        (PORTS, "80", ours("", "80"), ""),
        (PORTS, "25,80", ours("25", "25,80", "80"), "25"),
        (PORTS, "25,80,99", ours("25", "25,80", "80"), "25,99"),
        (PORTS, "80", ours("25", "25,80", "80"), ""),
        (PORTS, "25,80,99", ours("25", "25,80,99", "80"), "25,99"),
        (PORTS, "80", ours("25", "80"), "25"),
        (PORTS, "80,99", ours("25", "80"), "25,99"),
        (PORTS, "80-81", Original("", ("80", "81"), ("80", "81")), ""),
        (PORTS, "25,80", ours("25,80", "25,80", "80"), "25,80"),
    ],
)
def test_value_that_reverts_a_parameter(
    parameter: Parameter, running: str, original: Original | None, value: str | None
) -> None:
    assert resolve.restore(situation(parameter, running, None, original)) == value


@pytest.mark.parametrize(
    ("running", "original", "is_ours", "without_us"),
    [
        ("5", None, False, "5"),
        ("5", ours("4", "5"), True, "4"),
        ("6", ours("4", "5"), False, "6"),
        ("4", ours("4", "5"), False, "4"),
        ("6", ours("4", "5", line="6"), True, "4"),
    ],
)
def test_value_is_ours(running: str, original: Original | None, is_ours: bool, without_us: str) -> None:
    found = situation(NUMBER, running, None, original)
    assert (found.is_ours, found.without_us) == (is_ours, without_us)


def test_rounded_parameters() -> None:
    for name in ("net.netfilter.nf_conntrack_buckets", "net.ipv4.icmp_ratelimit"):
        known = catalogue.find(name)
        assert known is not None
        assert known.rounds
