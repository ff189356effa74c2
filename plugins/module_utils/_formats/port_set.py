# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Port sets in the format of net.ipv4.ip_local_reserved_ports: `80,8000-8100` (ip-sysctl.rst)."""

from __future__ import annotations

import re
from typing import Iterable

from .._common.errors import MalformedInput

_LONGEST_SHOWN = 60
_ITEM = re.compile(r"(\d{1,5})(?:-(\d{1,5}))?", re.ASCII)


def parse(text: str) -> frozenset[int]:
    """Parse a port set. Spaces around commas are accepted, although the kernel refuses them.

    Raises MalformedInput that names the item that is not a port or a range.
    """
    ports: set[int] = set()
    for item in filter(None, (part.strip() for part in text.split(","))):
        ports.update(_range(item))
    return frozenset(ports)


def render(ports: Iterable[int]) -> str:
    """Return the set as the kernel prints it: ascending, with ranges; empty for no ports."""
    return ",".join(str(first) if first == last else f"{first}-{last}" for first, last in _runs(ports))


def _range(item: str) -> range:
    match = _ITEM.fullmatch(item)
    if match is None:
        raise MalformedInput(f"{item[:_LONGEST_SHOWN]!r} is neither a port nor a range such as 8000-8100")
    first, last = int(match.group(1)), int(match.group(2) or match.group(1))
    if last > 65535:
        raise MalformedInput(f"{item!r} is outside the ports 0 to 65535")
    if first > last:
        raise MalformedInput(f"{item!r} is reversed; write a range as first-last")
    return range(first, last + 1)


def _runs(ports: Iterable[int]) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    for port in sorted(set(ports)):
        if runs and runs[-1][1] == port - 1:
            runs[-1] = (runs[-1][0], port)
        else:
            runs.append((port, port))
    return runs
