# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files of pam.d (pam.conf(5)): whether the sessions of a service go through pam_limits(8).

As in libpam/pam_handlers.c, `session include NAME` and `session substack NAME` add the session lines of another file,
and `@include NAME` all of its lines. Controls that skip lines in some logins are ignored.
"""

from __future__ import annotations

import re
from typing import Iterator, Mapping, NamedTuple

# Strongest first (pam_handlers.c, _pam_open_config_file). A distribution has at most one of the last three (VENDORDIR).
DIRECTORIES = ("/etc/pam.d", "/usr/lib/pam.d", "/usr/etc/pam.d", "/usr/share/pam/pam.d", "/usr/share/pam.d")
# Services that open sessions for people and jobs.
SERVICES = (
    "login", "sshd", "su", "su-l", "sudo", "sudo-i", "runuser", "runuser-l", "cron", "crond", "atd", "systemd-user",
    "gdm-password", "lightdm", "sddm",
)  # fmt: skip  # one row each
# The daemons that open sessions, by their name in /proc/PID/stat, and the service that their sessions belong to.
DAEMONS = {
    "sshd": "sshd", "agetty": "login", "getty": "login", "mingetty": "login", "cron": "cron", "crond": "crond",
    "atd": "atd", "gdm": "gdm-password", "gdm3": "gdm-password", "lightdm": "lightdm", "sddm": "sddm",
}  # fmt: skip  # one row each
_MODULE = "pam_limits.so"
_INCLUDES = ("include", "substack")
_LINE = re.compile(r"-?(?P<type>\w+)\s+(?P<control>\[(?:\\.|[^\]\\])*\]|\S+)\s+(?P<module>[^\s\0]+)(?P<arguments>.*)")
# pam_limits reads only this file then, and not limits.d.
_CONF = re.compile(r"\sconf=(\S+)")
_INCLUDE = re.compile(r"@include\s+(?P<file>[^\s\0]+)", re.IGNORECASE)


class Line(NamedTuple):
    """A line of a session stack: the path of a module and its arguments, or a file that is included."""

    module: str = ""
    file: str = ""
    arguments: str = ""


def paths(name: str) -> list[str]:
    """Return the possible paths of a file, strongest first. An absolute path is returned as it is."""
    return [name] if name.startswith("/") else [f"{directory}/{name}" for directory in DIRECTORIES]


def session(text: str) -> list[Line]:
    """Return the session stack of a file, without malformed lines.

    >>> session("session [default=1] pam_permit.so\\n@include common-session\\n")
    [Line(module='pam_permit.so', file='', arguments=''), Line(module='', file='common-session', arguments='')]
    """
    return [line for line in map(_line, _logical_lines(text)) if line is not None]


def has_limits(service: str, texts: Mapping[str, str | None]) -> bool | None:
    """Return whether pam_limits.so is in the session stack of a service, None if a file of it cannot be read.

    texts: by file name, None for a file that cannot be read. Files that do not exist are left out.
    """
    lines, complete = _limits(service, texts)
    return True if lines else False if complete else None


def own_file(service: str, texts: Mapping[str, str | None]) -> str:
    """Return the file that pam_limits.so reads for a service instead of limits.conf and limits.d, empty for none."""
    found = [_CONF.search(line.arguments) for line in _limits(service, texts)[0]]
    return found[0][1] if found and all(found) and found[0] else ""


def sets_all(service: str, texts: Mapping[str, str | None]) -> bool:
    """Return whether pam_limits.so starts the sessions of a service from the limits of PID 1, by its option set_all."""
    return any("set_all" in line.arguments.split() for line in _limits(service, texts)[0])


def _limits(service: str, texts: Mapping[str, str | None]) -> tuple[list[Line], bool]:
    """Return the lines with pam_limits.so, and whether all files could be read."""
    pending, seen, complete, lines = [service], set(), True, []
    while pending:
        name = pending.pop()
        if name in seen:
            continue
        seen.add(name)
        text = texts.get(name, "")
        complete = complete and text is not None
        stack = session(text or "")
        lines += [line for line in stack if line.module.rpartition("/")[2] == _MODULE]
        pending += [line.file for line in stack if line.file]
    return lines, complete


def _line(text: str) -> Line | None:
    include = _INCLUDE.match(text)
    if include:
        return Line(file=include["file"])
    match = _LINE.match(text)
    if match is None or match["type"].lower() != "session":
        return None
    if match["control"].lower() in _INCLUDES:
        return Line(file=match["module"])
    return Line(module=match["module"], arguments=match["arguments"])


def _logical_lines(text: str) -> Iterator[str]:
    """Yield the lines without comments. A backslash at the end continues a line."""
    held = ""
    for raw in text.split("\n"):
        line, comment, _rest = raw.partition("#")
        line = line.strip()
        if line.endswith("\\") and not comment:
            held += line[:-1] + " "
            continue
        yield (held + line).strip()
        held = ""
    yield held.strip()
