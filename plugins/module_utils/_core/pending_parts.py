# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How to take a plan back that is about to be carried out but for its files: told from the plan, before anything is
written."""

from __future__ import annotations

from typing import Any, Iterable, Mapping

from . import nofile_journal, nofile_live, sysctl_admit, sysctl_journal
from .nofile_plan import Plan as NofilePlan
from .pending_change import NOFILE, SYSCTL, LimitStep, Part, Step
from .sysctl_host import Host
from .sysctl_plan_shape import Plan as SysctlPlan

_TEXTS = ("texts", "module_texts")


def of_sysctl(plan: SysctlPlan, host: Host, options: Mapping[str, Any]) -> Part:
    """The part of kernel parameters. options: those of the module, to carry it out again with its files."""
    return Part(SYSCTL, options, steps=_steps(plan, host), rows=_rows(plan))


def of_nofile(plan: NofilePlan, ceilings: Iterable[tuple[SysctlPlan, Host]], options: Mapping[str, Any]) -> Part:
    """The part of open-file limits. ceilings: the plans for fs.nr_open, one at most."""
    part = Part(NOFILE, options, limits=_limits(plan), documents={"nofile": nofile_journal.render(plan.before)})
    for one, host in ceilings:
        part = part._replace(steps=_steps(one, host), rows=_rows(one))
    return part


def _steps(plan: SysctlPlan, host: Host) -> tuple[Step, ...]:
    return tuple(_step(name, after, plan, host) for name, (_before, after) in plan.writes)


def _step(name: str, after: str, plan: SysctlPlan, host: Host) -> Step:
    parameter = sysctl_admit.describe(name, host)
    before = " ".join((host.reading(name).text or "").split())
    # The kernel prints these in a form of its own; which one is known when it has been read back.
    unknown = parameter.rounds or parameter.kind == "ports"
    return Step(name, before, None if unknown else (after,), *plan.undo(name))


def _rows(plan: SysctlPlan) -> dict[str, Any]:
    """The rows of the journal that the plan replaces, as they are now."""
    document = sysctl_journal.render(plan.before)
    profiles, keys, taken = (document.get(what, {}) for what in ("profiles", "keys", "taken"))
    gone = [name for name in profiles if name not in plan.after.profiles]
    others = {name: {field: profiles[name][field] for field in _TEXTS} for name in _rewritten(plan)}
    return {
        "version": sysctl_journal.VERSION,
        "profiles": {name: profiles.get(name) for name in (plan.wish.profile, *gone)},
        "texts": others,
        "keys": {name: keys.get(name) for name in plan.outcomes},
        "taken": {path: taken.get(path) for path in {**plan.before.taken, **plan.after.taken}},
    }


def _rewritten(plan: SysctlPlan) -> list[str]:
    """The profiles of others whose drop-ins change with this one's."""
    both = {*plan.before.profiles} & {*plan.after.profiles} - {plan.wish.profile}
    pairs = {name: (plan.before.profiles[name], plan.after.profiles[name]) for name in sorted(both)}
    return [
        name for name, (one, other) in pairs.items() if any(getattr(one, at) != getattr(other, at) for at in _TEXTS)
    ]


def _limits(plan: NofilePlan) -> tuple[LimitStep, ...]:
    return tuple(
        LimitStep(
            change.process.pid,
            change.process.start,
            list(change.process.limit),
            [list(limit) for limit in nofile_live.attempts(change.process, change.after)],
        )
        for change in plan.live
        if change.after != change.process.limit
    )
