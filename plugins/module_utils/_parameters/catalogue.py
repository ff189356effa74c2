# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The catalogue of kernel parameters: finds the row of a name. Rows are parsed only when they are asked for.

Names are canonical. A `*` in a row's name stands for any one part; a row with the exact name takes precedence.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Iterable, Iterator

from .._common.suggest import closest
from . import (
    rows_net_core,
    rows_net_interfaces,
    rows_net_ipv4,
    rows_net_tcp,
    rows_netfilter,
    rows_removed,
    rows_system,
)
from .row import Parameter, lines, parse

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

# How similar a suggestion must be: its last part alone, or else the whole name.
_SIMILAR_LAST, _SIMILAR_WHOLE = 0.75, 0.85


@lru_cache(maxsize=4096)
def find(name: str) -> Parameter | None:
    """Return the row of `name`, or of the pattern it matches with `name` as its name; None if it is unknown.

    >>> find("net.ipv4.conf.eth0/100.rp_filter").name
    'net.ipv4.conf.eth0/100.rp_filter'
    """
    parts = name.split(".")
    places = range(len(parts))
    patterns = (".".join("*" if at == place else part for at, part in enumerate(parts)) for place in places)
    known = next((one for one in (name, *patterns) if one in _LINES), None)
    return None if known is None else parse(_LINES[known])._replace(name=name)


def rows() -> list[Parameter]:
    """Return every row of the catalogue, including patterns."""
    return [parse(line) for line in _LINES.values()]


def names() -> list[str]:
    """Return every exact name of the catalogue, sorted."""
    return sorted(name for name in _LINES if "*" not in name)


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


def nearest(name: str, among: Iterable[str] = ()) -> str | None:
    """Return the name most probably meant by an unknown one, from the catalogue and `among`; None if none is similar.

    The last part weighs most because people confuse the parts before it: net.ipv4.somaxconn is net.core.somaxconn.
    """
    asked = name.lower()
    known = sorted({*names(), *_patterns_like(asked), *among} - {name})
    by_last: dict[str, list[str]] = {}
    for candidate in known:
        by_last.setdefault(_last(candidate), []).append(candidate)
    last = closest(_last(asked), by_last, cutoff=_SIMILAR_LAST)
    return closest(asked, known, cutoff=_SIMILAR_WHOLE) if last is None else closest(asked, by_last[last], cutoff=0.0)


def shown(name: str, value: str) -> str:
    """Return the value as it may be shown: HIDDEN for a secret, such as the key of TCP Fast Open's cookies."""
    known = find(name)
    return HIDDEN if known is not None and known.secret else value


def _rows_with(field: str) -> Iterator[Parameter]:
    """Yield the rows whose text has a field; parsing all of them costs a host ten times as much."""
    return (parse(line) for line in _LINES.values() if f" {field}" in line)


def _last(name: str) -> str:
    return name.rpartition(".")[2]


def _patterns_like(name: str) -> Iterator[str]:
    """Yield the catalogue's patterns, with the part of `name` that is in place of their `*`, or `all`."""
    parts = name.split(".")
    for pattern in _LINES:
        before, star, _after = pattern.partition("*")
        if star:
            at = before.count(".")
            same_length = len(parts) == pattern.count(".") + 1
            yield pattern.replace("*", parts[at] if same_length else "all")
