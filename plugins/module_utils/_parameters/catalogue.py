# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The catalogue: what is known of each kernel parameter, by name.

Names are canonical. A row with a `*` in its name stands for any one part in that place; an exact row goes before it.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Iterable, Iterator

from .._common.suggest import closest
from . import (
    row as parameter_table,
)
from . import (
    rows_net_core,
    rows_net_interfaces,
    rows_net_ipv4,
    rows_net_tcp,
    rows_netfilter,
    rows_removed,
    rows_system,
)
from .row import Parameter
from .write_order import RELATIONS

HIDDEN = "(secret)"

__all__ = ["RELATIONS", "find", "names", "nearest", "rows"]

_TABLES = (
    rows_system.ROWS,
    rows_net_core.ROWS,
    rows_net_ipv4.ROWS,
    rows_net_tcp.ROWS,
    rows_netfilter.ROWS,
    rows_net_interfaces.ROWS,
    rows_removed.ROWS,
)
_LINES: dict[str, str] = {name: line for table in _TABLES for name, line in parameter_table.lines(table)}

_ALIKE_LAST, _ALIKE_WHOLE = 0.75, 0.85


@lru_cache(maxsize=None)
def find(name: str) -> Parameter | None:
    """The row of `name`, or that of the pattern it matches under the name asked for; None where it is unknown.

    >>> find("net.ipv4.conf.eth0/100.rp_filter").name
    'net.ipv4.conf.eth0/100.rp_filter'
    """
    parts = name.split(".")
    patterns = (".".join(parts[:at] + ["*"] + parts[at + 1 :]) for at in range(len(parts)))
    known = next((one for one in (name, *patterns) if one in _LINES), None)
    return None if known is None else parameter_table.parse(_LINES[known])._replace(name=name)


def rows() -> list[Parameter]:
    """Every row of the catalogue, patterns among them."""
    return [parameter_table.parse(line) for line in _LINES.values()]


def modules() -> list[str]:
    """The kernel modules without which some parameter does not exist, sorted."""
    return sorted({row.module for row in rows()} - {""})


def names() -> list[str]:
    """Every exact name of the catalogue, sorted."""
    return sorted(name for name in _LINES if "*" not in name)


def nearest(name: str, among: Iterable[str] = ()) -> str | None:
    """The name most probably meant by one that is none, from the catalogue and `among`; None where nothing is near.

    The last part weighs most, for the parts before it are what people mix up: net.ipv4.somaxconn is net.core.somaxconn.
    """
    asked = name.lower()
    known = sorted({*names(), *_patterns_like(asked), *among} - {name})
    by_last: dict[str, list[str]] = {}
    for candidate in known:
        by_last.setdefault(_last(candidate), []).append(candidate)
    last = closest(_last(asked), by_last, cutoff=_ALIKE_LAST)
    return closest(asked, known, cutoff=_ALIKE_WHOLE) if last is None else closest(asked, by_last[last], cutoff=0.0)


def _last(name: str) -> str:
    return name.rpartition(".")[2]


def _patterns_like(name: str) -> Iterator[str]:
    """The patterns of the catalogue with the part of `name` that stands where their `*` does, or `all`."""
    parts = name.split(".")
    for pattern in _LINES:
        before, star, _after = pattern.partition("*")
        if star:
            at = before.count(".")
            same_length = len(parts) == pattern.count(".") + 1
            yield pattern.replace("*", parts[at] if same_length else "all")


def shown(name: str, value: str) -> str:
    """Return the value as it may be shown: HIDDEN for a secret, such as the key of TCP Fast Open's cookies."""
    known = find(name)
    return HIDDEN if known is not None and known.secret else value
