# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Profiles of open-file limits that can be applied pending a confirmation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Iterable, Mapping

from ..._common.json_shape import Maybe, Whole
from ..._confirm import pending
from ..._confirm.host.states import Confirmable
from ..._confirm.pending import NOFILE, LimitStep, Part
from .. import journal, live, request
from ..plan import Plan
from .profiles import Planned

if TYPE_CHECKING:
    from ..._sysctl.plan import Plan as SysctlPlan
    from ..._sysctl.snapshot import Host


def part(todo: Plan, ceilings: Iterable[tuple[SysctlPlan, Host]], options: Mapping[str, Any]) -> Part:
    """Return how to roll back a plan, computed before anything is changed. Its files are written on confirmation.

    ceilings: the plans for fs.nr_open, at most one. options: those of the module.
    """
    limits = Part(NOFILE, options, limits=_limits(todo), documents={"nofile": journal.render(todo.before)})
    for sysctl_plan, host in ceilings:
        from ..._sysctl.host import confirm as sysctl_confirm  # rarely needed, as nr_open.py explains

        limits = limits._replace(steps=sysctl_confirm.steps(sysctl_plan, host), rows=sysctl_confirm.rows(sysctl_plan))
    return limits


def _limits(todo: Plan) -> tuple[LimitStep, ...]:
    return tuple(
        LimitStep(
            change.process.pid,
            change.process.start,
            list(change.process.limit),
            [list(limit) for limit in live.attempts(change.process, change.after)],
        )
        for change in todo.live
        if change.after != change.process.limit
    )


class ConfirmableLimits(Confirmable):
    """NofileProfiles with confirmation: limits of processes and fs.nr_open are set at once, files once confirmed."""

    kind = pending.NOFILE
    # request.from_options() checks what is in the lists.
    options = Whole({"name": str, "users": Maybe(list), "services": Maybe(list)})

    def _present(self, options: Mapping[str, Any]) -> Planned:
        return self._profiles.present(options["name"], request.from_options(options))

    def _deferred(self, planned: Planned) -> Planned:
        ceilings = {name: ceiling.deferred() for name, ceiling in planned.ceilings.items()}
        return planned._replace(plan=planned.plan.deferred(), ceilings=ceilings)

    def _part(self, planned: Planned, options: Mapping[str, Any]) -> Part:
        ceilings = [one.planned for one in planned.ceilings.values() if one.planned is not None]
        return part(planned.plan, [(one.plan, one.host) for one in ceilings], options)

    def _nothing(self, name: str) -> Planned:
        return self._profiles.nothing()

    def _takes_effect(self, planned: Planned) -> bool:
        return planned.changes_anything

    def _changes(self, planned: Planned) -> bool:
        return planned.changes_anything or planned.plan.before != planned.plan.after
