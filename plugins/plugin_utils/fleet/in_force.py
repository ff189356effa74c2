# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether the profiles of a whole fleet are in force: one table of what is not, host by host."""

from __future__ import annotations

from typing import Any, Mapping, NamedTuple, Sequence

from ansible_collections.nettune.tcp.plugins.module_utils._common import text
from ansible_collections.nettune.tcp.plugins.module_utils._verify import differences
from ansible_collections.nettune.tcp.plugins.module_utils._verify.differences import Difference

from .members import Missing, one_line

_HEADER = ("HOST", differences.PROFILE, *differences.HEADER)
_NONE = "-"
NO_PROFILE = "no profile has been applied here"


class Member(NamedTuple):
    """A host and its result of profile_info."""

    host: str
    result: Mapping[str, Any]


class Verdict(NamedTuple):
    """lines: for people. holds: whether every profile of every host is in force."""

    lines: list[str]
    holds: bool


def verdict(members: Sequence[Member | Missing]) -> Verdict:
    """What is not in force on which host, then who could not be asked, then who has no profile; and a line to sum
    it up.
    """
    asked = [one for one in members if isinstance(one, Member)]
    missing = [one for one in members if isinstance(one, Missing)]
    wrong = [one for one in asked if one.result["not_in_force"]]
    without = [one for one in asked if not (one.result["not_in_force"] or one.result["profiles"])]
    rows = [_row(one.host, row) for one in wrong for row in one.result["not_in_force"]]
    rows += [_about(one.host, _absence(one)) for one in missing]
    rows += [_about(one.host, NO_PROFILE) for one in without]
    counts = {
        "in force": len(asked) - len(wrong) - len(without),
        "not as their profiles say": len(wrong),
        "could not be asked": len(missing),
        "without a profile": len(without),
    }
    table = [*text.lines(_HEADER, rows), ""] if rows else []
    said = [f"{count} {what}" for what, count in counts.items() if count]
    return Verdict([*table, f"{_hosts(len(members))}: {', '.join(said)}"], not wrong and not missing)


def _row(host: str, row: Mapping[str, str]) -> tuple[str, ...]:
    return (host, row["profile"], *(row[field] for field in Difference._fields))


def _about(host: str, why: str) -> tuple[str, ...]:
    return (host, *[_NONE] * (len(_HEADER) - 2), why)


def _absence(one: Missing) -> str:
    return f"{'unreachable' if one.unreachable else 'failed'}: {one_line(one.why)}"


def _hosts(count: int) -> str:
    return "1 host" if count == 1 else f"{count} hosts"
