# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Profiles of kernel parameters whose changes can wait for a confirmation."""

from __future__ import annotations

from typing import Any, Mapping

from ..._confirm import pending
from ..._confirm.host.states import ABSENT, Confirmable, Run
from ..._confirm.pending import SYSCTL, Part, Step
from .. import admit, journal, report
from ..plan import Plan
from ..snapshot import Host
from .apply import Planned

# How to take a plan for kernel parameters back that is about to be carried out but for its files: told from the plan,
# before anything is written.

_TEXTS = ("texts", "module_texts")


def part(plan: Plan, host: Host, options: Mapping[str, Any]) -> Part:
    """The part of kernel parameters. options: those of the module, to carry it out again with its files."""
    return Part(SYSCTL, options, steps=steps(plan, host), rows=rows(plan))


def steps(plan: Plan, host: Host) -> tuple[Step, ...]:
    """What puts each value back, in the order they are written."""
    return tuple(_step(name, after, plan, host) for name, (_before, after) in plan.writes)


def _step(name: str, after: str, plan: Plan, host: Host) -> Step:
    parameter = admit.describe(name, host)
    before = " ".join((host.reading(name).text or "").split())
    # The kernel prints these in a form of its own; which one is known when it has been read back.
    unknown = parameter.rounds or parameter.kind == "ports"
    return Step(name, before, None if unknown else (after,), *plan.undo(name))


def rows(plan: Plan) -> dict[str, Any]:
    """The rows of the journal that the plan replaces, as they are now."""
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
    """The profiles of others whose drop-ins change with this one's."""
    both = {*plan.before.profiles} & {*plan.after.profiles} - {plan.wish.profile}
    pairs = {name: (plan.before.profiles[name], plan.after.profiles[name]) for name in sorted(both)}
    return [
        name for name, (one, other) in pairs.items() if any(getattr(one, at) != getattr(other, at) for at in _TEXTS)
    ]


class ConfirmableProfiles(Confirmable):
    """Of SysctlProfiles. The running values are what waits; the drop-ins are written when it is confirmed."""

    kind = pending.SYSCTL

    def left_elsewhere(self, run: Run) -> list[int]:
        """Processes in whose network namespaces something is left by a run that takes back."""
        return self._profiles.elsewhere() if run.state == ABSENT else []

    def _present(self, options: Mapping[str, Any]) -> Planned:
        return self._profiles.present(
            options["name"],
            options["settings"],
            persistent=options["persistent"],
            accept_hazards=frozenset(options["accept_hazards"]),
            connections=options["connections"],
            modules=options["modules"],
            take_over=options["take_over"],
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
