# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How much memory a host has, read."""

from __future__ import annotations

import os

from ..._common.errors import MalformedInput
from ..._formats import meminfo
from ..._formats.meminfo import HostMemory
from ..._host.files import HostFiles

# The topmost cgroup that can be seen: a container's own, which has a limit, or the machine's, which has none.
_LIMITS = ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes")


def read(files: HostFiles) -> HostMemory:
    """The host's memory; of size 0 where /proc/meminfo does not tell it."""
    try:
        total = meminfo.total(files.read_text("/proc/meminfo") or "")
    except MalformedInput:
        return HostMemory()
    texts = filter(None, map(files.read_text, _LIMITS))
    limits = [limit for limit in map(meminfo.limit, texts) if limit is not None]
    return HostMemory(total, min(limits, default=None), os.sysconf("SC_PAGE_SIZE"))
