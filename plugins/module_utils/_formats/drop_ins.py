# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Directories of drop-ins: which files count, and in which order they are read; and what ours are called.

systemd (systemd.syntax and sysctl.d(5)), procps and pam_limits read them alike: a file name in a directory masks the
same name in all lower ones, and what is left is read in byte order of the names, whatever the directory.
"""

from __future__ import annotations

from typing import Iterable, Sequence

_PREFIX, _SUFFIX = "99-zz-nettune-", ".conf"


def file_name(profile: str) -> str:
    """Return the name of the drop-in of a profile; `99-zz` sorts after the 99-sysctl.conf of distributions.

    >>> file_name("web")
    '99-zz-nettune-web.conf'
    """
    return f"{_PREFIX}{profile}{_SUFFIX}"


def profile_of(path: str) -> str | None:
    """Return the profile that the file name of a path says, or None if it is not the name of a drop-in of ours.

    >>> profile_of("/etc/sysctl.d/99-zz-nettune-web.conf")
    'web'
    """
    name = path.rpartition("/")[2]
    start, end = len(_PREFIX), len(name) - len(_SUFFIX)
    return name[start:end] if name.startswith(_PREFIX) and name.endswith(_SUFFIX) else None


def in_order(directories: Sequence[str], paths: Iterable[str], *, hidden: bool = False) -> list[str]:
    """Return those of `paths` that are read, in order. directories: highest first. hidden: whether `.name.conf` counts.

    >>> in_order(["/etc/d", "/lib/d"], ["/lib/d/a.conf", "/lib/d/b.conf", "/etc/d/b.conf", "/etc/d/c"])
    ['/lib/d/a.conf', '/etc/d/b.conf']
    """
    rank = {directory: at for at, directory in reversed(list(enumerate(directories)))}
    place: dict[str, str] = {}
    for path in sorted(paths, key=lambda path: rank.get(path.rpartition("/")[0], len(rank))):
        directory, _slash, name = path.rpartition("/")
        if directory in rank and name.endswith(".conf") and (hidden or not name.startswith(".")):
            place.setdefault(name, path)
    return [place[name] for name in sorted(place, key=by_bytes)]


def by_bytes(name: str) -> bytes:
    """Return the sort key of a file name: its bytes, as strcmp(3) compares them."""
    return name.encode("utf-8", "surrogateescape")
