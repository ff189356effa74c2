# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The memory of a host: /proc/meminfo, and the limit of its cgroup if it is a container.

Sources: proc_meminfo(5); Documentation/admin-guide/cgroup-v2.rst (memory.max) and cgroup-v1/memory.rst
(memory.limit_in_bytes, a number larger than any memory if there is no limit).
"""

from __future__ import annotations

import re
from typing import NamedTuple

from .._common.errors import MalformedInput

_MEM_TOTAL = re.compile(r"^MemTotal:\s+(\d+) kB$", re.ASCII | re.MULTILINE)
_UNITS = ("bytes", "KiB", "MiB", "GiB", "TiB")
# Of a number of bytes that fits into 64 bits.
_MOST_DIGITS = 20


class HostMemory(NamedTuple):
    """Sizes in bytes. total: of the machine, 0 if unknown. limit: of the cgroup, or None. page: of one page."""

    total: int = 0
    limit: int | None = None
    page: int = 4096

    @property
    def usable(self) -> int:
        """The bytes that this host may use."""
        return self.total if self.limit is None else min(self.total, self.limit)


def total(meminfo: str) -> int:
    """Parse the bytes of MemTotal. Raises MalformedInput if they are missing."""
    found = _MEM_TOTAL.search(meminfo)
    if found is None:
        raise MalformedInput("/proc/meminfo has no line such as 'MemTotal:  16384256 kB'")
    return int(found.group(1)) * 1024


def limit(text: str) -> int | None:
    """Parse the bytes of memory.max or memory.limit_in_bytes; None for `max`. Raises MalformedInput."""
    value = text.strip()
    if value == "max":
        return None
    if not (value.isascii() and value.isdigit() and len(value) <= _MOST_DIGITS):
        raise MalformedInput(
            f"{value[:_MOST_DIGITS]!r} is not a cgroup memory limit; expected a number of bytes or 'max'"
        )
    return int(value)


def shown(size: float) -> str:
    """Return a size for people.

    >>> shown(12288000000)
    '11.4 GiB'
    """
    unit = 0
    while size >= 1024 and unit < len(_UNITS) - 1:
        size, unit = size / 1024, unit + 1
    return f"{size:.1f} {_UNITS[unit]}" if unit else f"{size:.0f} bytes"
