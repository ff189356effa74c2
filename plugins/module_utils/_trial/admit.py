# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a host can take a trial: every candidate is judged as a profile's setting would be, before any is written."""

from __future__ import annotations

from typing import Any, NamedTuple

from .._common.errors import InvalidOption
from .._parameters import value as sysctl_value
from .._parameters import write_order
from .._parameters.row import Parameter
from .._sysctl import admit as sysctl_admit
from .._sysctl import journal as sysctl_journal
from .._sysctl import planner, report
from .._sysctl.journal import EMPTY, State
from .._sysctl.plan import Wish
from .._sysctl.resolve import Situation
from .._sysctl.snapshot import Host
from .request import BEST, Request


class Admitted(NamedTuple):
    """request: with the parameter's name on this host, and candidates in normal form. before: the value found.

    hazards: sentences on those that were accepted.
    """

    request: Request
    before: str
    hazards: tuple[str, ...] = ()


def names_to_read(request: Request) -> list[str]:
    """The parameters that admit() needs the host's readings of."""
    return planner.concerned(sysctl_admit.names_to_read([request.key]), EMPTY)


def admit(request: Request, host: Host, journal: State, *, accept_hazards: frozenset[str]) -> Admitted:
    """The trial as this host can take it. Raises InvalidOption saying everything that stands in its way."""
    judged = [sysctl_admit.admit({request.key: given}, host)[0] for given in request.candidates]
    stops = list(dict.fromkeys(setting.reason for setting in judged if setting.status))
    if stops:
        raise InvalidOption("; ".join(stops))
    parameter = judged[0].parameter
    before = sysctl_value.normal(parameter, host.reading(parameter.name).text or "")
    values = [setting.request.value for setting in judged if setting.request is not None]
    _refuse_what_shows_nothing(parameter, values, before)
    _refuse_what_is_not_alone(parameter, host)
    _refuse_drift(parameter, before, sysctl_journal.current(journal, boot_id=host.boot_id), request)
    hazards = _hazards(judged, host, accept_hazards)
    return Admitted(request._replace(key=parameter.name, candidates=tuple(values)), before, hazards)


def _refuse_what_shows_nothing(parameter: Parameter, values: list[str], before: str) -> None:
    twice = next((value for value in values if values.count(value) > 1), None)
    if twice is not None:
        raise InvalidOption(f"candidates: {twice} is given more than once")
    if values == [before]:
        raise InvalidOption(f"candidates: {parameter.name} is {before} already, so there is nothing to try")


def _refuse_what_is_not_alone(parameter: Parameter, host: Host) -> None:
    if parameter.secret:
        raise InvalidOption(f"{parameter.name} is a secret, and a trial shows the values it tries")
    other = write_order.counterpart(parameter.name)
    if other and host.reading(other).text is not None:
        raise InvalidOption(
            f"{parameter.name} cannot be changed alone: the kernel sets {other} to 0 with it, and a trial in which two"
            " parameters change proves nothing"
        )


def _refuse_drift(parameter: Parameter, before: str, journal: State, request: Request) -> None:
    """After the trial a parameter of a profile has to be at the profile's value again, so there it has to begin."""
    holders = [name for name, profile in journal.profiles.items() if request.key in profile.requests]
    holders += [name for name, profile in journal.profiles.items() if parameter.name in profile.requests]
    if not holders:
        return
    original, held = journal.keys.get(parameter.name), " and ".join(sorted(set(holders)))
    if original is not None and not Situation(parameter, before, None, original).is_ours:
        raise InvalidOption(
            f"{parameter.name} is {before}, but profile {held} holds it at {original.ours[-1]}: run that again first,"
            " so that the trial ends where the profile wants it"
        )
    if request.keep == BEST:
        raise InvalidOption(
            f"keep is {BEST}, but profile {held} holds {parameter.name} at {before}: leave keep at never, and put the"
            " best value into the profile"
        )


def _hazards(judged: list[Any], host: Host, accept_hazards: frozenset[str]) -> tuple[str, ...]:
    """What was accepted. Raises InvalidOption where a plan for a candidate would be refused."""
    accepted, refused = [], []
    for setting in judged:
        wish = Wish("trial", (setting,), persistent=False, accept_hazards=accept_hazards)
        plan = planner.calculate(wish, host, EMPTY)
        refused += [row["reason"] for row in report.rows(plan, host) if row["status"] == sysctl_admit.REFUSED]
        accepted += [f"{one.hazard}: {one.key} {one.text}" for one in plan.hazards]
    if refused:
        raise InvalidOption("; ".join(dict.fromkeys(refused)))
    return tuple(dict.fromkeys(accepted))
