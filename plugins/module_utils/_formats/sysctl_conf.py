# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files of sysctl.d(5) and the names in them, as systemd-sysctl and `sysctl --system` of procps read them.

`#` and `;` begin a comment only at the start of a line; there is no quoting and no continuation; `-key = value`
tolerates failure; `-key` without a value excludes a key from patterns. CR before LF is accepted.

A name has two spellings. The first separator decides: in `net.ipv4.conf.eth0/100.rp_filter` it is a dot, so dots
separate parts and a slash means a dot; in `net/ipv4/conf/eth0.100/rp_filter` it is a slash, so slashes separate parts
and dots are dots. Both name the file /proc/sys/net/ipv4/conf/eth0.100/rp_filter. The first spelling is canonical.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Iterable, NamedTuple

from .._common.errors import InvalidOption
from .._common.suggest import did_you_mean

# Where administrators, and this collection, put such files.
DIRECTORY = "/etc/sysctl.d"

_GLOB = re.compile(r"[*?\[\]{}]")
_PATTERN = re.compile(r"[*?\[]")
_FORBIDDEN = re.compile(r"[\s\x00-\x20\x7f\ud800-\udfff=#;\\\"'`]")
_SEPARATOR = re.compile(r"[./]")
_SWAP = str.maketrans("./", "/.")
_CONTROL = re.compile(r"[\0\v\f\r]")
_BLANKS = " \t\r\n\v\f"
# In characters. Only a set of ports can be longer.
_LONGEST_VALUE, _LONGEST_SHOWN = 4096, 60
_LONGEST_VALUES = {"net.ipv4.ip_local_reserved_ports": 1 << 18}
_EXAMPLE = "net.ipv4.tcp_fin_timeout"


class Assignment(NamedTuple):
    """One line that sets or excludes something.

    name: canonical; a pattern if it contains `*`, `?` or `[`. value: None for an exclusion. by: the program that sets
    it, empty for the loader of sysctl.d; such a program may have no file, then path is empty. unknown: why its value
    cannot be known; empty if it is `value`.
    """

    path: str
    line: int
    name: str
    value: str | None
    tolerant: bool = False
    by: str = ""
    unknown: str = ""

    @property
    def is_pattern(self) -> bool:
        return _PATTERN.search(self.name) is not None


class Entry(NamedTuple):
    """One line to write. name: canonical. reason: the comment above it, or an empty text."""

    name: str
    value: str
    reason: str = ""


def canonical(text: str) -> str:
    """Return the canonical name of the parameter that `text` names.

    >>> canonical("net/ipv4/conf/eth0.100/rp_filter")
    'net.ipv4.conf.eth0/100.rp_filter'

    Raises InvalidOption for a path, a pattern or anything else that is not a name.
    """
    path = to_path(text)
    _check(text, path)
    return from_path(path)


def to_path(name: str) -> str:
    """Return the path of a parameter below /proc/sys, such as `net/ipv4/tcp_fin_timeout`, without checking the name."""
    separator = _SEPARATOR.search(name)
    if separator is None or separator.group() == "/":
        return name
    return name.translate(_SWAP) if "/" in name else name.replace(".", "/")


def check_inside(name: str) -> None:
    """Raise ValueError for a name whose path could lead out of /proc/sys. Other names are not checked further."""
    if {"", ".", ".."} & set(to_path(name).split("/")):
        raise ValueError(f"{name!r} is not the name of a parameter")


def from_path(path: str) -> str:
    """Return the canonical name of the parameter at `path` below /proc/sys."""
    return path.translate(_SWAP) if "." in path else path.replace("/", ".")


def spelling(name: str) -> str:
    """Return how to write a canonical name in a file: with slashes if a part contains a dot, to make it clearer."""
    return to_path(name) if "/" in name else name


def assignments(path: str, text: str) -> list[Assignment]:
    """Return the assignments and exclusions of a file in order. Comments and invalid lines are skipped."""
    return list(_assignments(path, text))


# A plan needs the lines of the same files several times.
@lru_cache(maxsize=64)
def _assignments(path: str, text: str) -> tuple[Assignment, ...]:
    found = (_assignment(path, number, raw) for number, raw in enumerate(text.split("\n"), start=1))
    return tuple(line for line in found if line is not None)


def is_ambiguous(text: str) -> bool:
    """Return whether a line has control characters that end it, or are blanks, for some loaders only."""
    lines = text.split("\n") if _CONTROL.search(text) else []
    return any("=" in line and _CONTROL.search(line.strip(" \t\r")) is not None for line in lines)


def render(header: Iterable[str], entries: Iterable[Entry]) -> str:
    """Return the text of a drop-in: the header as comments, then each entry below its reason."""
    lines = [f"# {line}".rstrip() for line in header]
    for entry in entries:
        lines.append("")
        if entry.reason:
            lines.append(f"# {entry.reason}")
        lines.append(f"{spelling(entry.name)} = {entry.value}".rstrip())
    return "\n".join(lines) + "\n"


def _check(text: str, path: str) -> None:
    if not text:
        raise InvalidOption(f"a parameter's name is empty; expected a name such as {_EXAMPLE}")
    if text.startswith("/"):
        raise InvalidOption(f"{text!r} is a path, not the name of a parameter{_name_of_file(text)}")
    if _GLOB.search(text):
        raise InvalidOption(f"{text!r} is a pattern; a setting names exactly one parameter")
    if _FORBIDDEN.search(text):
        raise InvalidOption(
            f"{text!r} contains a character that parameter names do not have"
            " (whitespace, quotes, control characters, = # ;)"
        )
    if text.startswith("-"):
        raise InvalidOption(f"{text!r} begins with '-', which is sysctl.d syntax and not part of the name")
    if any(part in ("", ".", "..") for part in path.split("/")):
        raise InvalidOption(f"{text!r} is not the name of a parameter: it has an empty part, '.' or '..'")
    if "/" not in path:
        raise InvalidOption(f"{text!r} has only one part; expected a name such as {_EXAMPLE}")


def _name_of_file(path: str) -> str:
    """Return the suggestion of the name for the path of a parameter's file, or an example for any other path."""
    try:
        return did_you_mean(canonical(path.split("/proc/sys/", 1)[1]))
    except (IndexError, InvalidOption):
        return f" such as {_EXAMPLE}"


def _assignment(path: str, number: int, raw: str) -> Assignment | None:
    line = raw.strip(_BLANKS)
    if not line or line[0] in "#;":
        return None
    key, separator, value = line.partition("=")
    tolerant = key.startswith("-")
    name = _name(key[1:] if tolerant else key)
    if not name or (not separator and not tolerant):
        return None
    value = value.strip(_BLANKS)
    if len(value) > _LONGEST_VALUES.get(name, _LONGEST_VALUE):
        unknown = f"its value in {path}:{number} has {len(value)} characters"
        return Assignment(path, number, name, value[:_LONGEST_SHOWN], tolerant, unknown=unknown)
    return Assignment(path, number, name, value if separator else None, tolerant)


@lru_cache(maxsize=1024)
def _name(key: str) -> str:
    """Return the canonical name. Empty parts and `.` are dropped, as in any path."""
    parts = to_path(key.strip(_BLANKS)).split("/")
    return from_path("/".join(part for part in parts if part not in ("", ".")))
