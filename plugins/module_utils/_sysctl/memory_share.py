# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Shares of the machine's memory, for the parameters that the kernel counts in pages: tcp(7), tcp_mem; udp(7), udp_mem.

The kernel's own tcp_mem is 4.7, 6.25 and 9.4 % of low memory (tcp_init_mem() in net/ipv4/tcp.c).
"""

from __future__ import annotations

from typing import Any

from .._common.errors import InvalidOption
from .._formats.meminfo import HostMemory
from .._parameters.row import Parameter

IN_PAGES = ("net.ipv4.tcp_mem", "net.ipv4.udp_mem")


def pages(parameter: Parameter, given: Any, memory: HostMemory) -> list[int]:
    """The pages that whole percents of the machine's memory are, such as [25, 33, 50] of 16 GiB.

    Raises InvalidOption saying what was given and what is allowed.
    """
    if parameter.name not in IN_PAGES:
        allowed = " and ".join(IN_PAGES)
        raise InvalidOption(f"{parameter.name}: share_of_memory is for {allowed}, which count pages")
    percents = [_percent(item) for item in (given if isinstance(given, (list, tuple)) else [given])]
    if len(percents) != parameter.count or 0 in percents or percents != sorted(percents):
        raise InvalidOption(
            f"{parameter.name}: share_of_memory is {given!r}; allowed are {parameter.count} whole percents from 1 to"
            " 100, none lower than the one before it, such as [25, 33, 50]"
        )
    if not memory.total:
        raise InvalidOption(f"{parameter.name}: share_of_memory needs the host's memory, which could not be read")
    return [memory.total * percent // 100 // memory.page for percent in percents]


def _percent(given: Any) -> int:
    """The whole percent, which templates may give as text; 0 where it is none."""
    if isinstance(given, str) and given.isascii() and given.isdigit():
        given = int(given)
    return given if isinstance(given, int) and not isinstance(given, bool) and 1 <= given <= 100 else 0
