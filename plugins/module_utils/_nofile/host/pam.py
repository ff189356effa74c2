# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What pam_limits(8) depends on: its files, the PAM stacks of services, and accounts."""

from __future__ import annotations

import fnmatch
import grp
import os
import pwd

from ..._formats import limits_conf, pam_stack, sshd_config
from ..._formats.limits_conf import Account, Version
from ..._formats.rlimit import Limit
from ..._host.files import HostFiles
from ..._host.procfs import reason
from ..snapshot import Files


def is_used(files: HostFiles) -> bool:
    """Return whether a directory of its files exists."""
    return any(map(files.is_directory, limits_conf.PLACES))


def read(files: HostFiles, debian: Version | None, unread: dict[str, str]) -> Files:
    """Return path and text of every file that pam_limits reads, in its order. debian: the version of pam_limits.

    unread: takes, by path, why a file or a directory cannot be read.
    """
    paths = [f"{folder}/{name}" for folder in limits_conf.DIRECTORIES for name in files.try_listdir(folder, unread)]
    main = [path for path in limits_conf.MAINS if files.lstat(path) is not None]
    if not main and limits_conf.needs_main(debian):
        unread[limits_conf.MAIN] = (
            f"{limits_conf.MAIN} does not exist, and this version of pam_limits fails without it: create it"
        )
    texts = files.try_texts(limits_conf.files_in_order([*paths, *main]), unread)
    return tuple((path, limits_conf.as_scanned(text, debian)) for path, text in texts.items())


def debian_version(files: HostFiles, unread: dict[str, str]) -> Version | None:
    """Return the version of Debian's pam_limits, or None on other distributions. unread: as for read()."""
    text, why = files.try_text(limits_conf.DPKG_STATUS)
    unread.update({limits_conf.DPKG_STATUS: why} if why else {})
    return limits_conf.debian_version(text)


def session_base(debian: Version | None, init: Limit) -> Limit | None:
    """Return the limit from which sessions start regardless of what they inherit, or None. init: that of PID 1."""
    if debian is None or not limits_conf.starts_from_init(debian):
        return None
    return Limit(min(init.soft, limits_conf.FD_SETSIZE), init.hard)


def sshd_uses_pam(files: HostFiles) -> sshd_config.UsePam | None:
    """Return the value of UsePAM in sshd_config, or None if there is no such file. Raises OSError."""

    def expand(pattern: str) -> list[str]:
        directory, _slash, names = pattern.rpartition("/")
        return [f"{directory}/{name}" for name in files.listdir(directory) if _matches(name, names)]

    for path in (sshd_config.PATH, sshd_config.VENDOR_PATH):
        if files.exists(path):
            return sshd_config.use_pam(path, expand, files.read_text)
    return None


def outside(files: HostFiles) -> dict[str, str]:
    """Return the daemons of this host whose sessions do not use pam_limits with limits.d, each with the reason.

    A daemon is left out if that is unknown, because a file cannot be read.
    """
    stacks = PamStacks(files)
    limits = stacks.limits()
    found = {
        daemon: f"pam_limits.so is not in the session lines of /etc/pam.d/{service}"
        for daemon, service in pam_stack.DAEMONS.items()
        if limits.get(service) is False
    }
    for daemon, service in pam_stack.DAEMONS.items():
        own = stacks.own_file(service)
        if own:
            found[daemon] = f"pam_limits.so reads only {own} by /etc/pam.d/{service}"
    try:
        use_pam = sshd_uses_pam(files)
    except OSError:
        use_pam = None
    if use_pam is not None and not use_pam.enabled:
        found["sshd"] = use_pam.obstacle
    return found


def set_all(files: HostFiles) -> frozenset[str]:
    """Return the daemons whose sessions start from the limits of PID 1, by the option set_all of pam_limits.so."""
    stacks = PamStacks(files)
    services = {service for service in stacks.limits() if stacks.sets_all(service)}
    return frozenset(daemon for daemon, service in pam_stack.DAEMONS.items() if service in services)


def account(name: str) -> Account | None:
    """Return an account from the host's name services, or None if it does not exist.

    Its name may be another one than `name`: sssd, for example, may add a domain. pam_limits compares the account's.
    """
    try:
        found = pwd.getpwnam(name)
    except KeyError:
        return None
    gids = os.getgrouplist(name, found.pw_gid)
    return Account(
        found.pw_name, found.pw_uid, found.pw_gid, {group: gid for gid in gids for group in _group_names(gid)}
    )


class PamStacks:
    """The session stacks of services in pam.d (pam.conf(5)), each file read once.

    After limits(), `unreadable` has the reason for each file that could not be read.
    """

    def __init__(self, files: HostFiles) -> None:
        self._files = files
        self._texts: dict[str, str | None] = {}
        self.unreadable: dict[str, str] = {}

    def limits(self) -> dict[str, bool | None]:
        """Return whether pam_limits.so is in the session stack of each service in pam_stack.SERVICES; None if unknown.

        Services that this host does not have are left out.
        """
        self._load()
        present = [service for service in pam_stack.SERVICES if service in self._texts]
        return {service: pam_stack.has_limits(service, self._texts) for service in present}

    def own_file(self, service: str) -> str:
        """Return the file that pam_limits.so reads for a service instead of limits.d. Call it after limits()."""
        return pam_stack.own_file(service, self._texts)

    def sets_all(self, service: str) -> bool:
        """Return whether sessions of a service start from the limits of PID 1. Call it after limits()."""
        return pam_stack.sets_all(service, self._texts)

    def _load(self) -> None:
        pending, seen = list(pam_stack.SERVICES), set()
        while pending:
            name = pending.pop()
            if name in seen:
                continue
            seen.add(name)
            text = self._text(name)
            if text is not None or name in self.unreadable:
                self._texts[name] = text
            pending += [line.file for line in pam_stack.session(text or "") if line.file]

    def _text(self, name: str) -> str | None:
        try:
            found = (self._files.read_text(path) for path in pam_stack.paths(name))
            return next((text for text in found if text is not None), None)
        except OSError as error:
            self.unreadable[name] = reason(error)
            return None


def _group_names(gid: int) -> list[str]:
    try:
        return [grp.getgrgid(gid).gr_name]
    except KeyError:
        return []


def _matches(name: str, pattern: str) -> bool:
    """Match a name as glob(3) does, where a wildcard does not match a leading dot."""
    return fnmatch.fnmatchcase(name, pattern) and name.startswith(".") <= pattern.startswith(".")
