# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the playbook revert would revert, before it reverts anything: it needs named hosts and an existing profile."""

from __future__ import annotations

from typing import Any, Mapping

from ..fleet import document
from .drift import check_profile
from .host_names import natural, short
from .line import CRITICAL, DIM, Line, Row, Screen, paragraph, table
from .run import Run, missing_failures

_HEADER = ("HOST", "WOULD REVERT")
_REFUSED = (
    "Nothing was reverted. Name the hosts with -e target=GROUP or --limit HOST; -e target=all reverts all of them."
)
_FAILURE = "not reverted: name the hosts with -e target=GROUP or --limit HOST"


def draw(run: Run) -> Screen:
    """Return the hosts with their profiles, and the refusal, unless the hosts were named.

    Raises InvalidOption for a profile that no host has.
    """
    found = run.results()
    chosen = run.options.get("nettune_profile")
    if chosen:
        check_profile(chosen, found["hosts"])
    if run.options.get("target_given"):
        return Screen([], {}, found, [])
    failures = {host["host"]: {"msg": _FAILURE, "unreachable": False} for host in found["hosts"]}
    lines = [*_lines(found, chosen, run.width), Line(""), *paragraph(_REFUSED, width=run.width, severity=CRITICAL)]
    return Screen(lines, {**failures, **missing_failures(found)}, found, [])


def _lines(found: Mapping[str, Any], chosen: str | None, width: int) -> list[Line]:
    groups: dict[tuple[str, str], list[str]] = {}
    for host in sorted(found["hosts"], key=lambda host: natural(host["host"])):
        names = [profile["name"] for profile in host["profiles"] if chosen in (None, "", profile["name"])]
        groups.setdefault((", ".join(names), ""), []).append(host["host"])
    for row in found["missing"]:
        groups.setdefault((document.reason_of(row), CRITICAL), []).append(row["host"])
    bare = groups.pop(("", ""), [])
    rows = [Row((short(hosts), text), severity) for (text, severity), hosts in groups.items()]
    lines = table(_HEADER, rows, width=width)
    if bare:
        lines += paragraph(f"{short(bare)}: no profile", width=width, hanging="  ", severity=DIM)
    return lines
