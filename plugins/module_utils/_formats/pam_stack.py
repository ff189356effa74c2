# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether sessions that a service opens go through pam_limits(8): its stack in pam.d (pam.conf(5)).

`session include NAME` and `session substack NAME` take the session lines of another file, `@include NAME` every line;
so libpam/pam_handlers.c reads them. Controls that may skip a line in one login or another are not weighed.
"""

from __future__ import annotations

import re
from typing import Iterator, Mapping, NamedTuple

# Strongest first (pam_handlers.c, _pam_open_config_file; the last is a distribution's own, VENDORDIR).
DIRECTORIES = ("/etc/pam.d", "/usr/lib/pam.d", "/usr/etc/pam.d")
# Services that open sessions in which people or jobs open files.
SERVICES = (
    "login", "sshd", "su", "su-l", "sudo", "sudo-i", "runuser", "runuser-l", "cron", "crond", "atd", "systemd-user",
    "gdm-password", "lightdm", "sddm",
)  # fmt: skip
_MODULE = "pam_limits.so"
_INCLUDES = ("include", "substack")
_LINE = re.compile(r"-?(?P<type>\w+)\s+(?P<control>\[(?:\\.|[^\]\\])*\]|\S+)\s+(?P<module>[^\s\0]+)")
_WHOLE = re.compile(r"@include\s+(?P<file>[^\s\0]+)", re.IGNORECASE)


class Line(NamedTuple):
    """A line of a session stack: a module's path, or the file whose lines stand for it."""

    module: str = ""
    file: str = ""


def paths(name: str) -> list[str]:
    """Where a file of that name may be, strongest first; a path stands for itself."""
    return [name] if name.startswith("/") else [f"{directory}/{name}" for directory in DIRECTORIES]


def session(text: str) -> list[Line]:
    """The session stack of a file. Lines that are none are left out, as PAM refuses them.

    >>> session("session [default=1] pam_permit.so\\n@include common-session\\n")
    [Line(module='pam_permit.so', file=''), Line(module='', file='common-session')]
    """
    return [line for line in map(_line, _logical_lines(text)) if line is not None]


def has_limits(service: str, texts: Mapping[str, str | None]) -> bool | None:
    """Whether pam_limits.so is in the session stack; None where that cannot be told.

    texts: by the name of the file, None for one that cannot be read; files that do not exist are left out.
    """
    pending, seen, told = [service], set(), True
    while pending:
        name = pending.pop()
        if name in seen:
            continue
        seen.add(name)
        text = texts.get(name, "")
        told = told and text is not None
        for line in session(text or ""):
            if line.module.rpartition("/")[2] == _MODULE:
                return True
            pending += filter(None, [line.file])
    return False if told else None


def _line(text: str) -> Line | None:
    whole = _WHOLE.match(text)
    if whole:
        return Line(file=whole["file"])
    match = _LINE.match(text)
    if match is None or match["type"].lower() != "session":
        return None
    if match["control"].lower() in _INCLUDES:
        return Line(file=match["module"])
    return Line(module=match["module"])


def _logical_lines(text: str) -> Iterator[str]:
    """Lines without comments; a backslash at the end joins the next one."""
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
