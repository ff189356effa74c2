# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A host's open-file limits and all that decides about them, read into a record for the core."""

from __future__ import annotations

import stat
from collections.abc import Callable, Iterable

from ..._common.errors import ForeignFile
from ..._formats import limits_conf
from ..._formats.limits_conf import Account
from ..._host.files import HostFiles
from .. import files as nofile_paths
from ..journal import State
from ..request import EVERYBODY, Request
from ..snapshot import Found, Host
from . import pam
from .processes import Processes
from .units import Units


class Snapshot:
    """Reads one host. account: looks an account up by its name."""

    def __init__(
        self,
        files: HostFiles,
        *,
        units: Units | None = None,
        processes: Processes | None = None,
        account: Callable[[str], Account | None] = pam.account,
    ) -> None:
        self._files = files
        self.units = units or Units(files)
        self.processes = processes or Processes(files)
        self._account = account

    def take(self, profiles: dict[str, Request], state: State, *, nr_open: int, nr_open_why: str = "") -> Host:
        """The host as it stands now, as far as plans about `profiles` need it."""
        systemd = self.units.running()
        given = dict.fromkeys(name for request in profiles.values() for name in request.services)
        units = {name: self.units.find(name) for name in given}
        running = self.processes.all()
        first = self.processes.giver(1, "PID 1") or self.processes.own("this session")
        debian = pam.debian_version(self._files)
        paths = self._paths(profiles, state, [unit.name for unit in units.values()])
        return Host(
            nr_open=nr_open,
            nr_open_why=nr_open_why,
            logins=self.processes.logins(running),
            init=first,
            limits=pam.read(self._files),
            pam=pam.is_used(self._files),
            session_base=pam.session_base(debian, first.limit),
            root_by_name=debian is not None,
            accounts=self._accounts(profiles),
            units=units,
            defaults=self.units.defaults(),
            systemd=systemd,
            processes=self.processes.of_units(running) if systemd else None,
            may_raise=self.processes.may_raise(),
            found={path: self._found(path) for path in paths},
            directories=frozenset(filter(self._files.is_directory, _parents(paths))),
            boot_id=(self._files.read_text("/proc/sys/kernel/random/boot_id") or "").strip(),
        )

    def _accounts(self, profiles: dict[str, Request]) -> dict[str, Account | None]:
        users = dict.fromkeys(user for request in profiles.values() for user in request.everyone if user != EVERYBODY)
        return {user: self._account(user) for user in users}

    def _paths(self, profiles: dict[str, Request], state: State, units: list[str]) -> list[str]:
        """Every path that is ours, may become so, or has a name of ours."""
        wanted = [path for name in profiles for path in _paths_of(name, units)]
        return list(dict.fromkeys([*wanted, *state.files, *self.named_as_ours()]))

    def named_as_ours(self) -> list[str]:
        """Every file whose name is one that a file of ours could have."""
        folders = [folder for folder in self._files.listdir(nofile_paths.UNITS) if folder.endswith(".service.d")]
        places = [limits_conf.DIRECTORY, *(f"{nofile_paths.UNITS}/{folder}" for folder in folders)]
        return [
            f"{place}/{name}"
            for place in places
            for name in self._files.listdir(place)
            if nofile_paths.profile_of(name)
        ]

    def _found(self, path: str) -> Found:
        directory = path.rsplit("/", 1)[0]
        try:
            self._files.refuse_irregular(path)
        except ForeignFile as error:
            return Found(None, str(error))
        parent = self._files.lstat(directory)
        if parent is not None and not stat.S_ISDIR(parent.st_mode):
            return Found(
                None, f"{directory} is no directory of its own, a link for instance; nettune.tcp writes nothing there"
            )
        return Found(self._files.read_text(path))


def _paths_of(profile: str, units: Iterable[str]) -> list[str]:
    return [nofile_paths.limits_file(profile), *(nofile_paths.drop_in(profile, unit) for unit in units)]


def _parents(paths: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(parent for path in paths for parent in nofile_paths.parents(path)))
