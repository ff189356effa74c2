# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The catalogue of kernel parameters: finds the row of a name. Rows are parsed only when they are asked for.

Names are canonical. A `*` in a row's name stands for any one part; a row with the exact name takes precedence.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Iterator

from . import (
    rows_net_core,
    rows_net_interfaces,
    rows_net_ipv4,
    rows_net_tcp,
    rows_netfilter,
    rows_removed,
    rows_system,
)
from .row import NEVER, Parameter, lines, parse

# The newest kernel that the catalogue was compared with.
NEWEST = "7.3"
HIDDEN = "(secret)"

_TABLES = (
    rows_system.ROWS,
    rows_net_core.ROWS,
    rows_net_ipv4.ROWS,
    rows_net_tcp.ROWS,
    rows_netfilter.ROWS,
    rows_net_interfaces.ROWS,
    rows_removed.ROWS,
)
_LINES: dict[str, str] = {name: line for table in _TABLES for name, line in lines(table)}

# The places of the parts that are a `*` in a pattern.
_PLACES = sorted({name.split(".").index("*") for name in _LINES if "*" in name})


@lru_cache(maxsize=4096)
def find(name: str) -> Parameter | None:
    """Return the row of `name`, or of the pattern it matches with `name` as its name; None if it is unknown.

    >>> find("net.ipv4.conf.eth0/100.rp_filter").name
    'net.ipv4.conf.eth0/100.rp_filter'
    """
    if name in _LINES:
        return _parsed(name)
    parts = name.split(".")
    for place in _PLACES:
        pattern = ".".join([*parts[:place], "*", *parts[place:][1:]])
        if pattern in _LINES and place < len(parts):
            return _parsed(pattern)._replace(name=name)
    return None


@lru_cache(maxsize=1024)
def _parsed(name: str) -> Parameter:
    return parse(_LINES[name])


def rows() -> list[Parameter]:
    """Return every row of the catalogue, including patterns."""
    return [parse(line) for line in _LINES.values()]


def names() -> list[str]:
    """Return every exact name of the catalogue, sorted."""
    return sorted(name for name in _LINES if "*" not in name)


@lru_cache(maxsize=None)
def real_names() -> list[str]:
    """Return every exact name that some kernel has or had, sorted. The list must not be changed."""
    return [name for name in names() if f" removed={NEVER} " not in f"{_LINES[name]} "]


def patterns() -> list[str]:
    """Return every name with a `*`."""
    return [name for name in _LINES if "*" in name]


def modules() -> list[str]:
    """Return the kernel modules that provide some parameter, sorted."""
    return sorted({row.module for row in _rows_with("module=")})


@lru_cache(maxsize=None)
def bounded() -> tuple[tuple[str, str], ...]:
    """Return (lower, upper) for each parameter that another one bounds: the kernel refuses lower > upper."""
    return tuple((row.name, row.at_most) for row in _rows_with("at_most="))


def current_name(name: str) -> str:
    """Return the name that a parameter has today, and the preferred one of two aliases."""
    known = find(name)
    return ((known.renamed_to or known.alias_of) if known else "") or name


def names_of(name: str) -> tuple[str, ...]:
    """Return the names of the value that a parameter has, itself first.

    >>> names_of("net.ipv4.ip_forward")
    ('net.ipv4.ip_forward', 'net.ipv4.conf.all.forwarding')
    """
    return next((pair if pair[0] == name else pair[::-1] for pair in _aliases() if name in pair), (name,))


@lru_cache(maxsize=None)
def _aliases() -> tuple[tuple[str, str], ...]:
    return tuple((row.name, row.alias_of) for row in _rows_with("alias_of="))


def shown(name: str, value: str) -> str:
    """Return the value as it may be shown: HIDDEN for a secret, such as the key of TCP Fast Open's cookies."""
    known = find(name)
    return HIDDEN if known is not None and known.secret else value


def _rows_with(field: str) -> Iterator[Parameter]:
    """Yield the rows whose text has a field; parsing all of them costs a host ten times as much."""
    return (parse(line) for line in _LINES.values() if f" {field}" in line)
