# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The request of a run and its plan: records that planner.py computes."""

from __future__ import annotations

from typing import Any, Mapping, NamedTuple

from .._parameters import write_order
from .._parameters.write_order import Change
from . import journal
from .admit import Setting
from .boot import Boot
from .file_change import FileChange
from .hazards import Hazard
from .journal import State
from .modules import Module
from .resolve import Target


class Wish(NamedTuple):
    """The request of a run. profile: the one to apply, with `settings` and `modules` as checked against the host.

    remove: the profiles to revert instead. connections: how many the host must have memory for, 0 for any.
    take_over: whether to comment out lines in other files that override ours at boot. overrides: parameters whose
    request replaces those of other profiles.
    """

    profile: str = ""
    settings: tuple[Setting, ...] = ()
    persistent: bool = True
    accept_hazards: frozenset[str] = frozenset()
    remove: frozenset[str] = frozenset()
    connections: int = 0
    modules: tuple[Module, ...] = ()
    take_over: bool = False
    overrides: frozenset[str] = frozenset()


class Outcome(NamedTuple):
    """The plan for one parameter. running: None if it does not exist, for example because its module is not loaded.

    target: None if it no longer exists, or is left alone because someone else has changed it since. is_ours: whether
    the running value is one that we wrote, or what boot made of our line.
    """

    name: str
    running: str | None
    target: Target | None
    boot_before: Boot
    boot_after: Boot
    refused: str = ""
    is_ours: bool = False


class Plan(NamedTuple):
    """writes: to /proc/sys, in order. files: to replace or remove. before, after: states of the journal.

    outcomes: by parameter. conflicts: with other profiles, each {"key", "profile", "value", "reason"}. refused: of
    options other than settings, as (option, reason). waiting: files to replace or remove on confirmation; `files` is
    empty then.
    """

    wish: Wish
    writes: tuple[tuple[str, Change], ...]
    files: tuple[FileChange, ...]
    before: State
    after: State
    outcomes: Mapping[str, Outcome]
    conflicts: tuple[dict[str, Any], ...] = ()
    hazards: tuple[Hazard, ...] = ()
    refused: tuple[tuple[str, str], ...] = ()
    waiting: tuple[FileChange, ...] = ()

    @property
    def changes_anything(self) -> bool:
        return bool(self.writes) or any(change.takes_effect for change in (*self.files, *self.waiting))

    def deferred(self) -> Plan:
        """Return the plan with its files left for the confirmation; the journal has their old and new texts."""
        both = journal.during(self.before, self.after)
        profiles = {name: both.profiles[name] for name in self.after.profiles}
        after = self.after._replace(profiles=profiles, taken=both.taken)
        return self._replace(files=(), waiting=self.files, after=after)

    def undo(self, name: str) -> tuple[str, str]:
        """Return what undoes the write of `name`: a parameter, this one or its counterpart, and its value."""
        values = {key: one.running for key, one in self.outcomes.items() if one.running is not None}
        return write_order.undo(name, values[name], values)
