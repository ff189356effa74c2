# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The value that a parameter gets at boot: in which order each loader reads its files, and which line wins.

Programs that set parameters before or after the loader are in boot_programs.py.

Sources: sysctl.d(5), systemd-sysctl.service(8) and src/sysctl/sysctl.c for systemd; sysctl(8) and src/sysctl.c of
procps; the init script `sysctl` of Alpine Linux (aports, main/openrc) and procps/sysctl.c of busybox.

in_order() of _formats/drop_ins.py has the order of systemd and procps. systemd-sysctl does not read /etc/sysctl.conf;
procps reads it last. systemd-sysctl reads its credential `sysctl.extra` after all files (systemd-sysctl.service(8);
systemd.exec(5) says where it is looked for). On SUSE, a separate run of systemd-sysctl applies the file of the kernel's
package first (kernel-sysctl.service and boot-sysctl.service of suse-module-tools). OpenRC on Alpine runs sysctl for
each file, directory by directory, with /etc/sysctl.conf and then /run last.
"""

from __future__ import annotations

import fnmatch
import re
from functools import lru_cache
from itertools import groupby
from typing import Any, Iterable, NamedTuple

from .._formats import drop_ins, sysctl_conf
from .._formats.sysctl_conf import Assignment
from .._parameters import catalogue

# OPENRC uses the sysctl(8) of procps, BUSYBOX that of busybox, which has no patterns, exclusions or `-key`.
SYSTEMD, PROCPS, OPENRC, BUSYBOX = "systemd", "procps", "openrc", "busybox"
DIRECTORIES = (
    "/etc/sysctl.d",
    "/run/sysctl.d",
    "/usr/local/lib/sysctl.d",
    "/usr/lib/sysctl.d",
    "/lib/sysctl.d",
)
SYSCTL_CONF = "/etc/sysctl.conf"
# A link to /dev/null in place of the loader's unit.
MASKS = tuple(f"{folder}/systemd-sysctl.service" for folder in ("/etc/systemd/system", "/run/systemd/system"))
# Those of packages, in the order of OpenRC.
_OF_PACKAGES = ("/lib/sysctl.d", "/usr/lib/sysctl.d")
# The file in SUSE's kernel package: the first that exists is applied.
_OF_KERNEL = ("/usr/lib/modules/{}/sysctl.conf", "/boot/sysctl.conf-{}")
_IS_OF_KERNEL = re.compile(r"/usr/lib/modules/[^/]+/sysctl\.conf|/boot/sysctl\.conf-[^/]+")
# The credential of systemd-sysctl: the first that exists is read.
CREDENTIALS = tuple(
    f"{folder}/sysctl.extra"
    for folder in (
        *("/run/credentials/@system", "/run/credentials/@encrypted"),
        *(f"{place}/credstore{kind}" for place in ("/etc", "/run", "/usr/lib") for kind in ("", ".encrypted")),
    )
)
ENCRYPTED_CREDENTIALS = tuple(path for path in CREDENTIALS if "encrypted" in path)
# The innermost braces of a pattern.
_BRACES = re.compile(r"\{([^{}]*)\}")
_GLOB = re.compile(r"\[:(?P<class>[a-z]+):\]|\\(?P<escaped>.)|\[\^")
_CLASSES = {
    "alnum": "0-9A-Za-z",
    "alpha": "A-Za-z",
    "digit": "0-9",
    "lower": "a-z",
    "upper": "A-Z",
    "xdigit": "0-9A-Fa-f",
}
# Of OpenRC: a service is started if one of its directories has a link of its name.
RUNLEVELS = "/etc/runlevels"
# The name in the line that stands for a file that cannot be read: it may set any parameter.
_ANY = "**"


class Boot(NamedTuple):
    """One parameter at the next boot. winner: the line that sets it, or None. shadowed: the lines it overrides.

    value: None if nothing sets it, or if its value is not known; `unknown` then says why.
    """

    winner: Assignment | None
    shadowed: list[Assignment]

    @property
    def value(self) -> str | None:
        return None if self.winner is None or self.winner.unknown else self.winner.value

    @property
    def unknown(self) -> str:
        return self.winner.unknown if self.winner else ""


SET_NOWHERE = Boot(None, [])


def source(line: Assignment) -> dict[str, Any]:
    """Return who sets a parameter, for a result: `path` and `line`, and `program` if it is not the loader."""
    place = {"path": line.path or None, "line": line.line or None}
    return {**place, "program": line.by} if line.by else place


def named(line: Assignment) -> str:
    """Return who sets a parameter, for a sentence: `/etc/sysctl.d/a.conf:3`, with the program if not the loader."""
    place = f"{line.path}:{line.line}" if line.line else line.path
    return f"{line.by} ({place})" if place and line.by else place or line.by


def files_in_order(paths: Iterable[str], *, loader: str) -> list[str]:
    """Return those of `paths` that the loader reads, in order.

    paths: existing drop-ins, /etc/sysctl.conf and a credential.
    """
    present = set(paths)
    if loader in (OPENRC, BUSYBOX):
        return _in_order_of_directories(present)
    ordered = drop_ins.in_order(DIRECTORIES, present, hidden=loader == PROCPS)
    if loader == PROCPS:
        return [*ordered, *present.intersection([SYSCTL_CONF])]
    return [
        *(path for path in sorted(present) if _is_of_kernel(path)),
        *ordered,
        *present.intersection(CREDENTIALS),
    ]


def of_kernel(release: str) -> list[str]:
    """Return the paths that the file of SUSE's kernel package may have; the first that exists is applied."""
    return [path.format(release) for path in _OF_KERNEL]


def _is_of_kernel(path: str) -> bool:
    return _IS_OF_KERNEL.fullmatch(path) is not None


def unread(path: str, reason: str, *, by: str = "") -> Assignment:
    """Return the line that stands for a file that cannot be read. by: the program that reads it at boot."""
    return Assignment(path, 0, _ANY, "", by=by, unknown=reason)


def boot(name: str, lines: Iterable[Assignment], *, loader: str) -> Boot:
    """Return which of `lines`, given in the order in which they are read, sets the parameter `name`.

    Each program overrides what those before it have set. Within the files of one program, a line with the name itself
    overrides all patterns, wherever it is; so does an exclusion. Of two names of one value, the line that is applied
    last wins.
    """
    names = catalogue.names_of(name)
    applicable = [line for line in lines if any(_applies_to(line, one) for one in names)]
    if loader != SYSTEMD:
        # Their glob(3) takes braces as they are.
        applicable = [line for line in applicable if not line.is_pattern or "{" not in line.name]
    if loader == BUSYBOX:
        applicable = [line for line in applicable if line.by or not _is_unknown_to_busybox(line)]
    runs = (list(group) for _run, group in groupby(applicable, key=lambda line: _run_of(line, loader)))
    winners = [line for line in (_last_winner(names, run, loader) for run in runs) if line is not None]
    winner = _first_time(winners) if winners else None
    return Boot(winner, _overridden(applicable, winner))


def _first_time(winners: list[Assignment]) -> Assignment:
    """Return the last winner as the program that applied it first read it."""
    last = winners[-1]
    return next((one for one in winners if one.path and (one.path, one.line) == (last.path, last.line)), last)


def _last_winner(names: tuple[str, ...], run: list[Assignment], loader: str) -> Assignment | None:
    """Return the line that wins in the files of one run of one program for a value with these names."""
    if len(names) == 1:
        return _winner(names[0], run, loader)
    own = ([line for line in run if _applies_to(line, name)] for name in names)
    found = [_winner(name, lines, loader) for name, lines in zip(names, own) if lines]
    places = {(line.path, line.line): at for at, line in enumerate(run)}
    return max(
        (line for line in found if line is not None), key=lambda line: places[line.path, line.line], default=None
    )


def _winner(name: str, run: list[Assignment], loader: str) -> Assignment | None:
    """Return the line that wins in the files of one run of one program; all programs but systemd read like procps."""
    winner_of = _for_systemd if loader == SYSTEMD and not run[0].by else _for_procps
    found = winner_of(name, run)
    not_read = [at for at, line in enumerate(run) if line.name == _ANY]
    if not not_read:
        return found
    last = not_read[-1]
    # What a file that cannot be read says does not matter if a later line has the name itself.
    return found if any(line.name == name and line.value is not None for line in run[last:]) else run[last]


def _overridden(applicable: list[Assignment], winner: Assignment | None) -> list[Assignment]:
    """Return the other lines of files that give a value, each once, as two programs may read the same file."""
    lines = {(line.path, line.line): line for line in reversed(applicable) if line.line and line.value is not None}
    place = winner and (winner.path, winner.line)
    return [line for at, line in reversed(lines.items()) if at != place]


def _in_order_of_directories(present: set[str]) -> list[str]:
    """Return the files in the order of Alpine's script.

    A file is skipped if /run has one of the same name; a file below /lib or /usr/lib also if /etc has one.
    """
    etc, run = DIRECTORIES[:2]

    def read(folder: str, *masking: str) -> list[str]:
        masked = {name for other in masking for name in _names_in(other, present)}
        return [f"{folder}/{name}" for name in _names_in(folder, present) if name not in masked]

    of_packages = [path for folder in _OF_PACKAGES for path in read(folder, etc, run)]
    return [*of_packages, *read(etc, run), *present.intersection([SYSCTL_CONF]), *read(run)]


def _names_in(folder: str, present: set[str]) -> list[str]:
    """Return the names that the shell expands *.conf to."""
    parts = (path.rpartition("/") for path in present)
    names = (name for directory, _slash, name in parts if directory == folder)
    found = (name for name in names if name.endswith(".conf") and not name.startswith("."))
    return sorted(found, key=drop_ins.by_bytes)


def _run_of(line: Assignment, loader: str) -> str:
    """Return a name for the run of the program that reads the line. A later run overrides what an earlier one set."""
    if line.by or loader == PROCPS or (loader == SYSTEMD and not _is_of_kernel(line.path)):
        return line.by
    return line.path


def _is_unknown_to_busybox(line: Assignment) -> bool:
    return line.is_pattern or line.tolerant  # exclusions are tolerant too


def _for_systemd(name: str, applicable: list[Assignment]) -> Assignment | None:
    """Return the line that wins for systemd-sysctl, which keeps one entry per name or pattern, the last one."""
    entries: dict[str, Assignment] = {}
    for line in applicable:
        if line.name in entries and entries[line.name].value == line.value:
            continue
        entries.pop(line.name, None)
        entries[line.name] = line
    if name in entries:
        return entries[name] if entries[name].value is not None else None
    return next((line for line in reversed(list(entries.values())) if line.value is not None), None)


def _for_procps(name: str, applicable: list[Assignment]) -> Assignment | None:
    """Return the line that wins for procps, which writes every line with the name; exclusions only affect patterns."""
    values = [line for line in applicable if line.value is not None]
    explicit = [line for line in values if line.name == name]
    excluding = [line for line in applicable if line.value is None]
    if explicit or not excluding:
        return (explicit or values)[-1]
    if not values or any(line.name == name for line in excluding):
        return None
    # Versions differ in whether a pattern can be an exclusion: those up to 4.0.4 ignore it.
    why = f"some versions of sysctl apply the exclusion in {named(excluding[-1])}, others ignore it"
    return values[-1]._replace(unknown=why)


def _applies_to(line: Assignment, name: str) -> bool:
    if line.name in (name, _ANY):
        return True
    return line.is_pattern and matches(name, line.name)


def matches(name: str, pattern: str) -> bool:
    """Return whether the pattern matches as in glob(3), part by part, as `*` does not match a separator."""
    parts = sysctl_conf.to_path(name).split("/")
    return any(
        len(parts) == len(patterns) and all(map(fnmatch.fnmatchcase, parts, patterns))
        for patterns in _alternatives(pattern)
    )


def most_alternatives(pattern: str) -> int:
    """Return how many patterns without braces a pattern stands for, or a higher number."""
    return (pattern.count(",") + 1) ** min(pattern.count("{"), 20)


@lru_cache(maxsize=1024)
def _alternatives(pattern: str) -> list[list[str]]:
    """Return the parts of each pattern, in the syntax of fnmatch, that a pattern with braces stands for."""
    found, pending = [], [sysctl_conf.to_path(pattern)]
    while pending:
        text = pending.pop()
        braces = _BRACES.search(text)
        if braces is None:
            found.append(_GLOB.sub(_as_fnmatch, text).split("/"))
        else:
            start, end = braces.span()
            pending += (text[:start] + one + text[end:] for one in braces[1].split(","))
    return found


def _as_fnmatch(match: re.Match[str]) -> str:
    """Return what fnmatch has for `[^`, for a class such as `[:digit:]` or for a character after a backslash."""
    if match["class"]:
        return _CLASSES.get(match["class"], "")
    if match["escaped"]:
        return f"[{match['escaped']}]" if match["escaped"] in "*?[" else match["escaped"]
    return "[!"
