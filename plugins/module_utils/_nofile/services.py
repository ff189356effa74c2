# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Limits of services: what systemd gives a service without our files, and the drop-in that raises it."""

from __future__ import annotations

from typing import NamedTuple

from .._formats import unit_conf
from .._formats.rlimit import INFINITY, Limit, at_least, at_most, finite, reaches
from .._formats.unit_conf import Assignment
from . import profile_files
from .request import Request
from .snapshot import Files, Host, Unit


class Given(NamedTuple):
    """A limit that systemd gives to a service. assignment: the line that sets it, None for the built-in default."""

    limit: Limit
    assignment: Assignment | None

    def __str__(self) -> str:
        if self.assignment is None:
            return "systemd's default"
        infinite = max(self.assignment.limit) >= INFINITY
        return f"{self.assignment} says {self.assignment.limit}" if infinite else str(self.assignment)


class Decision(NamedTuple):
    """What to do for one service.

    without_us: what it gets without our files. limit: the value of its drop-in, None if it needs none. reason: of the
    decision, for people. skipped: why nothing can be done; empty otherwise.
    """

    unit: str
    without_us: Given | None = None
    limit: Limit | None = None
    reason: str = ""
    skipped: str = ""


def decide(unit: Unit, floor: Limit, host: Host, other_files: Files) -> Decision:
    """Decide how to raise the service to `floor`, but not above fs.nr_open, which no limit can exceed.

    other_files: its unit file and drop-ins without ours.
    """
    if unit.unavailable:
        return Decision(unit.name, skipped=unit.unavailable)
    without_us = given(other_files, host)
    if reaches(without_us.limit, at_most(floor, host.nr_open)):
        return Decision(unit.name, without_us, reason=f"already {without_us.limit} ({without_us})")
    reason = f"without nettune.tcp: {without_us.limit} ({without_us})"
    return Decision(unit.name, without_us, at_most(at_least(without_us.limit, floor), host.nr_open), reason)


def given(unit_files: Files, host: Host) -> Given:
    """Return what a unit file and its drop-ins give the service, or systemd's default."""
    for source, key in ((unit_files, unit_conf.UNIT_KEY), (host.defaults, unit_conf.DEFAULT_KEY)):
        assignment = unit_conf.last_assignment(source, key)
        if assignment:
            return Given(finite(assignment.limit, nr_open=host.nr_open), assignment)
    return Given(unit_conf.BUILT_IN, None)


def render(profile: str, request: Request, decision: Decision) -> str | None:
    """Return the text of the profile's drop-in, or None if the service has the limit without it."""
    if decision.limit is None or decision.without_us is None or reaches(decision.without_us.limit, request.floor):
        return None
    notes = [
        f"At least {request.floor} open files (soft:hard); no service takes a limit from limits.conf.",
        "A part that is higher than that is so already without this file and is not lowered.",
    ]
    return unit_conf.render(profile_files.header(profile, notes), decision.limit)
