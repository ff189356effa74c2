# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Profiles of kernel parameters that can be applied pending a confirmation."""

from __future__ import annotations

from typing import Any, Mapping

from ..._common.json_shape import Maybe, Whole
from ..._confirm import pending
from ..._confirm.host.states import ABSENT, Confirmable, Run
from ..._confirm.pending import SYSCTL, Part, Step
from .. import admit, journal, report
from ..plan import Plan
from ..snapshot import Host
from .apply import Planned

_TEXTS = ("texts", "module_texts", "requests")


def part(plan: Plan, host: Host, options: Mapping[str, Any]) -> Part:
    """Return how to roll back a plan, computed before anything is written. options: those of the module."""
    return Part(SYSCTL, options, steps=steps(plan, host), rows=rows(plan))


def steps(plan: Plan, host: Host) -> tuple[Step, ...]:
    """Return the steps of a plan with what restores each value, in the order in which they are written."""
    return tuple(_step(name, after, plan, host) for name, (_before, after) in plan.writes)


def _step(name: str, after: str, plan: Plan, host: Host) -> Step:
    parameter = admit.describe(name, host)
    before = " ".join((host.reading(name).text or "").split())
    # The kernel prints these in its own form, which is known once they have been read back.
    unknown = parameter.rounds or parameter.kind == "ports"
    return Step(name, before, None if unknown else (after,), *plan.undo(name))


def rows(plan: Plan) -> dict[str, Any]:
    """Return the rows of the journal that the plan replaces, as they are now."""
    document = journal.render(plan.before)
    profiles, keys, taken = (document.get(what, {}) for what in ("profiles", "keys", "taken"))
    gone = [name for name in profiles if name not in plan.after.profiles]
    others = {name: {field: profiles[name][field] for field in _TEXTS} for name in _rewritten(plan)}
    return {
        **journal.FORMAT.stamp(),
        "profiles": {name: profiles.get(name) for name in (plan.wish.profile, *gone)},
        "texts": others,
        "keys": {name: keys.get(name) for name in plan.outcomes},
        "taken": {path: taken.get(path) for path in {**plan.before.taken, **plan.after.taken}},
    }


def _rewritten(plan: Plan) -> list[str]:
    """Return the other profiles whose drop-ins change with the plan."""
    both = {*plan.before.profiles} & {*plan.after.profiles} - {plan.wish.profile}
    pairs = {name: (plan.before.profiles[name], plan.after.profiles[name]) for name in sorted(both)}
    return [
        name
        for name, (before, after) in pairs.items()
        if any(getattr(before, field) != getattr(after, field) for field in _TEXTS)
    ]


class ConfirmableProfiles(Confirmable):
    """SysctlProfiles with confirmation: running values are set at once, drop-ins are written once confirmed."""

    kind = pending.SYSCTL
    options = Whole(
        {
            "name": str,
            "settings": dict,
            "persistent": bool,
            "accept_hazards": [str],
            "connections": Maybe(int),
            "modules": Maybe([str]),
            "take_over": bool,
            "overrides": Maybe([str]),
        }
    )

    def left_elsewhere(self, run: Run) -> list[int]:
        """Return processes in whose network namespaces changes remain after a run that reverts."""
        return self._profiles.elsewhere() if run.state == ABSENT else []

    def _present(self, options: Mapping[str, Any]) -> Planned:
        return self._profiles.present(
            options["name"],
            options["settings"],
            persistent=options["persistent"],
            accept_hazards=frozenset(options["accept_hazards"]),
            connections=options.get("connections"),
            modules=options.get("modules"),
            take_over=options["take_over"],
            # Pending changes of earlier releases do not have it.
            overrides=frozenset(options.get("overrides") or ()),
        )

    def _deferred(self, planned: Planned) -> Planned:
        plan = planned.plan.deferred()
        return planned._replace(plan=plan, rows=report.rows(plan, planned.host))

    def _part(self, planned: Planned, options: Mapping[str, Any]) -> Part:
        return part(planned.plan, planned.host, options)

    def _nothing(self, name: str) -> Planned:
        return self._profiles.nothing(name)

    def _takes_effect(self, planned: Planned) -> bool:
        return planned.plan.changes_anything

    def _changes(self, planned: Planned) -> bool:
        return planned.plan.changes_anything or planned.plan.before != planned.plan.after
