# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Profiles of open-file limits whose changes can wait for a confirmation."""

from __future__ import annotations

from typing import Any, Iterable, Mapping

from ..._confirm import pending
from ..._confirm.host.states import Confirmable
from ..._confirm.pending import NOFILE, LimitStep, Part
from ..._sysctl.host import confirm
from ..._sysctl.plan import Plan as Ceiling
from ..._sysctl.snapshot import Host
from .. import journal, live, plan, request
from ..plan import Plan
from .apply import Planned

# How to take a plan for open-file limits back that is about to be carried out but for its files: told from the plan,
# before anything is changed.


def part(plan: Plan, ceilings: Iterable[tuple[Ceiling, Host]], options: Mapping[str, Any]) -> Part:
    """The part of open-file limits. ceilings: the plans for fs.nr_open, one at most. options: those of the module."""
    limits = Part(NOFILE, options, limits=_limits(plan), documents={"nofile": journal.render(plan.before)})
    for one, host in ceilings:
        limits = limits._replace(steps=confirm.steps(one, host), rows=confirm.rows(one))
    return limits


def _limits(plan: Plan) -> tuple[LimitStep, ...]:
    return tuple(
        LimitStep(
            change.process.pid,
            change.process.start,
            list(change.process.limit),
            [list(limit) for limit in live.attempts(change.process, change.after)],
        )
        for change in plan.live
        if change.after != change.process.limit
    )


class ConfirmableLimits(Confirmable):
    """Of NofileLimits. Limits of what runs and fs.nr_open are what waits; files are written when it is confirmed."""

    kind = pending.NOFILE

    def _present(self, options: Mapping[str, Any]) -> Planned:
        return self._profiles.present(options["name"], request.from_options(options))

    def _deferred(self, planned: Planned) -> Planned:
        ceilings = {name: ceiling.deferred() for name, ceiling in planned.ceilings.items()}
        return planned._replace(plan=plan.deferred(planned.plan), ceilings=ceilings)

    def _part(self, planned: Planned, options: Mapping[str, Any]) -> Part:
        ceilings = [one.planned for one in planned.ceilings.values() if one.planned is not None]
        return part(planned.plan, [(one.plan, one.host) for one in ceilings], options)

    def _nothing(self, name: str) -> Planned:
        return self._profiles.nothing()

    def _takes_effect(self, planned: Planned) -> bool:
        return planned.changes_anything

    def _changes(self, planned: Planned) -> bool:
        return planned.changes_anything or planned.plan.before != planned.plan.after
