# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""fs.nr_open, the ceiling of every open-file limit. A sysctl profile of its own raises it before a limit above it.

Most hosts need no higher ceiling. So that they do not spend half of a run on compiling what plans sysctl profiles,
that is imported inside the functions that need it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ..._common.errors import ApplyFailed
from ..._common.profile_name import for_nr_open, of_user
from ..._common.status import REFUSED, SKIPPED
from ..._host.files import HostFiles
from ..._host.journal import Journal
from ..._sysctl import journal

if TYPE_CHECKING:
    from ..._sysctl.host.apply import Planned
    from ..._sysctl.host.profiles import SysctlProfiles

_KEY = "fs.nr_open"


class Ceiling(NamedTuple):
    """value: of fs.nr_open once `planned` is carried out. reason: why it cannot be higher; empty if it can."""

    value: int
    reason: str = ""
    planned: Planned | None = None

    @property
    def changed(self) -> bool:
        return self.planned is not None and self.planned.plan.changes_anything

    def deferred(self) -> Ceiling:
        """Return the same with its drop-in left for the confirmation."""
        if self.planned is None:
            return self
        return self._replace(planned=self.planned._replace(plan=self.planned.plan.deferred()))


class NrOpen:
    """The ceiling of one host. Hold the lock of the journal from planning to the end."""

    def __init__(self, files: HostFiles) -> None:
        self._files = files
        self._journal = Journal(files)

    def present(self, profile: str, hard: int, *, persistent: bool) -> Ceiling:
        """Plan to raise fs.nr_open to at least the hard limit of a profile."""
        value = self.value()
        if hard <= value and for_nr_open(profile) not in self._known():
            return Ceiling(value)
        planned = self._profiles().present(for_nr_open(profile), {_KEY: {"at_least": hard}}, persistent=persistent)
        row = planned.rows[0]
        if row["status"] in (REFUSED, SKIPPED):
            return Ceiling(value, row["reason"] or row["status"])
        return Ceiling(int(row["after"]), planned=planned)

    def absent(self, profile: str) -> Ceiling:
        """Plan to revert what a profile needed. Raises ApplyFailed if it cannot be read."""
        value = self.value()
        if for_nr_open(profile) not in self._known():
            return Ceiling(value)
        from ..._sysctl import report

        planned = self._profiles().absent(for_nr_open(profile))
        refused = report.refusals(planned.rows)
        if refused:
            raise ApplyFailed(refused)
        return Ceiling(value, planned=planned)

    def carry_out(self, ceiling: Ceiling) -> None:
        """Carry out a plan. Raises ApplyFailed after rolling everything back."""
        if ceiling.planned is not None:
            self._profiles().carry_out(ceiling.planned)

    def roll_back(self, profile: str, ceiling: Ceiling) -> None:
        """Undo a plan that was carried out, unless the profile existed before it."""
        if ceiling.planned is not None and for_nr_open(profile) not in ceiling.planned.plan.before.profiles:
            self.carry_out(self.absent(profile))

    def value(self) -> int:
        """Return the running value of fs.nr_open."""
        return int(self._files.read_text("/proc/sys/fs/nr_open") or "1048576")

    def profiles(self) -> list[str]:
        """Return the profiles of open-file limits for which fs.nr_open is raised."""
        return [of_user(name) for name in self._known() if name != of_user(name)]

    def _profiles(self) -> SysctlProfiles:
        from ..._sysctl.host.profiles import SysctlProfiles

        return SysctlProfiles(self._files)

    def _known(self) -> list[str]:
        return list(journal.parse(self._journal.load(journal.DOCUMENT)).profiles)


def files_of(ceiling: Ceiling) -> list[dict[str, str]]:
    """Return the files that the plan writes or removes, as rows of a result."""
    changes = ceiling.planned.plan.files if ceiling.planned else ()
    return [
        {
            "path": one.path,
            "status": "removed" if one.after is None else "changed" if one.before is not None else "created",
        }
        for one in changes
        if one.takes_effect
    ]


def left_alone_of(ceiling: Ceiling) -> list[dict[str, str | None]]:
    """Return what is not reverted because someone else has changed it since, as rows of a result."""
    if ceiling.planned is None:
        return []
    from ..._sysctl import report

    return report.left_alone(ceiling.planned.plan)


def diff_of(ceiling: Ceiling) -> list[dict[str, str]]:
    """Return the plan for `--diff`."""
    if ceiling.planned is None:
        return []
    from ..._sysctl import report

    return report.diff(ceiling.planned.plan)
