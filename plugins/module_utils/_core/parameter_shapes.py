# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Catalogue rows by the way the kernel reads their numbers: the handlers of kernel/sysctl.c and their bounds.

Bounds are the widest of Linux 4.18 and later, for a value that some kernel takes must not be refused here.
"""

from __future__ import annotations

from typing import Any

from .parameter import Parameter

INT_MIN, INT_MAX = -(2**31), 2**31 - 1
UINT_MAX, LONG_MAX, ULONG_MAX = 2**32 - 1, 2**63 - 1, 2**64 - 1
SECONDS_MAX = INT_MAX // 100
BYTE = ("5.13", 0, 255)


def integer(name: str, default: str | None = None, low: int = INT_MIN, high: int = INT_MAX, **more: Any) -> Parameter:
    """proc_dointvec() and proc_dointvec_minmax()."""
    return Parameter(name, "int", low, high, default=default, **more)


def switch(name: str, default: str | None = None, **more: Any) -> Parameter:
    """A number that has been held to 0 and 1 for as long as it exists."""
    return integer(name, default, 0, 1, **more)


def byte(name: str, default: str | None = None, **more: Any) -> Parameter:
    """proc_dou8vec_minmax() since 5.13, when these shrank from int to u8; proc_dointvec() before."""
    return integer(name, default, tightened=BYTE, **more)


def unsigned(name: str, default: str | None = None, low: int = 0, high: int = UINT_MAX, **more: Any) -> Parameter:
    """proc_douintvec() and proc_douintvec_minmax()."""
    return integer(name, default, low, high, **more)


def long(name: str, default: str | None = None, low: int = 0, high: int = ULONG_MAX, **more: Any) -> Parameter:
    """proc_doulongvec_minmax() of a 64-bit kernel."""
    return integer(name, default, low, high, **more)


def seconds(name: str, default: str | None = None, **more: Any) -> Parameter:
    """proc_dointvec_jiffies(): |value| <= INT_MAX / HZ, which is widest at HZ=100. Negative numbers are stored."""
    return integer(name, default, -SECONDS_MAX, SECONDS_MAX, **more)


def milliseconds(name: str, default: str | None = None, **more: Any) -> Parameter:
    """proc_dointvec_ms_jiffies(): kept in ticks, so that 1001 reads 1004 at HZ=250. Beyond these bounds it wraps."""
    return integer(name, default, 0, INT_MAX, rounds=True, **more)


def vector(
    name: str, count: int, default: str | None = None, low: int = INT_MIN, high: int = INT_MAX, **more: Any
) -> Parameter:
    """`count` numbers on one line."""
    return Parameter(name, "vector", low, high, count, default=default, **more)


def word(name: str, default: str | None = None, **more: Any) -> Parameter:
    """Text without blanks."""
    return Parameter(name, "word", default=default, **more)
