# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run is asked for, and the plan that is made of it: records only, calculated by sysctl_plan."""

from __future__ import annotations

from typing import Any, Mapping, NamedTuple

from .._parameters import value as sysctl_value
from .._parameters import write_order
from .._parameters.catalogue import HIDDEN, shown
from .._parameters.write_order import Change
from . import admit, journal
from .admit import Setting
from .boot import Boot
from .file_change import FileChange
from .hazards import Hazard
from .journal import State
from .modules import Module
from .resolve import Target
from .snapshot import Host


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


# Whether what was read back is what was planned; the kernel rounds some values.


def found(host: Host, read_back: Mapping[str, str | None]) -> dict[str, str]:
    """What the kernel has made of each value, in normal form. read_back: what it prints, by parameter."""
    return {name: sysctl_value.normal(admit.describe(name, host), text or "") for name, text in read_back.items()}


def problems(plan: Plan, host: Host, values: Mapping[str, str]) -> list[str]:
    """Sentences about values that did not come to be. values: what is found."""
    said = []
    for name, change in plan.writes:
        value = values[name]
        if value != change.after and not admit.describe(name, host).rounds:
            written, read = shown(name, change.after), shown(name, value) or "nothing"
            said.append(f"{name}: {written} was written, {read} is read back: something else may write it")
    return said


def finished(plan: Plan, values: Mapping[str, str]) -> State:
    """The journal as it really is once the plan is carried out. values: what is found."""
    keys = {
        name: original._replace(ours=(values[name],)) if name in values else original
        for name, original in plan.after.keys.items()
    }
    return plan.after._replace(keys=keys)


def rows_as_found(table: list[dict[str, Any]], values: Mapping[str, str]) -> list[dict[str, Any]]:
    """The rows once the plan is carried out: some values are rounded by the kernel."""
    return [_as_found(row, values.get(row["key"])) for row in table]


def _as_found(row: dict[str, Any], value: str | None) -> dict[str, Any]:
    if value is None or row["after"] in (value, HIDDEN):
        return row
    return {**row, "after": value, "reason": f"the kernel makes {value} of {row['after']}"}
