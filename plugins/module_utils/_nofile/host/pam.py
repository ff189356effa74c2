# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What pam_limits(8) goes by on a host: its files, and the accounts they speak of."""

from __future__ import annotations

import grp
import os
import pwd

from ..._formats import limits_conf, pam_stack
from ..._formats.limits_conf import Account
from ..._formats.rlimit import Limit
from ..._host.files import HostFiles
from ..._host.procfs import reason
from ..snapshot import Files

# The files of pam.d that make up session stacks, each read once (pam.conf(5)).


class PamStacks:
    """After limits(), `refused` says by the name of a file why it cannot be read."""

    def __init__(self, files: HostFiles) -> None:
        self._files = files
        self._texts: dict[str, str | None] = {}
        self.refused: dict[str, str] = {}

    def limits(self) -> dict[str, bool | None]:
        """Whether pam_limits.so is in the session stack, for each service of pam_stack.SERVICES that this host has.

        None where that cannot be told.
        """
        self._load()
        present = [service for service in pam_stack.SERVICES if service in self._texts]
        return {service: pam_stack.has_limits(service, self._texts) for service in present}

    def _load(self) -> None:
        pending, seen = list(pam_stack.SERVICES), set()
        while pending:
            name = pending.pop()
            if name in seen:
                continue
            seen.add(name)
            text = self._text(name)
            if text is not None or name in self.refused:
                self._texts[name] = text
            pending += [line.file for line in pam_stack.session(text or "") if line.file]

    def _text(self, name: str) -> str | None:
        try:
            found = (self._files.read_text(path) for path in pam_stack.paths(name))
            return next((text for text in found if text is not None), None)
        except OSError as error:
            self.refused[name] = reason(error)
            return None


_SECURITY = "/etc/security"
_PATTERNS = (limits_conf.DIRECTORY, limits_conf.VENDOR_DIRECTORY)


def is_used(files: HostFiles) -> bool:
    """Whether there is a place for its files at all."""
    return files.is_directory(_SECURITY)


def read(files: HostFiles) -> Files:
    """Path and text of every file it reads, in its order."""
    paths = [f"{folder}/{name}" for folder in _PATTERNS for name in files.listdir(folder)]
    present = [*paths, *(path for path in (limits_conf.MAIN, limits_conf.VENDOR_MAIN) if files.exists(path))]
    texts = ((path, _text(files, path)) for path in limits_conf.files_in_order(present))
    return tuple((path, text) for path, text in texts if text is not None)


def debian_version(files: HostFiles) -> tuple[int, int] | None:
    """The version of Debian's pam_limits; None on other distributions."""
    return limits_conf.version(files.read_text(limits_conf.STATUS) or "")


def session_base(debian: tuple[int, int] | None, first: Limit) -> Limit | None:
    """What sessions start from, whatever they inherit, where they do. first: the limit of PID 1."""
    if debian is None or not limits_conf.resets(debian):
        return None
    return Limit(min(first.soft, limits_conf.FD_SETSIZE), first.hard)


def account(name: str) -> Account | None:
    """The account as this host's name services know it; None where there is none."""
    try:
        found = pwd.getpwnam(name)
    except KeyError:
        return None
    gids = os.getgrouplist(name, found.pw_gid)
    return Account(name, found.pw_uid, found.pw_gid, {group: gid for gid in gids for group in _group_names(gid)})


def _group_names(gid: int) -> list[str]:
    try:
        return [grp.getgrgid(gid).gr_name]
    except KeyError:
        return []


def _text(files: HostFiles, path: str) -> str | None:
    return None if files.is_directory(path) else files.read_text(path)
