# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""/proc/PID/cgroup: the service or container of a process (cgroups(7); systemd's CGROUP_INTERFACE.md).

systemd uses the unified hierarchy (`0::`), or with cgroups version 1 the one named `name=systemd`.
"""

from __future__ import annotations

import re

from .._common.text import without_prefix
from .unit_name import SUFFIX

_SLICE, _INIT = ".slice", "/init.scope"
_TREES = ("name=systemd", "")
_CONTAINER = re.compile(
    r"(?:^|-)(?P<id>[0-9a-f]{12})[0-9a-f]{52}\b|^(?:lxc\.payload\.|machine-)(?P<name>.+?)(?:\.scope)?$"
)
_LONGEST_NAME = 64


def unit_root(init_cgroup: str) -> str:
    """Return the root of systemd's tree by /proc/1/cgroup; in a container that can be a cgroup of the host."""
    path = _path(init_cgroup)
    return (path[: -len(_INIT)] if path.endswith(_INIT) else path).rstrip("/")


def service(text: str, *, root: str = "") -> str | None:
    """Return the service of a process, None for a process of a session or a container. root: as by unit_root().

    >>> service("0::/system.slice/system-php.slice/php@www.service/sub\n")
    'php@www.service'
    """
    path = _path(text)
    if not path.startswith(root + "/"):
        return None
    for part in without_prefix(path, f"{root}/").split("/"):
        # systemd prefixes names that look like files of a cgroup with "_".
        name = part[1:] if part.startswith("_") else part
        if name.endswith(SUFFIX):
            return name
        if not name.endswith(_SLICE):
            return None
    return None


def container(text: str, *, root: str = "") -> str | None:
    """Return the first 12 digits of the id, or the name, of the container of a process; None if it is in none.

    Docker, Podman and Kubernetes name a cgroup by the 64-digit id, LXC and systemd-nspawn by the name.

    >>> container("0::/system.slice/docker-" + 64 * "a" + ".scope\n")
    'aaaaaaaaaaaa'
    """
    path = _path(text)
    if not path.startswith(root + "/"):
        return None
    parts = without_prefix(path, f"{root}/").split("/")
    found = (match for part in reversed(parts) for match in [_CONTAINER.search(part)] if match)
    names = next(found, None)
    return names and (names["id"] or names["name"])[:_LONGEST_NAME]


def _path(text: str) -> str:
    paths = {}
    # Any user may make a cgroup with another end of a line in its name, but not with this one.
    for line in filter(None, text.split("\n")):
        _hierarchy, controllers, path = (line.split(":", 2) + ["", ""])[:3]
        paths[controllers] = path
    return next((paths[tree] for tree in _TREES if paths.get(tree)), "")
