# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plan for open-file limits: a record that planner.py computes."""

from __future__ import annotations

from typing import NamedTuple

from . import journal
from .desired import Desired
from .journal import State
from .live import Change
from .profile_files import LeftAlone
from .snapshot import Host
from .steps import Action, RemoveFile, SetLimit, WriteFile


class Plan(NamedTuple):
    """The steps and what they are based on.

    host: as it would be without us. actions: in order. before, after: the journal now and once the actions are done.
    desired: the files and the decisions behind them. live: one change for each process considered. left_alone: what is
    not reverted. waiting: the actions that are left for the confirmation.
    """

    host: Host
    actions: tuple[Action, ...]
    before: State
    after: State
    desired: Desired
    live: tuple[Change, ...]
    left_alone: tuple[LeftAlone, ...]
    warnings: tuple[str, ...]
    waiting: tuple[Action, ...] = ()

    def texts(self) -> dict[str, str | None]:
        """Return the future text of each file that the plan changes, now or once confirmed; None if it is removed."""
        texts: dict[str, str | None] = {}
        for action in (*self.actions, *self.waiting):
            if isinstance(action, (WriteFile, RemoveFile)):
                texts[action.path] = action.after if isinstance(action, WriteFile) else None
        return texts

    def deferred(self) -> Plan:
        """Return the plan with its file actions left for the confirmation; the journal has both texts of each file."""
        live_actions = tuple(action for action in self.actions if isinstance(action, SetLimit))
        waiting = tuple(action for action in self.actions if not isinstance(action, SetLimit))
        both = journal.during(self.before, self.after)
        after = self.after._replace(files=both.files, directories=both.directories, reload=self.before.reload)
        return self._replace(actions=live_actions, after=after, waiting=waiting)
