# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read a host's open-file limits, and everything that determines them, for a plan."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from ..._common.errors import ForeignFile
from ..._formats import limits_conf
from ..._formats.limits_conf import Account
from ..._host.files import HostFiles
from ..._host.identity import boot_id
from .. import profile_files
from ..journal import State
from ..request import EVERYBODY, Request
from ..snapshot import Found, Host
from . import pam
from .processes import Processes
from .units import Units


class Snapshot:
    """Reads one host. account: returns an account by its name."""

    def __init__(
        self,
        host_files: HostFiles,
        *,
        units: Units | None = None,
        processes: Processes | None = None,
        account: Callable[[str], Account | None] = pam.account,
    ) -> None:
        self._files = host_files
        self.units = units or Units(host_files)
        self.processes = processes or Processes(host_files)
        self._account = account

    def take(self, profiles: dict[str, Request], state: State, *, nr_open: int, nr_open_reason: str = "") -> Host:
        """Return the current state of the host, as far as plans for `profiles` need it."""
        systemd = self.units.running()
        given = dict.fromkeys(name for request in profiles.values() for name in request.services)
        units = {name: self.units.find(name) for name in given}
        defaults_unread: dict[str, str] = {}
        defaults = self.units.defaults(defaults_unread)
        running = self.processes.all()
        init = self.processes.parent(1, "PID 1") or self.processes.own("this session")
        unread: dict[str, str] = {}
        debian = pam.debian_version(self._files, unread)
        paths = self._paths(profiles, state, [unit.name for unit in units.values()])
        return Host(
            nr_open=nr_open,
            nr_open_reason=nr_open_reason,
            login_daemons=self.processes.login_daemons(running),
            init=init,
            limits=pam.read(self._files, debian, unread),
            limits_unread=tuple(unread.values()),
            pam=pam.is_used(self._files),
            session_base=pam.session_base(debian, init.limit),
            failure_ends_session=debian is None,
            root_needs_own_line=debian is not None,
            unlimited_fails=limits_conf.unlimited_fails(debian),
            outside_pam=pam.outside(self._files),
            set_all=pam.set_all(self._files),
            accounts=self._accounts(profiles),
            units=units,
            defaults=defaults,
            defaults_unread=tuple(defaults_unread.values()),
            systemd=systemd,
            processes=self.processes.of_units(running) if systemd else None,
            may_raise=self.processes.may_raise(),
            found={path: self._found(path) for path in paths},
            directories=frozenset(filter(self._files.is_directory, _parents(paths))),
            boot_id=boot_id(self._files),
        )

    def named_as_ours(self) -> list[str]:
        """Return every file with a name that a file of a profile could have."""
        folders = [folder for folder in self._files.listdir(profile_files.UNITS) if folder.endswith(".service.d")]
        places = [limits_conf.DIRECTORY, *(f"{profile_files.UNITS}/{folder}" for folder in folders)]
        return [
            f"{place}/{name}"
            for place in places
            for name in self._files.listdir(place)
            if profile_files.profile_of(name)
        ]

    def _accounts(self, profiles: dict[str, Request]) -> dict[str, Account | None]:
        users = dict.fromkeys(user for request in profiles.values() for user in request.all_users if user != EVERYBODY)
        return {user: self._account(user) for user in users}

    def _paths(self, profiles: dict[str, Request], state: State, units: list[str]) -> list[str]:
        """Return every path of a file that a profile has, may get, or that has such a name."""
        wanted = [path for name in profiles for path in _paths_of(name, units)]
        return list(dict.fromkeys([*wanted, *state.files, *self.named_as_ours()]))

    def _found(self, path: str) -> Found:
        try:
            self._files.refuse_irregular(path)
        except ForeignFile as error:
            return Found(None, str(error))
        return Found(self._files.read_text(path))


def _paths_of(profile: str, units: Iterable[str]) -> list[str]:
    return [profile_files.limits_file(profile), *(profile_files.drop_in(profile, unit) for unit in units)]


def _parents(paths: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(parent for path in paths for parent in profile_files.parents(path)))
