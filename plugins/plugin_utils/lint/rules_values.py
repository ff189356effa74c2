# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules for single values: harmful ones, values that mean something unexpected, and memory in the wrong unit.

Sources: Documentation/networking/ip-sysctl.rst, tcp(7), RFC 1122, net/ipv4/tcp_timer.c.
"""

from __future__ import annotations

import functools
from typing import Iterator, NamedTuple

from ansible_collections.nettune.tcp.plugins.module_utils._parameters.row import Parameter

from .case import Case
from .row import HAZARD, INVALID, OK, REMOVE, WRONG_DIRECTION, Finding

_LOWEST, _HIGHEST = -(2**64), 2**64
# The kernel waits 0.2 s for an answer and doubles that up to 120 s (TCP_RTO_MAX): the tenth doubling exceeds it.
_RTO_DOUBLINGS = 10
# The kernel gives up a peer after this many retransmissions, which take 102 s; RFC 1122 requires at least 100 s.
_RFC_1122 = 8

_BUFFERS = ("net.ipv4.tcp_rmem", "net.ipv4.tcp_wmem")
_PAGES = ("net.ipv4.tcp_mem", "net.ipv4.udp_mem")
_PAGE = 4096
_MIB, _GIB = 2**20, 2**30
_UNITS = ("MiB", "GiB", "TiB", "PiB", "EiB")
# More than any socket needs from its first moment.
_MUCH = _MIB
# More than the default of a machine with 640 GiB.
_TOO_MUCH = 60 * _GIB
# The third number of tcp_mem is this part of the memory by default.
_TCP_MEM_PART = 0.0937


class Harmful(NamedTuple):
    """Values from low to high that the kernel accepts but that do harm.

    instead: what to write; `-` if the line should be removed, `=` if it can stay.
    since, until: the first kernel for which this is true, and the first for which it no longer is; empty for all.
    """

    low: int
    high: int
    verdict: str
    instead: str
    message: str
    since: str = ""
    until: str = ""


@functools.lru_cache(maxsize=1024)
def harmful(parameter: Parameter) -> list[Harmful]:
    """Parse the harmful values of a row, such as `65536.. invalid 65535 until=4.1: before Linux 4.1 at most 65535`."""
    return [_parse(text) for text in parameter.harmful]


def seconds_of(retransmissions: int) -> float:
    """Return the minimum number of seconds after which the kernel gives up a peer.

    >>> seconds_of(8)
    102.2
    """
    doubled = min(retransmissions + 1, _RTO_DOUBLINGS)
    return round(0.2 * (2**doubled - 1), 1) + 120 * (retransmissions + 1 - doubled)


def harmful_value(case: Case) -> Iterator[Finding]:
    """Report values that the parameter's row calls harmful."""
    kernel = case.scene.kernel
    for bad in harmful(case.parameter) if case.numbers else ():
        applies = kernel.has(bad.since) and not (bad.until and kernel.has(bad.until))
        if applies and bad.low <= case.numbers[0] <= bad.high:
            yield Finding(bad.verdict, bad.message, {"=": None, "-": REMOVE}.get(bad.instead, case.write(bad.instead)))


def not_everywhere(case: Case) -> Iterator[Finding]:
    """Report a number that only some kernels of the version accept: stable updates and CONFIG_HZ narrow the bounds."""
    row = case.parameter
    if row.sure is not None and not all(map(row.is_sure, case.numbers)):
        least, most = row.sure
        allowed = f"at most {most}" if least == row.low or case.numbers[0] > most else f"at least {least}"
        yield Finding(OK, f"some kernels of this version accept {allowed}")


def fin_timeout(case: Case) -> Iterator[Finding]:
    """Report tcp_fin_timeout above 60 s: a timer runs for the excess, twice (tcp_rcv_state_process())."""
    if case.name != "net.ipv4.tcp_fin_timeout" or not case.numbers:
        return
    seconds = case.numbers[0]
    if 60 < seconds < 90:
        message = f"61 to 119 mean 2 * (value - 60) seconds: this is {2 * (seconds - 60)} s, less than 60 s"
        yield Finding(WRONG_DIRECTION, message, case.write(60))
    elif 4 < seconds < 15:
        yield Finding(OK, "short: peers that take longer to send their last data are reset; it never affects TIME_WAIT")
    elif seconds > 4:
        yield Finding(OK, "only affects orphaned FIN_WAIT2 sockets, never TIME_WAIT")


def orphan_retries(case: Case) -> Iterator[Finding]:
    """Report tcp_orphan_retries that keep orphans longer than intended; 0 means 8 (tcp_orphan_retries())."""
    if case.name != "net.ipv4.tcp_orphan_retries" or not case.numbers:
        return
    retries = case.numbers[0]
    if retries == 0:
        message = f"0 means 8 retransmissions, {seconds_of(8):.0f} s or more; 2 or 3 end orphans within seconds"
        yield Finding(WRONG_DIRECTION, message, case.write(3))
    elif retries > _RFC_1122:
        message = f"keeps orphans {seconds_of(retries):.0f} s or more, longer than the default (0, which means 8)"
        yield Finding(WRONG_DIRECTION, message, case.write(3))
    elif retries > 0:
        hasty = "; one lost packet truncates an answer" if retries == 1 else ""
        yield Finding(OK, f"ends orphans after at least {seconds_of(retries):.3g} s (0 means 8){hasty}")


def retries2(case: Case) -> Iterator[Finding]:
    """Report tcp_retries2 below what RFC 1122 requires (4.2.3.5); orphaned sockets do not use it."""
    if case.name != "net.ipv4.tcp_retries2" or not case.numbers:
        return
    retries = case.numbers[0]
    elsewhere = "orphaned sockets (LAST_ACK, FIN_WAIT1) use tcp_orphan_retries instead"
    if 0 <= retries < _RFC_1122:
        outage = f"closes connections after an outage of {seconds_of(retries):.3g} s; RFC 1122 requires 100 s (8)"
        yield Finding(HAZARD, f"{outage}; {elsewhere}", case.write(_RFC_1122))
    else:
        yield Finding(OK, elsewhere)


def synack_retries(case: Case) -> Iterator[Finding]:
    """Report how long half-open connections last: retransmissions follow 1, 2, 4, … seconds apart."""
    if case.name == "net.ipv4.tcp_synack_retries" and case.numbers and 0 < case.numbers[0] < 8:
        yield Finding(OK, f"half-open connections last {2 ** (case.numbers[0] + 1) - 1} s")


def tw_buckets(case: Case) -> Iterator[Finding]:
    """Report the memory of a full TIME_WAIT table: 256 bytes a socket."""
    if case.name == "net.ipv4.tcp_max_tw_buckets" and case.numbers and case.numbers[0] > 0:
        yield Finding(OK, f"a full table takes {case.numbers[0] / 4096:.3g} MiB of memory")


def rising(case: Case) -> Iterator[Finding]:
    """Report vectors of memory whose numbers do not rise."""
    if case.name not in _BUFFERS + _PAGES or case.numbers == sorted(case.numbers):
        return
    names = "minimum, default and maximum" if case.name in _BUFFERS else "low, pressure and high"
    yield Finding(INVALID, f"{names} must be in rising order", case.write(_text(sorted(case.numbers))))


def buffers(case: Case) -> Iterator[Finding]:
    """Report a large minimum or default of tcp_rmem and tcp_wmem: every connection gets it."""
    if case.name not in _BUFFERS or len(case.numbers) != 3:
        return
    least, default, most = case.numbers
    if default >= _MUCH and case.numbers == sorted(case.numbers):
        message = f"every socket starts with {default / _MIB:.3g} MiB; use a small default and let the kernel grow it"
        usual = 131072 if case.name.endswith("rmem") else 16384
        yield Finding(HAZARD, message, case.write(f"4096 {usual} {most}"))
    elif least >= _MUCH:
        message = f"every socket is guaranteed {least / _MIB:.3g} MiB even if memory is short"
        yield Finding(HAZARD, message, case.write(f"4096 {default} {most}"))


def pages(case: Case) -> Iterator[Finding]:
    """Report tcp_mem and udp_mem given in bytes, or with the numbers of tcp_rmem."""
    if case.name not in _PAGES or len(case.numbers) != 3:
        return
    low, pressure, high = case.numbers
    if high * _PAGE > min(_TOO_MUCH, _memory(case)):
        message = f"the unit is pages of {_PAGE} bytes; {_size(high)} is never reached, so probably bytes were meant"
        yield Finding(HAZARD, message, REMOVE)
    elif low * _PAGE < 64 * _MIB and high > 100 * low:
        message = f"the unit is pages of {_PAGE} bytes, not bytes as in tcp_rmem: memory pressure begins at"
        yield Finding(HAZARD, f"{message} {_size(pressure)}", REMOVE)
    elif high * _PAGE < 64 * _MIB:
        yield Finding(HAZARD, f"the unit is pages of {_PAGE} bytes: all sockets together get {_size(high)}", REMOVE)


RULES = (
    harmful_value,
    not_everywhere,
    fin_timeout,
    orphan_retries,
    retries2,
    synack_retries,
    tw_buckets,
    rising,
    buffers,
    pages,
)


def _parse(text: str) -> Harmful:
    row, _colon, message = text.partition(": ")
    values, verdict, instead, *words = row.split()
    low, _dots, high = values.partition("..")
    kernels = dict(word.split("=") for word in words)
    return Harmful(int(low or _LOWEST), int(high or _HIGHEST), verdict, instead, message, **kernels)


def _memory(case: Case) -> float:
    """Return the host's memory, calculated from its tcp_mem; infinity if that is unknown."""
    running = (case.scene.host.values.get("net.ipv4.tcp_mem") or "").split()
    return int(running[2]) * _PAGE / _TCP_MEM_PART if len(running) == 3 and running[2].isdigit() else float("inf")


def _size(number: int) -> str:
    size, unit = float(number) * _PAGE / _MIB, 0
    while size >= 1024 and unit < len(_UNITS) - 1:
        size, unit = size / 1024, unit + 1
    return f"{size:.3g} {_UNITS[unit]}"


def _text(numbers: list[int]) -> str:
    return " ".join(map(str, numbers))
