# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The profiles in a host's journal and the drift of each. Nothing is written."""

from __future__ import annotations

from typing import Any, Callable, Collection, Iterable, NamedTuple

from ..._common import profile_name
from ..._common.errors import NettuneError
from ..._common.suggest import closest, did_you_mean
from ..._confirm.host.waiting import PendingChange
from ..._confirm.pending import NOFILE, SYSCTL
from ..._nofile import report as nofile_report
from ..._nofile.host.profiles import NofileProfiles
from ..._nofile.steps import WriteFile
from ..._sysctl import modules, profile_files
from ..._sysctl import report as sysctl_report
from ..._sysctl.host.profiles import SysctlProfiles
from .. import differences
from ..differences import Difference

NOT_APPLIED = "never applied on this host, reverted, or applied only until the last reboot"


class Found(NamedTuple):
    """A difference of one profile."""

    profile: str
    difference: Difference


class ProfileDrift:
    """Drift of the profiles of one host.

    confirm: the pending changes of the host. best_effort: do not report limits that the host refuses.
    """

    def __init__(
        self, sysctl: SysctlProfiles, nofile: NofileProfiles, confirm: PendingChange, *, best_effort: bool = False
    ) -> None:
        self._sysctl = sysctl
        self._nofile = nofile
        self._confirm = confirm
        self._best_effort = best_effort

    def gather(self, *, only: str | None = None, expected: Iterable[str] = ()) -> dict[str, Any]:
        """Return `profiles` and `drift` for all profiles, or for the profile `only`.

        expected: profiles that the host must have. Raises NettuneError if a journal is damaged.
        """
        profiles = self._profiles()
        selected = [name for name in profiles if only in (None, name)]
        found = [one for name in selected for one in self._differences(name)]
        found += [one for one in (*self._rolled_back(), *self._unknown_files()) if only in (None, one.profile)]
        required = dict.fromkeys([*expected, *([only] if only else [])])
        known = {*profiles, *(one.profile for one in found)}
        found += [
            Found(name, differences.of_profile(differences.APPLIED, _not_applied(name, known)))
            for name in required
            if name not in known
        ]
        drifted = {one.profile for one in found}
        return {
            "profiles": [{**profiles[name], "drifted": name in drifted} for name in selected],
            "drift": [{"profile": one.profile, **one.difference._asdict()} for one in found],
        }

    def _profiles(self) -> dict[str, dict[str, Any]]:
        parameters, limits = self._sysctl.recorded().profiles, self._nofile.recorded().profiles
        names = sorted({*filter(profile_name.is_profile_name, parameters), *limits})
        return {
            name: {
                "name": name,
                "parameters": list(parameters[name].requests) if name in parameters else [],
                "nofile": str(limits[name].floor) if name in limits else None,
                "persistent": all(kind[name].persistent for kind in (parameters, limits) if name in kind),
            }
            for name in names
        }

    def _differences(self, name: str) -> list[Found]:
        parts: list[Callable[[], list[Difference]]] = [
            lambda: self._of_parameters(name),
            lambda: self._of_parameters(profile_name.for_nr_open(name)),
            lambda: self._of_limits(name),
        ]
        return [Found(name, one) for part in parts for one in _or_error(part)]

    def _of_parameters(self, profile: str) -> list[Difference]:
        recorded = self._sysctl.recorded().profiles.get(profile)
        if recorded is None:
            return []
        planned = self._sysctl.again(profile)
        written = {
            profile_files.path(profile): recorded.texts,
            modules.path(profile): recorded.module_texts,
        }
        ours = (one for one in planned.plan.files if written.get(one.path))
        changed = {one.path: one.before for one in ours if one.before not in written[one.path]}
        result = sysctl_report.result(planned.plan, planned.rows)
        name = profile_name.of_user(profile)
        result["confirm"] = self._confirm.shown(SYSCTL if name == profile else NOFILE, name)
        files = {} if result["confirm"]["pending"] else changed
        return differences.of_sysctl(result, allow_skipped=False) + differences.of_files(files)

    def _of_limits(self, profile: str) -> list[Difference]:
        recorded = self._nofile.recorded()
        if profile not in recorded.profiles:
            return []
        planned = self._nofile.again(profile)
        written = (one for one in planned.plan.actions if isinstance(one, WriteFile) and one.path in recorded.files)
        changed = {one.path: one.before for one in written if one.before not in recorded.files[one.path].texts}
        result = nofile_report.report(planned.plan, planned.requests)
        result["confirm"] = self._confirm.shown(NOFILE, profile)
        files = {} if result["confirm"]["pending"] else changed
        return differences.of_nofile(result, best_effort=self._best_effort) + differences.of_files(files)

    def _rolled_back(self) -> list[Found]:
        return [
            Found(name, differences.of_profile("confirmed", reason))
            for name, reason in self._confirm.rolled_back().items()
        ]

    def _unknown_files(self) -> list[Found]:
        """Return the files that are marked as ours but are not in a journal."""
        paths = {**self._sysctl.unknown_files(), **self._nofile.unknown_files()}
        return [Found(profile_name.of_user(name), differences.of_unknown_file(path)) for path, name in paths.items()]


def _not_applied(name: str, known: Collection[str]) -> str:
    """Return why the host does not have the profile `name`. known: the profiles that it has."""
    existing = f"; profiles of this host: {', '.join(sorted(known))}" if known else "; this host has no profiles"
    return f"{NOT_APPLIED}{existing}{did_you_mean(closest(name, known))}"


def _or_error(part: Callable[[], list[Difference]]) -> list[Difference]:
    """Return the differences, or one difference with the error that prevents the comparison."""
    try:
        return part()
    except NettuneError as error:
        return [differences.of_profile("-", str(error))]
