# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which line wins at boot: the order in which each loader reads its files, and what it makes of them.

Sources: sysctl.d(5), systemd-sysctl.service(8) and src/sysctl/sysctl.c for systemd; sysctl(8) and src/sysctl.c of
procps; the init script `sysctl` of Alpine Linux (aports, main/openrc) and procps/sysctl.c of busybox.

systemd and procps: a file name seen in a higher directory masks the same name in all lower ones; what is left is read
in byte order of the names, whatever the directory. systemd-sysctl reads no /etc/sysctl.conf of itself; procps reads it
last. On SUSE a run of systemd-sysctl of its own goes before, with what the kernel's package says. OpenRC as Alpine has
it runs sysctl for one file after the other, one directory after the other, with /etc/sysctl.conf and then /run last.
"""

from __future__ import annotations

import fnmatch
from itertools import groupby
from typing import Iterable, NamedTuple

from .._formats import drop_ins, sysctl_conf
from .._formats.sysctl_conf import Assignment

# OPENRC has procps's sysctl(8), BUSYBOX that of busybox, which knows neither patterns nor exclusions nor `-key`.
SYSTEMD, PROCPS, OPENRC, BUSYBOX = "systemd", "procps", "openrc", "busybox"
DIRECTORIES = (
    "/etc/sysctl.d",
    "/run/sysctl.d",
    "/usr/local/lib/sysctl.d",
    "/usr/lib/sysctl.d",
    "/lib/sysctl.d",
)
SYSCTL_CONF = "/etc/sysctl.conf"
_OPENRC_DIRECTORIES = ("/lib/sysctl.d", "/usr/lib/sysctl.d", "/etc/sysctl.d", "/run/sysctl.d")
_OF_KERNEL = "/boot/sysctl.conf-"


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
    if loader in (OPENRC, BUSYBOX):
        return _in_order_of_directories(present)
    ordered = drop_ins.in_order(DIRECTORIES, present, hidden=loader == PROCPS)
    if loader == PROCPS:
        return [*ordered, *present.intersection([SYSCTL_CONF])]
    return [*(path for path in sorted(present) if path.startswith(_OF_KERNEL)), *ordered]


def of_kernel(release: str) -> str:
    """The file that SUSE's kernel package brings, which is applied before all others."""
    return f"{_OF_KERNEL}{release}"


def boot(name: str, lines: Iterable[Assignment], *, loader: str) -> Boot:
    """What the lines of all files, in the order they are read, make of the parameter `name`.

    A line that names the parameter itself keeps all patterns from it, wherever it stands; an exclusion does so too.
    """
    concerned = [line for line in lines if _concerns(line, name) and not (loader == BUSYBOX and _is_beyond(line))]
    winner_of = _for_systemd if loader == SYSTEMD else _for_procps
    runs = (list(group) for _run, group in groupby(concerned, key=lambda line: _run_of(line.path, loader)))
    winners = [line for line in (winner_of(name, run) for run in runs) if line is not None]
    winner = winners[-1] if winners else None
    return Boot(winner, [line for line in concerned if line.value is not None and line is not winner])


def _in_order_of_directories(present: set[str]) -> list[str]:
    """A file is passed over where one of that name is in /run, and below /usr also where one is in /etc."""
    etc, run = _OPENRC_DIRECTORIES[2:]
    names = {folder: _names_in(folder, present) for folder in _OPENRC_DIRECTORIES}
    masked = {folder: {*names[run], *names[etc]} for folder in _OPENRC_DIRECTORIES[:2]}
    masked.update({etc: set(names[run]), run: set()})
    read = {folder: [f"{folder}/{name}" for name in names[folder] if name not in masked[folder]] for folder in names}
    last = read.pop(run)
    return [*(path for paths in read.values() for path in paths), *present.intersection([SYSCTL_CONF]), *last]


def _names_in(folder: str, present: set[str]) -> list[str]:
    """As the shell expands *.conf there."""
    names = (path[len(folder) + 1 :] for path in present if path.startswith(f"{folder}/"))
    found = (name for name in names if "/" not in name and name.endswith(".conf") and not name.startswith("."))
    return sorted(found, key=drop_ins.by_bytes)


def _run_of(path: str, loader: str) -> str:
    """Lines of one run of the program are weighed together; what a later run writes counts, whatever was before."""
    if loader == SYSTEMD:
        return path if path.startswith(_OF_KERNEL) else ""
    return "" if loader == PROCPS else path


def _is_beyond(line: Assignment) -> bool:
    return line.is_pattern or line.tolerant or line.value is None


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


def _concerns(line: Assignment, name: str) -> bool:
    if line.name == name:
        return True
    return line.is_pattern and _matches(name, line.name)


def _matches(name: str, pattern: str) -> bool:
    """Whether the pattern covers the parameter: part by part, since `*` does not cross a separator, and with `[^` for
    `[!` (glob(3))."""
    parts, patterns = (sysctl_conf.to_path(text).split("/") for text in (name, pattern.replace("[^", "[!")))
    return len(parts) == len(patterns) and all(map(fnmatch.fnmatchcase, parts, patterns))
