# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the kernel makes of a number that it rounds."""

from __future__ import annotations

from .._parameters.row import Parameter
from .._parameters.value import as_number

# proc_dointvec_ms_jiffies() rounds up to ticks, which are 10 ms or less.
_LONGEST_TICK = 10
# nf_ct_alloc_hashtable() rounds up to whole pages of entries of 8 bytes; pages are at most 64 KiB.
_ENTRIES_OF_PAGE = {"net.netfilter.nf_conntrack_buckets": (512, 2048, 8192)}
_POWERS_OF_TWO = ("fs.pipe-max-size", "net.core.rps_sock_flow_entries")


def may_become(parameter: Parameter, written: str | None, found: str) -> bool:
    """Return whether the kernel may print `found` after `written` was written; both in normal form."""
    if written == found:
        return True
    one, other = as_number(written or ""), as_number(found)
    if not parameter.rounds or one is None or other is None:
        return False
    if parameter.name in _ENTRIES_OF_PAGE:
        return any(other == -(-one // entries) * entries for entries in _ENTRIES_OF_PAGE[parameter.name])
    if parameter.name in _POWERS_OF_TWO:
        return one < other < 2 * one
    return 0 < other - one < _LONGEST_TICK
