# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lines of a host's sysctl.d and limits.d, and the files of these directories that are not read."""

from __future__ import annotations

import re
from typing import Any, Iterable, Iterator, Mapping

from .._common.errors import InvalidOption
from .._formats import limits_conf, sysctl_conf
from .._formats.sysctl_conf import Assignment
from .._parameters import catalogue
from .._sysctl import boot

# The most lines of each kind that are returned.
MOST = 5000
# The most parameters that patterns may match.
MOST_MATCHED = 2000
_LONGEST = 200
_ITEMS = (
    *("core", "data", "fsize", "memlock", "stack", "cpu", "nproc", "as", "maxlogins", "maxsyslogins", "nonewprivs"),
    *("priority", "locks", "sigpending", "msgqueue", "nice", "rtprio", "rss", "chroot"),
)
_TYPES = (limits_conf.SOFT, limits_conf.HARD, limits_conf.BOTH)
# Lines that may contain the value of a parameter that catalogue.shown() hides.
_SECRETS = re.compile("fastopen_key|stable_secret")


def names(lines: Iterable[Assignment], existing: Iterable[str]) -> list[str]:
    """Return the parameters that the lines name or match, in the order of the lines, at most MOST_MATCHED matched ones.

    existing: the names of the host's parameters. Malformed names are left out.
    """
    ordered = sorted(existing)
    found: dict[str, None] = {}
    left = MOST_MATCHED
    for line in lines:
        if line.value is None:
            continue
        if line.is_pattern:
            matched = [name for name in ordered if name not in found and boot.matches(name, line.name)][:left]
            left -= len(matched)
            found.update(dict.fromkeys(matched))
        elif is_name(line.name):
            found[line.name] = None
    return list(found)


def is_name(text: str) -> bool:
    """Return whether a text is the canonical name of a parameter."""
    try:
        return sysctl_conf.canonical(text) == text
    except InvalidOption:
        return False


def line_row(line: Assignment, comment: str = "") -> dict[str, Any]:
    """Return a line as a row of the result. comment: the comment above it.

    value: None for an exclusion; HIDDEN if it is a secret. cut: whether it is longer than the value that is returned.
    """
    return {
        "path": line.path,
        "line": line.line,
        "name": line.name[:_LONGEST],
        "value": None if line.value is None else catalogue.shown(line.name, line.value),
        "pattern": line.is_pattern,
        "cut": bool(line.unknown),
        "comment": comment,
    }


def comments(text: str) -> dict[int, str]:
    """Return by the number of a line the comment directly above it, without settings that are commented out."""
    found: dict[int, str] = {}
    above: list[str] = []
    for number, raw in enumerate(text.split("\n"), start=1):
        line = raw.strip()
        if line[:1] in ("#", ";"):
            words = line.strip("#; \t")
            above = [] if "=" in words or _SECRETS.search(words) else [*above, words]
            continue
        if line and any(above):
            found[number] = " ".join(filter(None, above))[:_LONGEST]
        above = []
    return found


def refused(path: str, text: str) -> Iterator[dict[str, Any]]:
    """Yield the lines of a file of sysctl.d that are neither settings, exclusions nor comments."""
    taken = {line.line for line in sysctl_conf.assignments(path, text) if line.is_pattern or is_name(line.name)}
    for number, raw in enumerate(text.split("\n"), start=1):
        line = raw.strip()
        if line and line[0] not in "#;" and number not in taken:
            shown = catalogue.HIDDEN if _SECRETS.search(line) else line[:_LONGEST]
            yield {"path": path, "line": number, "text": shown}


def other_limits(path: str, text: str) -> Iterator[dict[str, Any]]:
    """Yield the lines of a file of limits.d that entries() of limits_conf leaves out, without comments.

    item: what the line limits, empty if pam_limits does not understand the line.
    """
    known = {entry.line for entry in limits_conf.entries(path, text)}
    for number, raw in enumerate(text.split("\n"), start=1):
        line = raw.partition("#")[0].strip()
        if line and number not in known:
            fields = line.split()
            is_limit = len(fields) >= 4 and fields[1].lower() in _TYPES and fields[2].lower() in _ITEMS
            yield {"path": path, "line": number, "text": line[:_LONGEST], "item": fields[2].lower() if is_limit else ""}


def unused(files: Mapping[str, str], read: Iterable[str], *, loader: str) -> list[dict[str, str]]:
    """Return the files that the loader does not read, each with the reason.

    files: texts by path. read: the paths that it reads. A file with the same text as one that is read is that file
    under another name.
    """
    by_name = {path.rpartition("/")[2]: path for path in read}
    texts = {files.get(path, "") for path in by_name.values()}
    found = []
    for path, text in files.items():
        if path in by_name.values():
            continue
        other = by_name.get(path.rpartition("/")[2], "")
        if path == boot.SYSCTL_CONF and text not in texts:
            found.append({"path": path, "reason": f"the loader of this host ({loader}) does not read it"})
        elif other and not files.get(other, "").strip():
            found.append({"path": path, "reason": f"masked by {other}"})
        elif other and text != files[other]:
            found.append({"path": path, "reason": f"replaced by {other}"})
    return found


def limited(rows: Iterable[dict[str, Any]], what: str, partial: list[dict[str, str]]) -> list[dict[str, Any]]:
    """Return the first MOST rows. partial: takes how many are left out."""
    found = list(rows)
    if len(found) > MOST:
        partial.append({"what": what, "reason": f"the last {len(found) - MOST} of {len(found)} are left out"})
    return found[:MOST]
