# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Memory for sockets: three numbers that must rise, in bytes for one socket and in pages for all (tcp(7))."""

from __future__ import annotations

from typing import Iterator

from .case import Case
from .row import GO, HAZARD, INVALID, Finding

_PAGE = 4096
_UNITS = ("MiB", "GiB", "TiB", "PiB", "EiB")
_GIB, _MIB = 2**30, 2**20
_BUFFERS = ("net.ipv4.tcp_rmem", "net.ipv4.tcp_wmem")
_PAGES = ("net.ipv4.tcp_mem", "net.ipv4.udp_mem")
# What a socket holds from its first moment, or is granted however short memory is.
_MUCH = _MIB
# More than a machine with 640 GiB has by default.
_TOO_MUCH = 60 * _GIB
# The kernel's default limit is this part of the memory.
_PART = 0.0937


def rising(case: Case) -> Iterator[Finding]:
    """Each of the numbers is a bound of the next."""
    if case.name not in _BUFFERS + _PAGES or case.numbers == sorted(case.numbers):
        return
    what = "minimum, default, maximum" if case.name in _BUFFERS else "low, pressure, high"
    yield Finding(INVALID, f"{what} must rise; these do not", case.write(" ".join(map(str, sorted(case.numbers)))))


def buffers(case: Case) -> Iterator[Finding]:
    """Defaults are multiplied by the number of connections."""
    if case.name not in _BUFFERS or len(case.numbers) != 3:
        return
    least, default, most = case.numbers
    if default >= _MUCH and case.numbers == sorted(case.numbers):
        said = f"every socket starts with {default / _MIB:.3g} MiB; let the kernel grow it from less to the maximum"
        usual = 131072 if case.name.endswith("rmem") else 16384
        yield Finding(HAZARD, said, case.write(f"4096 {usual} {most}"))
    elif least >= _MUCH:
        said = f"every socket is granted {least / _MIB:.3g} MiB even when memory is short"
        yield Finding(HAZARD, said, case.write(f"4096 {default} {most}"))


def pages(case: Case) -> Iterator[Finding]:
    """tcp_mem in bytes is 4096 times too much; tcp_rmem's three numbers in it are far too little."""
    if case.name not in _PAGES or len(case.numbers) != 3:
        return
    low, _pressure, high = case.numbers
    memory = _memory(case)
    if high * _PAGE > min(_TOO_MUCH, memory):
        said = f"its unit is the page of {_PAGE} bytes: {_size(high)} is no limit at all; bytes were meant?"
        yield Finding(HAZARD, said, case.write(" ".join(str(number // _PAGE) for number in case.numbers)))
    elif low * _PAGE < 64 * _MIB and high > 100 * low:
        begins = _size(case.numbers[1])
        said = f"its unit is the page of {_PAGE} bytes, not tcp_rmem's byte: memory is called short from {begins} on"
        yield Finding(HAZARD, said, GO)
    elif high * _PAGE < 64 * _MIB:
        yield Finding(HAZARD, f"its unit is the page of {_PAGE} bytes: all sockets together get {_size(high)}", GO)


def _memory(case: Case) -> float:
    """The host's memory as its own limit shows it; without end where that is not known."""
    running = (case.scene.host.values.get("net.ipv4.tcp_mem") or "").split()
    return int(running[2]) * _PAGE / _PART if len(running) == 3 and running[2].isdigit() else float("inf")


def _size(number: int) -> str:
    size, unit = float(number) * _PAGE / _MIB, 0
    while size >= 1024 and unit < len(_UNITS) - 1:
        size, unit = size / 1024, unit + 1
    return f"{size:.3g} {_UNITS[unit]}"


RULES = (rising, buffers, pages)
