# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which network namespace it is: inode numbers of namespaces are given out again once they are free."""

from __future__ import annotations

import re
from typing import Any, Mapping, NamedTuple

FIELD = "namespace"
_DOCUMENT = re.compile(r"[a-z]+-net-(?P<inode>\d+)\Z", re.ASCII)


class Identity(NamedTuple):
    """inode: of the namespace. cookie: SO_NETNS_COOKIE of socket(7), which a boot gives out once; 0 before Linux 5.14.

    pid, start: a process in it, told from a later one of the same pid by field 22 of /proc/PID/stat.
    """

    inode: int
    boot_id: str
    cookie: int
    pid: int
    start: int


def document(name: str, inode: int) -> str:
    """What the document `name` of a namespace is called."""
    return f"{name}-net-{inode}"


def inode_of(document_: str) -> int | None:
    """The namespace that a document is of; None where it is of none."""
    match = _DOCUMENT.match(document_)
    return int(match["inode"]) if match else None


def is_same(recorded: Mapping[str, Any], now: Identity, *, lives: bool) -> bool:
    """Whether what was recorded is of the namespace as it is `now`.

    recorded: an Identity's fields; whatever is none of these is of no namespace. lives: whether the recorded process is
    still there and in the namespace; it decides where cookies cannot.
    """
    if (recorded.get("inode"), recorded.get("boot_id")) != (now.inode, now.boot_id):
        return False
    cookie = recorded.get("cookie")
    return cookie == now.cookie if cookie and now.cookie else lives
