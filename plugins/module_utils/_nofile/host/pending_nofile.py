# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How to take a plan for open-file limits back that is about to be carried out but for its files: told from the plan,
before anything is changed."""

from __future__ import annotations

from typing import Any, Iterable, Mapping

from ..._confirm.pending import NOFILE, LimitStep, Part
from ..._sysctl.host import pending_sysctl
from ..._sysctl.plan import Plan as Ceiling
from ..._sysctl.snapshot import Host
from .. import journal, live
from ..plan import Plan


def part(plan: Plan, ceilings: Iterable[tuple[Ceiling, Host]], options: Mapping[str, Any]) -> Part:
    """The part of open-file limits. ceilings: the plans for fs.nr_open, one at most. options: those of the module."""
    limits = Part(NOFILE, options, limits=_limits(plan), documents={"nofile": journal.render(plan.before)})
    for one, host in ceilings:
        limits = limits._replace(steps=pending_sysctl.steps(one, host), rows=pending_sysctl.rows(one))
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
