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


NOWHERE = Boot(None, [])


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


def boot(name: str, lines: Iterable[Assignment], *, loader: str) -> Boot:
    """What the lines of all files, in the order they are read, make of the parameter `name`.

    A line that names the parameter itself keeps all patterns from it, wherever it stands; an exclusion does so too.
    """
    concerned = [line for line in lines if _concerns(line, name)]
    winner = (_for_systemd if loader == SYSTEMD else _for_procps)(name, concerned)
    return Boot(winner, [line for line in concerned if line.value is not None and line is not winner])


def _for_systemd(name: str, concerned: list[Assignment]) -> Assignment | None:
    """systemd-sysctl keeps one entry a name or pattern: a later one takes its place, an exclusion too."""
    entries: dict[str, Assignment] = {}
    for line in concerned:
        if line.name in entries and entries[line.name].value == line.value:
            continue
        entries.pop(line.name, None)
        entries[line.name] = line
    if name in entries:
        return entries[name] if entries[name].value is not None else None
    return next((line for line in reversed(list(entries.values())) if line.value is not None), None)


def _for_procps(name: str, concerned: list[Assignment]) -> Assignment | None:
    """procps writes every line that names the parameter, so the last one counts; exclusions concern patterns only."""
    values = [line for line in concerned if line.value is not None]
    explicit = [line for line in values if line.name == name]
    if not explicit and len(values) < len(concerned):
        return None
    return next(reversed(explicit or values), None)


def _bytes(name: str) -> bytes:
    return name.encode("utf-8", "surrogateescape")


def _concerns(line: Assignment, name: str) -> bool:
    if line.name == name:
        return True
    return line.is_pattern and _matches(name, line.name)


def _matches(name: str, pattern: str) -> bool:
    """Whether the pattern covers the parameter: part by part, since `*` does not cross a separator, and with `[^` for
    `[!` (glob(3))."""
    parts, patterns = (sysctl_key.to_path(text).split("/") for text in (name, pattern.replace("[^", "[!")))
    return len(parts) == len(patterns) and all(map(fnmatch.fnmatchcase, parts, patterns))
