# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What pam_limits(8) goes by on a host: its files, and the accounts they speak of."""

from __future__ import annotations

import grp
import os
import pwd

from ..._formats import debian_pam, limits_conf
from ..._formats.limits_conf import Account
from ..._formats.rlimit import Limit
from ..._host.files import HostFiles
from ..snapshot import Files

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
    return debian_pam.version(files.read_text(debian_pam.STATUS) or "")


def session_base(debian: tuple[int, int] | None, first: Limit) -> Limit | None:
    """What sessions start from, whatever they inherit, where they do. first: the limit of PID 1."""
    if debian is None or not debian_pam.resets(debian):
        return None
    return Limit(min(first.soft, debian_pam.FD_SETSIZE), first.hard)


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
