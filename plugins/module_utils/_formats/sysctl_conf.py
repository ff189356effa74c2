# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lines of sysctl.d(5) files, as both loaders read them (systemd-sysctl, procps `sysctl --system`).

`#` and `;` begin comments only at the start of a line; there is no quoting and no continuation; `-key = value`
tolerates failure; `-key` without a value excludes from patterns. CR before LF is tolerated.
"""

from __future__ import annotations

import re
from typing import Iterable, NamedTuple

from .._common.errors import InvalidOption

# Names of kernel parameters: both spellings of sysctl.d(5), one canonical form.
#
# The first separator decides: in `net.ipv4.conf.eth0/100.rp_filter` it is a dot, so dots part and a slash stands for a
# dot; in `net/ipv4/conf/eth0.100/rp_filter` it is a slash, so slashes part and dots are dots. Both name the file
# /proc/sys/net/ipv4/conf/eth0.100/rp_filter. The canonical form is the first one.

_GLOB = re.compile(r"[*?\[\]{}]")
_FORBIDDEN = re.compile(r"[\s\x00-\x20\x7f\ud800-\udfff=#;\\\"'`]")
_SWAP = str.maketrans("./", "/.")


def canonical(text: str) -> str:
    """The canonical name of the parameter that `text` names.

    >>> canonical("net/ipv4/conf/eth0.100/rp_filter")
    'net.ipv4.conf.eth0/100.rp_filter'

    Raises InvalidOption for anything that is a path or a pattern rather than a name.
    """
    path = to_path(text)
    _refuse(text, path)
    return from_path(path)


def to_path(name: str) -> str:
    """The path of the parameter below /proc/sys, such as `net/ipv4/tcp_fin_timeout`; checks nothing."""
    separator = re.search(r"[./]", name)
    if separator is None or separator.group() == "/":
        return name
    return name.translate(_SWAP)


def from_path(path: str) -> str:
    """The canonical name of the parameter at `path` below /proc/sys."""
    return path.translate(_SWAP)


def spelling(name: str) -> str:
    """How to write the canonical `name` in a sysctl.d file: with slashes where a part holds a dot, so that nobody
    misreads it.
    """
    return to_path(name) if "/" in name else name


def _refuse(text: str, path: str) -> None:
    if not text:
        raise InvalidOption("a kernel parameter's name is empty; allowed is a name such as net.ipv4.tcp_fin_timeout")
    if text.startswith("/"):
        raise InvalidOption(f"{text!r} is a path, not a parameter's name{_meant(text)}")
    if _GLOB.search(text):
        raise InvalidOption(f"{text!r} is a pattern; a setting names exactly one parameter")
    if _FORBIDDEN.search(text):
        raise InvalidOption(
            f"{text!r} holds a character that no parameter's name has (blanks, quotes, controls, = # ;)"
        )
    if text.startswith("-"):
        raise InvalidOption(f"{text!r} begins with '-', which is sysctl.d syntax and no part of a parameter's name")
    if any(part in ("", ".", "..") for part in path.split("/")):
        raise InvalidOption(
            f"{text!r} does not name a parameter: it has an empty part, '.' or '..' between its separators"
        )
    if "/" not in path:
        raise InvalidOption(f"{text!r} has one part only; a parameter's name is like net.ipv4.tcp_fin_timeout")


def _meant(path: str) -> str:
    """What the path of a parameter's file suggests; an example where it is the path of anything else."""
    try:
        return f"; did you mean {canonical(path.split('/proc/sys/', 1)[1])}?"
    except (IndexError, InvalidOption):
        return " such as net.ipv4.tcp_fin_timeout"


_PATTERN = re.compile(r"[*?\[]")
_BLANKS = " \t\r\n\v\f"


class Assignment(NamedTuple):
    """One line that says something. name: canonical; a pattern where it holds `*`, `?` or `[`. value: None for an
    exclusion.
    """

    path: str
    line: int
    name: str
    value: str | None
    tolerant: bool = False

    @property
    def is_pattern(self) -> bool:
        return _PATTERN.search(self.name) is not None


def assignments(path: str, text: str) -> list[Assignment]:
    """The assignments and exclusions of a file's text in their order; lines that say nothing are passed over."""
    found = (_assignment(path, number, raw) for number, raw in enumerate(text.split("\n"), start=1))
    return [line for line in found if line is not None]


def _assignment(path: str, number: int, raw: str) -> Assignment | None:
    line = raw.strip(_BLANKS)
    if not line or line[0] in "#;":
        return None
    key, separator, value = line.partition("=")
    tolerant = key.startswith("-")
    name = _name(key[1:] if tolerant else key)
    if not name or (not separator and not tolerant):
        return None
    return Assignment(path, number, name, value.strip(_BLANKS) if separator else None, tolerant)


def _name(key: str) -> str:
    """The canonical name; empty parts and `.` mean nothing, as in any path."""
    parts = to_path(key.strip(_BLANKS)).split("/")
    return from_path("/".join(part for part in parts if part not in ("", ".")))


class Entry(NamedTuple):
    """One line to write. name: canonical. why: said in a comment above it; may be empty."""

    name: str
    value: str
    why: str = ""


def render(header: Iterable[str], entries: Iterable[Entry]) -> str:
    """A drop-in's text: the header as comments, then each entry below its reason."""
    lines = [f"# {line}".rstrip() for line in header]
    for entry in entries:
        lines.append("")
        if entry.why:
            lines.append(f"# {entry.why}")
        lines.append(f"{spelling(entry.name)} = {entry.value}".rstrip())
    return "\n".join(lines) + "\n"
