# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Profiles of open-file limits whose changes can wait for a confirmation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..._confirm import pending
from ..._confirm.host.states import Confirmable
from ..._confirm.pending import Part
from .. import plan, request
from . import pending_nofile
from .apply import Planned


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
        return pending_nofile.part(planned.plan, [(one.plan, one.host) for one in ceilings], options)

    def _nothing(self, name: str) -> Planned:
        return self._profiles.nothing()

    def _takes_effect(self, planned: Planned) -> bool:
        return planned.changes_anything

    def _changes(self, planned: Planned) -> bool:
        return planned.changes_anything or planned.plan.before != planned.plan.after
