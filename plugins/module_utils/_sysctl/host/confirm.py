# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Profiles of kernel parameters whose changes can wait for a confirmation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..._confirm import pending
from ..._confirm.host.states import ABSENT, Confirmable, Run
from ..._confirm.pending import Part
from .. import report
from . import pending_sysctl
from .apply import Planned


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
        return pending_sysctl.part(planned.plan, planned.host, options)

    def _nothing(self, name: str) -> Planned:
        return self._profiles.nothing(name)

    def _takes_effect(self, planned: Planned) -> bool:
        return planned.plan.changes_anything

    def _changes(self, planned: Planned) -> bool:
        return planned.plan.changes_anything or planned.plan.before != planned.plan.after
