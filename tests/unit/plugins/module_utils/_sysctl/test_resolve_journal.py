# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the journal keeps of a parameter, and parameters that do not exist or whose value at boot is not known."""

from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._parameters.row import Parameter
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl import resolve
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.journal import Original
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.request import AT_LEAST, DISPLACED, Request
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.resolve import Situation, Target

NUMBER = Parameter("x.number", module="x_mod")
KNOWN = Parameter("x.known", default="100", module="x_mod")
ROUNDS = Parameter("x.rounds", rounds=True)
PORTS = Parameter("x.ports", "ports")
VECTOR = Parameter("x.vector", "vector", count=3, default="1 2 3")
RANGE = Parameter("net.ipv4.ip_local_port_range", "vector", count=2)


def row(before: str | None, *ours: str, line: str | None = None, settled: bool = True) -> Original:
    return Original(before, ours, ours, line, settled)


def target(value: str, line: str | None = None, is_bound: bool = False) -> Target:
    return Target(value, line, value, is_bound=is_bound)


def test_first_change_records_the_original() -> None:
    found = resolve.journalled(Situation(NUMBER, "4", None, None), Target("8", "5", "7"))
    assert found == Original("4", ("8",), ("7",), "5")


def test_parameter_that_does_not_exist_has_no_original() -> None:
    found = resolve.journalled(Situation(NUMBER, "", None, None, exists=False), target("8", "8"))
    assert found == Original(None, ("8",), ("8",), "8")


def test_parameter_whose_module_was_unloaded_keeps_its_row_and_gets_the_new_line() -> None:
    known = row("4", "8", line="8")
    found = resolve.journalled(Situation(NUMBER, "", None, known, exists=False), target("9", "9"))
    assert found == known._replace(line="9")


@pytest.mark.parametrize(
    ("running", "before"),
    [
        # The module was loaded, and our file has set the value: nothing is known of the host without us.
        ("8", None),
        ("64", "64"),
    ],
)
def test_original_is_recorded_once_the_module_is_loaded(running: str, before: str | None) -> None:
    known = row(None, "8", line="8")
    assert resolve.journalled(Situation(NUMBER, running, None, known), target("9", "9")).before == before


@pytest.mark.parametrize("running", ["4", "8", "6"])
def test_original_stays_when_an_exact_value_changes(running: str) -> None:
    found = resolve.journalled(Situation(NUMBER, running, None, row("4", "8")), target("9", "9"))
    assert found == row("4", "9", line="9")


def test_higher_value_of_someone_else_does_not_become_ours() -> None:
    known = row("4", "8", line="8")
    found = resolve.journalled(Situation(NUMBER, "16", None, known), target("16", "10", is_bound=True))
    assert found == known._replace(line="10")
    # An exact value that happens to run already does.
    assert resolve.journalled(Situation(NUMBER, "16", None, known), target("16", "16")) == row("4", "16", line="16")


@pytest.mark.parametrize(
    ("known", "before"),
    [
        # The floor was satisfied, so we wrote nothing; 6 is what the host has without us.
        (row("9", "9"), "6"),
        # We wrote 8; the original stays 4.
        (row("4", "8"), "4"),
        (row("9", "9", "8"), "9"),
    ],
)
def test_lower_value_of_someone_else_is_the_new_original_if_we_wrote_none(known: Original, before: str) -> None:
    found = resolve.journalled(Situation(NUMBER, "6", None, known), target("8", "8", is_bound=True))
    assert found == row(before, "8", line="8")


# The second row is that of an interrupted run, which has two values that may be ours.
@pytest.mark.parametrize("known", [row("4", "8"), row("4", "6", "8")])
def test_own_value_stays_ours_under_a_floor(known: Original) -> None:
    found = resolve.journalled(Situation(NUMBER, "8", None, known), target("8", "8", is_bound=True))
    assert found == row("4", "8", line="8")


@pytest.mark.parametrize(
    ("how", "asked", "boot", "original", "value", "line"),
    [
        ("value", "5", None, None, "5", "5"),
        ("value", "5", "5", None, "5", "5"),
        ("at_least", "5", None, None, "5", "5"),
        ("at_least", "5", "9", None, "9", None),
        ("at_least", "5", "4", None, "5", "5"),
        ("at_least", "5", None, row("9", "9"), "9", "9"),
        ("at_least", "5", "4", row("9", "9"), "5", "5"),
        ("at_most", "5", "4", None, "4", None),
    ],
)
def test_parameter_before_its_module_is_loaded(
    how: str, asked: str, boot: str | None, original: Original | None, value: str, line: str | None
) -> None:
    found = resolve.resolve_absent(Situation(NUMBER, "", boot, original, exists=False), Request(how, asked))
    assert found == Target(value, line, value, "takes effect when x_mod is loaded", is_bound=how != "value")


def test_parameter_that_does_not_exist_and_has_no_module() -> None:
    absent = Situation(RANGE, "", None, None, exists=False)
    found = resolve.resolve_absent(absent, Request("value", "1024 65535"))
    assert found.note == "takes effect when the parameter exists"


def test_default_counts_at_boot_unless_something_may_set_another_value() -> None:
    floor = Request(AT_LEAST, "50")
    assert resolve.resolve(Situation(KNOWN, "100", None, None), floor).line is None
    assert resolve.resolve(Situation(KNOWN, "100", None, None, boot_is_known=False), floor).line == "100"
    absent = Situation(KNOWN, "", None, None, exists=False)
    assert resolve.resolve_absent(absent, floor).line is None
    assert resolve.resolve_absent(absent._replace(boot_is_known=False), floor).line == "50"


@pytest.mark.parametrize("boot", ["9 two 9", "9 9", "9 9 9 9"])
def test_line_that_the_kernel_would_refuse_leaves_the_default(boot: str) -> None:
    assert Situation(VECTOR, "1 2 3", boot, None).boot_without_us == "1 2 3"
    assert Situation(VECTOR, "1 2 3", "9 9 9", None).boot_without_us == "9 9 9"


@pytest.mark.parametrize(("running", "note"), [("0", ""), ("7", "the kernel sets it to 0 with its counterpart")])
def test_counterpart_that_the_kernel_sets_to_0(running: str, note: str) -> None:
    found = resolve.resolve(Situation(NUMBER, running, "7", None), Request(DISPLACED, "0"))
    assert found == Target("0", None, "0", note)


@pytest.mark.parametrize(
    ("how", "asked", "running", "note"),
    [
        (AT_LEAST, "5000 60000", "1024 65535", "already wider than 5000 60000"),
        ("at_most", "5000 60000", "8000 50000", "already narrower than 5000 60000"),
        (AT_LEAST, "1024 65535", "5000 60000", ""),
    ],
)
def test_note_for_a_range(how: str, asked: str, running: str, note: str) -> None:
    found = resolve.resolve(Situation(RANGE, running, None, None), Request(how, asked))
    assert (found.note, found.is_bound) == (note, True)


def test_value_of_our_line_says_nothing_about_a_host_on_which_the_parameter_did_not_exist() -> None:
    known = row(None, "8", line="8")
    assert resolve.resolve(Situation(NUMBER, "8", None, known), Request(AT_LEAST, "5")).value == "5"
    assert resolve.resolve(Situation(NUMBER, "9", None, known), Request(AT_LEAST, "5")).value == "9"
    assert Situation(NUMBER, "8", None, known).without_us == "8"


@pytest.mark.parametrize(("parameter", "value"), [(KNOWN, "100"), (NUMBER, None)])
def test_parameter_without_an_original_is_reverted_to_its_default(parameter: Parameter, value: str | None) -> None:
    assert resolve.restore(Situation(parameter, "8", None, row(None, "8"))) == value


def test_only_rounded_values_may_be_ours_unread() -> None:
    assert not Situation(NUMBER, "9", None, row("4", "5", settled=False)).is_ours
    assert Situation(ROUNDS, "9", None, row("4", "5", settled=False)).is_ours


def test_only_rounded_values_are_kept_as_they_are() -> None:
    known = Original("4", ("8",), ("5",))
    assert resolve.resolve(Situation(NUMBER, "8", None, known), Request("value", "5")).value == "5"
    assert resolve.resolve(Situation(ROUNDS, "8", None, None), Request("value", "5")).value == "5"


@pytest.mark.parametrize(
    ("boot", "running", "asked"),
    [(None, "25", "80"), ("443", "25", "80,443"), ("25", "25", "80"), ("25,443", "25", "80,443")],
)
def test_ports_that_boot_sets_and_the_host_lacks_are_added_with_ours(
    boot: str | None, running: str, asked: str
) -> None:
    assert resolve.resolve(Situation(PORTS, running, boot, None), Request("include", "80")).asked == asked


def test_ports_of_others_stay() -> None:
    # Ours was there before us, so it is not one that we added.
    known = Original("80", ("80",), ("80",))
    assert resolve.resolve(Situation(PORTS, "80,99", None, known), Request("include", "90")).value == "80,90,99"
    # Someone else has removed 25 in between, so only what an exact set removes comes back.
    assert resolve.restore(Situation(PORTS, "80,99", None, Original("25", ("25,80", "80,99"), ("80",)))) == "99"


def test_set_of_ports_that_did_not_exist_before() -> None:
    known = Original(None, ("80",), ("80",))
    assert resolve.restore(Situation(PORTS, "80,99", None, known)) == "99"
    assert resolve.resolve(Situation(PORTS, "80,99", None, known), Request("include", "90")).value == "90,99"
