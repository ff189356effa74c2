# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which line wins at boot: the order in which each loader reads its files, and what it makes of them.

Sources: sysctl.d(5), systemd-sysctl.service(8) and src/sysctl/sysctl.c for systemd; sysctl(8) and src/sysctl.c of
procps. A file name seen in a higher directory masks the same name in all lower ones; what is left is read in byte
order of the names, whatever the directory. systemd-sysctl reads no /etc/sysctl.conf of itself; procps reads it last.
"""

from __future__ import annotations

import fnmatch
from typing import Iterable, NamedTuple

from . import sysctl_key
from .sysctl_conf import Assignment

SYSTEMD, PROCPS = "systemd", "procps"
DIRECTORIES = (
    "/etc/sysctl.d",
    "/run/sysctl.d",
    "/usr/local/lib/sysctl.d",
    "/usr/lib/sysctl.d",
    "/lib/sysctl.d",
)
SYSCTL_CONF = "/etc/sysctl.conf"


class Boot(NamedTuple):
    """What the next boot makes of one parameter. winner: None where no line names it. shadowed: the lines that lose."""

    winner: Assignment | None
    shadowed: list[Assignment]

    @property
    def value(self) -> str | None:
        return self.winner.value if self.winner else None


def files_in_order(paths: Iterable[str], *, loader: str) -> list[str]:
    """Those of `paths` that the loader reads, in its order. paths: of drop-ins and of /etc/sysctl.conf, as they
    exist.
    """
    present = set(paths)
    place: dict[str, str] = {}
    for directory in DIRECTORIES:
        for path in present:
            folder, name = path.rsplit("/", 1)
            if folder == directory and name.endswith(".conf") and not (loader == SYSTEMD and name.startswith(".")):
                place.setdefault(name, path)
    ordered = [place[name] for name in sorted(place, key=_bytes)]
    return [*ordered, SYSCTL_CONF] if loader == PROCPS and SYSCTL_CONF in present else ordered


def boot(name: str, lines: Iterable[Assignment]) -> Boot:
    """What the lines of all files, in the order they are read, make of the parameter `name`.

    A line that names the parameter itself beats patterns wherever it stands; an exclusion takes it out of all patterns.
    """
    concerned = [line for line in lines if _concerns(line, name)]
    explicit = [line for line in concerned if line.name == name and line.value is not None]
    excluded = any(line.value is None for line in concerned)
    by_pattern = [] if excluded else [line for line in concerned if line.is_pattern and line.value is not None]
    ranked = by_pattern + explicit
    return Boot(ranked[-1] if ranked else None, ranked[:-1])


def _bytes(name: str) -> bytes:
    return name.encode("utf-8", "surrogateescape")


def _concerns(line: Assignment, name: str) -> bool:
    if line.name == name:
        return True
    return line.is_pattern and _matches(name, line.name)


def _matches(name: str, pattern: str) -> bool:
    """Whether the pattern covers the parameter: part by part, since `*` does not cross a separator (glob(3))."""
    parts, patterns = (sysctl_key.to_path(text).split("/") for text in (name, pattern))
    return len(parts) == len(patterns) and all(map(fnmatch.fnmatchcase, parts, patterns))
