# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check whether a host can run a trial: each candidate is admitted like the setting of a profile."""

from __future__ import annotations

from typing import Any, Iterable, NamedTuple

from .._common.errors import InvalidOption
from .._parameters import write_order
from .._parameters.row import Parameter
from .._parameters.value import normal
from .._sysctl import admit as sysctl_admit
from .._sysctl import planner, report
from .._sysctl.hazards import Hazard
from .._sysctl.journal import EMPTY, State, current
from .._sysctl.plan import Wish
from .._sysctl.resolve import Situation
from .._sysctl.snapshot import Host
from .request import BEST, NEVER, Request


class Admitted(NamedTuple):
    """request: with the parameter's name on this host, and candidates in normal form. before: the present value.

    hazards: a sentence for each accepted hazard.
    """

    request: Request
    before: str
    hazards: tuple[str, ...] = ()


def names_to_read(request: Request) -> list[str]:
    """Return the parameters whose values admit() needs."""
    return planner.names_to_read(sysctl_admit.names_to_read([request.key]), EMPTY)


def admit(request: Request, host: Host, journal: State, *, accept_hazards: frozenset[str]) -> Admitted:
    """Return the trial as this host can run it. Raises InvalidOption with every reason why it cannot."""
    judged = [sysctl_admit.admit({request.key: given}, host)[0] for given in request.candidates]
    refused = list(dict.fromkeys(setting.reason for setting in judged if setting.status))
    if refused:
        raise InvalidOption("; ".join(refused))
    parameter = judged[0].parameter
    before = normal(parameter, host.reading(parameter.name).text or "")
    values = [setting.request.value for setting in judged if setting.request is not None]
    _refuse_useless_candidates(parameter, values, before)
    _refuse_coupled(parameter, host)
    _refuse_drift(parameter, before, current(journal, boot_id=host.boot_id), request)
    hazards = _hazards(judged, host, accept_hazards)
    return Admitted(request._replace(key=parameter.name, candidates=tuple(values)), before, hazards)


def _refuse_useless_candidates(parameter: Parameter, values: list[str], before: str) -> None:
    duplicate = next((value for value in values if values.count(value) > 1), None)
    if duplicate is not None:
        raise InvalidOption(f"candidates: {duplicate} is given more than once")
    if values == [before]:
        raise InvalidOption(f"candidates: {parameter.name} is {before} already, so there is nothing to compare")


def _refuse_coupled(parameter: Parameter, host: Host) -> None:
    if parameter.secret:
        raise InvalidOption(f"{parameter.name} is a secret, but a trial shows its candidates")
    other = write_order.counterpart(parameter.name)
    if other and host.reading(other).text is not None:
        raise InvalidOption(
            f"{parameter.name} cannot be changed alone: the kernel sets {other} to 0 with it, and a trial of two"
            " parameters proves nothing"
        )


def _refuse_drift(parameter: Parameter, before: str, journal: State, request: Request) -> None:
    """Raise InvalidOption unless a trial, which returns to `before`, leaves profiles as they are."""
    holders = [name for name, profile in journal.profiles.items() if request.key in profile.requests]
    holders += [name for name, profile in journal.profiles.items() if parameter.name in profile.requests]
    if not holders:
        return
    original, held = journal.keys.get(parameter.name), " and ".join(sorted(set(holders)))
    if original is not None and not Situation(parameter, before, None, original).is_ours:
        raise InvalidOption(
            f"{parameter.name} is {before}, but profile {held} sets it to {original.ours[-1]}: apply the profile first,"
            " so that the trial ends at its value"
        )
    if request.keep == BEST:
        raise InvalidOption(
            f"keep is {BEST}, but profile {held} sets {parameter.name} to {before}: use keep: {NEVER}"
            f" (nettune_trial_keep={NEVER} in the playbook), and add the best value to the profile"
        )


def _hazards(judged: list[Any], host: Host, accept_hazards: frozenset[str]) -> tuple[str, ...]:
    """Return the accepted hazards. Raises InvalidOption if a candidate has others, or cannot be set."""
    accepted, refused = [], []
    for setting in judged:
        wish = Wish("trial", (setting,), persistent=False, accept_hazards=accept_hazards)
        plan = planner.calculate(wish, host, EMPTY)
        reasons = [row["reason"] for row in report.rows(plan, host) if row["status"] == sysctl_admit.REFUSED]
        refused += [_with_next_step(reason, plan.hazards) for reason in reasons]
        accepted += [f"{one.hazard}: {one.key} {one.text}" for one in plan.hazards]
    if refused:
        raise InvalidOption("; ".join(dict.fromkeys(refused)))
    return tuple(dict.fromkeys(accepted))


def _with_next_step(reason: str, hazards: Iterable[Hazard]) -> str:
    """Return the reason, and how to accept the hazard in the playbook if it is one."""
    name = next((one.hazard for one in hazards if reason == one.refusal()), "")
    if not name:
        return reason
    return f"{reason} (nettune_trial_accept_hazards={name} in the playbook)"
