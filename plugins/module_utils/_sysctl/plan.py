# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run is asked for, and the plan that is made of it: records only, calculated by sysctl_plan."""

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
    """What a run is asked for. settings: judged by sysctl_admit; none of them where profiles are to be taken away.

    profile: its name. remove: the profiles to take away instead. connections: that the host is to hold, 0 for no
    matter. modules: judged by modules_load.
    take_over: whether lines of others that beat ours at boot are commented out.
    """

    profile: str = ""
    settings: tuple[Setting, ...] = ()
    persistent: bool = True
    accept_hazards: frozenset[str] = frozenset()
    remove: frozenset[str] = frozenset()
    connections: int = 0
    modules: tuple[Module, ...] = ()
    take_over: bool = False


class Outcome(NamedTuple):
    """What becomes of one parameter. running: None where it is gone since, with what made it, or not there yet.

    target: None where it is gone, or left alone because somebody else changed it since.
    """

    name: str
    running: str | None
    target: Target | None
    boot_before: Boot
    boot_after: Boot
    refused: str = ""


class Plan(NamedTuple):
    """writes: of /proc/sys, in order. files: drop-ins to replace or remove. journal: the states before and after.

    outcomes: by parameter. conflicts: with other profiles, each {"key", "profile", "value"}. hazards: with whether
    accepted. refused: (option, why) of the options other than the settings that are refused. waiting: drop-ins to
    replace or remove once the rest is confirmed; `files` is empty then.
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
        """The plan whose drop-ins wait: the journal knows their texts of before and of then."""
        both = journal.during(self.before, self.after)
        profiles = {name: both.profiles[name] for name in self.after.profiles}
        after = self.after._replace(profiles=profiles, taken=both.taken)
        return self._replace(files=(), waiting=self.files, after=after)

    def undo(self, name: str) -> tuple[str, str]:
        """What to write to take back the write of `name`: a parameter, this one or its counterpart, and its value."""
        values = {key: one.running for key, one in self.outcomes.items() if one.running is not None}
        return write_order.undo(name, values[name], values)
