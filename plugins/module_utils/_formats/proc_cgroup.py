# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""/proc/PID/cgroup: which service a process belongs to (cgroups(7); systemd's CGROUP_INTERFACE.md).

systemd keeps its tree in the unified hierarchy (`0::`), or in the one named `name=systemd` where cgroups are of version
1.
"""

from __future__ import annotations

import re

from .unit_name import SUFFIX

_SLICE, _INIT = ".slice", "/init.scope"
_TREES = ("name=systemd", "")
_CONTAINER = re.compile(
    r"(?:^|-)(?P<number>[0-9a-f]{12})[0-9a-f]{52}\b|^(?:lxc\.payload\.|machine-)(?P<name>.+?)(?:\.scope)?$"
)
_LONGEST = 64


def unit_root(first: str) -> str:
    """Where systemd's tree begins, by /proc/1/cgroup: the root, or a container's own place in the machine's tree."""
    path = _path(first)
    return (path[: -len(_INIT)] if path.endswith(_INIT) else path).rstrip("/")


def service(text: str, *, root: str = "") -> str | None:
    """The service below whose cgroup the process is; None where there is none: it is a session's or a container's.

    >>> service("0::/system.slice/system-php.slice/php@www.service/sub\n")
    'php@www.service'
    """
    path = _path(text)
    if not path.startswith(root + "/"):
        return None
    for part in path[len(root) + 1 :].split("/"):
        name = part[1:] if part.startswith("_") else part  # so systemd escapes what would look like a file of cgroup's
        if name.endswith(SUFFIX):
            return name
        if not name.endswith(_SLICE):
            return None
    return None


def container(text: str, *, root: str = "") -> str | None:
    """The container whose process it is, by the first 12 digits of its number or by its name; None where it is in none.

    Engines name a cgroup by the 64 digits of a container's number, LXC and systemd-nspawn by its name.

    >>> container("0::/system.slice/docker-" + 64 * "a" + ".scope\n")
    'aaaaaaaaaaaa'
    """
    path = _path(text)
    if not path.startswith(root + "/"):
        return None
    parts = path[len(root) + 1 :].split("/")
    found = (match for part in reversed(parts) for match in [_CONTAINER.search(part)] if match)
    names = next(found, None)
    return names and (names["number"] or names["name"])[:_LONGEST]


def _path(text: str) -> str:
    paths = {}
    for line in text.splitlines():
        _hierarchy, controllers, path = (line.split(":", 2) + ["", ""])[:3]
        paths[controllers] = path
    return next((paths[tree] for tree in _TREES if paths.get(tree)), "")
