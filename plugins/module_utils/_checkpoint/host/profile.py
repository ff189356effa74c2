# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The checkpoint of a profile: what the journals say about it before a run, and how to return to that.

    {"sysctl": document or {}, "nofile": document or {}}

The documents are those of the journals, with this profile only; {} if the journal does not have it.
"""

from __future__ import annotations

from typing import Any, Mapping, NamedTuple

from ..._common.errors import ApplyFailed, InvalidOption
from ..._confirm.host.waiting import PendingChange
from ..._confirm.pending import NOFILE, SYSCTL
from ..._nofile import journal as nofile_journal
from ..._nofile.host.profiles import NofileProfiles
from ..._sysctl import journal as sysctl_journal
from ..._sysctl import report
from ..._sysctl.host.profiles import SysctlProfiles

Checkpoint = Mapping[str, Mapping[str, Any]]


class Restored(NamedTuple):
    """rolled_back: whether a change was pending. changed: whether anything was. left_alone: rows of both modules."""

    rolled_back: bool
    changed: bool
    left_alone: list[dict[str, Any]]


class ProfileCheckpoint:
    """The checkpoints of one profile on one host."""

    def __init__(self, name: str, sysctl: SysctlProfiles, nofile: NofileProfiles, confirm: PendingChange) -> None:
        self._name = name
        self._sysctl = sysctl
        self._nofile = nofile
        self._confirm = confirm

    def read(self) -> dict[str, dict[str, Any]]:
        """Return the checkpoint. Raises JournalError."""
        parameters = self._sysctl.recorded().profiles.get(self._name)
        limits = self._nofile.recorded().profiles.get(self._name)
        sysctl = sysctl_journal.State({self._name: parameters}, {}) if parameters else sysctl_journal.EMPTY
        nofile = nofile_journal.State({self._name: limits} if limits else {})
        return {SYSCTL: sysctl_journal.render(sysctl), NOFILE: nofile_journal.render(nofile)}

    def restore(self, saved: Checkpoint) -> Restored:
        """Return to a checkpoint: roll back a pending change, then apply the profile as it was, or revert it.

        Raises JournalError for a damaged checkpoint, and what applying raises.
        """
        parameters = sysctl_journal.parse(saved[SYSCTL]).profiles.get(self._name)
        limits = nofile_journal.parse(saved[NOFILE]).profiles.get(self._name)
        with self._nofile.lock():
            self._confirm.settle()
            rolled_back = self._confirm.roll_back(self._name)
            changed, left = self._restore_limits(limits)
        with self._sysctl.lock():
            also_changed, also_left = self._restore_parameters(parameters)
        return Restored(rolled_back, rolled_back or changed or also_changed, [*left, *also_left])

    def _restore_limits(self, wanted: nofile_journal.Request | None) -> tuple[bool, list[dict[str, Any]]]:
        if self._nofile.recorded().profiles.get(self._name) == wanted:
            return False, []
        planned = self._nofile.absent(self._name) if wanted is None else self._nofile.present(self._name, wanted)
        with self._confirm.deciding(NOFILE, self._name):
            result = self._nofile.carry_out(planned).result()
        return result["changed"], result["left_alone"]

    def _restore_parameters(self, wanted: sysctl_journal.Profile | None) -> tuple[bool, list[dict[str, Any]]]:
        if self._sysctl.recorded().profiles.get(self._name) == wanted:
            return False, []
        planned = self._sysctl.absent(self._name) if wanted is None else self._sysctl.again(self._name, wanted)
        refused = report.refusals(planned.rows)
        if refused:
            raise ApplyFailed(f"the profile cannot be applied as it was before: {refused}")
        with self._confirm.deciding(SYSCTL, self._name):
            result = report.result(planned.plan, self._sysctl.carry_out(planned).rows)
        return result["changed"], result["left_alone"]


def checked(given: Any) -> Checkpoint:
    """Return the option `checkpoint`. Raises InvalidOption if it is not what read() returned."""
    if not isinstance(given, Mapping) or set(given) != {SYSCTL, NOFILE}:
        raise InvalidOption("checkpoint: it must be the result `checkpoint` of state: saved")
    if not all(isinstance(document, Mapping) for document in given.values()):
        raise InvalidOption("checkpoint: its documents must be dictionaries")
    return given
