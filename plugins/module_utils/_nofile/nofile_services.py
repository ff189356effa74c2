# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Limits of services: what systemd gives each without us, and the drop-in that raises it without lowering anything."""

from __future__ import annotations

from typing import NamedTuple

from .._formats import unit_conf
from .._formats.rlimit import Limit, at_least, reaches
from .._formats.unit_conf import Assignment
from . import nofile_paths
from .request import Request
from .snapshot import Files, Host, Unit


class Given(NamedTuple):
    """What systemd's files give a service, and which line says so; None for the built-in default."""

    limit: Limit
    assignment: Assignment | None

    def __str__(self) -> str:
        return str(self.assignment) if self.assignment else "systemd's default"


class Verdict(NamedTuple):
    """What is to be done for one service.

    limit: for its drop-in, None where it needs none. skipped: why nothing can be done.
    """

    unit: str
    without: Given | None = None
    limit: Limit | None = None
    why: str = ""
    skipped: str = ""


def verdict(unit: Unit, floor: Limit, host: Host, others: Files) -> Verdict:
    """What raises the service to `floor`. others: its files but ours."""
    if unit.why_not:
        return Verdict(unit.name, skipped=unit.why_not)
    without = given(others, host)
    if reaches(without.limit, floor):
        return Verdict(unit.name, without, why=f"{without.limit} holds already: {without}")
    return Verdict(unit.name, without, at_least(without.limit, floor), f"without us: {without.limit} ({without})")


def given(files: Files, host: Host) -> Given:
    """What the files give a service."""
    for source, key in ((files, unit_conf.UNIT_KEY), (host.defaults, unit_conf.DEFAULT_KEY)):
        assignment = unit_conf.last_assignment(source, key)
        if assignment:
            return Given(unit_conf.finite(assignment.limit, nr_open=host.nr_open), assignment)
    return Given(unit_conf.BUILT_IN, None)


def render(profile: str, request: Request, verdict_: Verdict) -> str | None:
    """The profile's drop-in; None where the service has what the profile asks for."""
    if verdict_.limit is None or verdict_.without is None or reaches(verdict_.without.limit, request.floor):
        return None
    why = [
        f"At least {request.floor} open files (soft:hard); no service takes a limit from limits.conf.",
        "A part that is higher than that is so already without this file and is not lowered.",
    ]
    return unit_conf.render(nofile_paths.header(profile, why), verdict_.limit)
