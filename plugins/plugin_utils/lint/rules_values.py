# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What single values come to.

Sources: Documentation/networking/ip-sysctl.rst, tcp(7), RFC 1122, net/ipv4/tcp_timer.c.
"""

from __future__ import annotations

from typing import Iterator, NamedTuple

from ansible_collections.nettune.tcp.plugins.module_utils._parameters.row import Parameter

from .case import Case, seconds_of
from .row import GO, HAZARD, OK, WRONG_DIRECTION, Finding

_LOWEST, _HIGHEST = -(2**64), 2**64


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


def harmful(parameter: Parameter) -> list[Harmful]:
    """Parse the harmful values of a row, such as `65536.. invalid 65535 until=4.1: before Linux 4.1 at most 65535`."""
    return [_parse(text) for text in parameter.harmful]


def _parse(text: str) -> Harmful:
    row, _colon, message = text.partition(": ")
    values, verdict, instead, *words = row.split()
    low, _dots, high = values.partition("..")
    kernels = dict(word.split("=") for word in words)
    return Harmful(int(low or _LOWEST), int(high or _HIGHEST), verdict, instead, message, **kernels)


# With so many retransmissions a peer is given up after 102 s; RFC 1122 asks for 100 s at least.
_RFC_1122 = 8


def values(case: Case) -> Iterator[Finding]:
    """What the parameter's row says of the value."""
    kernel = case.scene.kernel
    for bad in harmful(case.parameter) if case.numbers else ():
        applies = kernel.has(bad.since) and not (bad.until and kernel.has(bad.until))
        if applies and bad.low <= case.numbers[0] <= bad.high:
            yield Finding(bad.verdict, bad.message, {"=": None, "-": GO}.get(bad.instead, case.write(bad.instead)))


def fin_timeout(case: Case) -> Iterator[Finding]:
    """tcp_rcv_state_process(): above TCP_TIMEWAIT_LEN (60 s) a timer runs for what is more, and then again."""
    if case.name != "net.ipv4.tcp_fin_timeout" or not case.numbers:
        return
    asked = case.numbers[0]
    if 60 < asked < 90:
        last = 2 * (asked - 60)
        yield Finding(
            WRONG_DIRECTION, f"61 to 119 stand for 2 * (value - 60): this is {last} s, less than 60", case.write(60)
        )
    elif 4 < asked < 15:
        yield Finding(OK, "short: a peer that takes longer to send its last data is reset. It never ends TIME_WAIT")
    elif asked > 4:
        yield Finding(OK, "it ends orphaned FIN_WAIT2 only, never TIME_WAIT")


def orphan_retries(case: Case) -> Iterator[Finding]:
    """tcp_orphan_retries(): 0 stands for 8."""
    if case.name != "net.ipv4.tcp_orphan_retries" or not case.numbers:
        return
    asked = case.numbers[0]
    if asked == 0:
        said = f"0 stands for 8 retransmissions, {seconds_of(8):.0f} s and more; 2 or 3 end orphans in seconds"
        yield Finding(WRONG_DIRECTION, said, case.write(3))
    elif asked > _RFC_1122:
        said = f"keeps orphans {seconds_of(asked):.0f} s and more, longer than the default (0, which is 8)"
        yield Finding(WRONG_DIRECTION, said, case.write(3))
    elif asked > 0:
        hasty = "; one lost packet cuts the end off an answer" if asked == 1 else ""
        yield Finding(OK, f"ends orphans after {seconds_of(asked):.3g} s at least (0 stands for 8){hasty}")


def retries2(case: Case) -> Iterator[Finding]:
    """tcp_retries2 of sockets that a process holds; RFC 1122 asks for 100 s at least (4.2.3.5)."""
    if case.name != "net.ipv4.tcp_retries2" or not case.numbers:
        return
    asked = case.numbers[0]
    elsewhere = "sockets no process holds (LAST_ACK, FIN_WAIT1) obey tcp_orphan_retries"
    if 0 <= asked < _RFC_1122:
        said = f"cuts connections after an outage of {seconds_of(asked):.3g} s; RFC 1122 asks for 100 (8); {elsewhere}"
        yield Finding(HAZARD, said, case.write(_RFC_1122))
    else:
        yield Finding(OK, elsewhere)


def synack_retries(case: Case) -> Iterator[Finding]:
    """Retransmissions 1, 2, 4 ... seconds apart."""
    if case.name == "net.ipv4.tcp_synack_retries" and case.numbers and 0 < case.numbers[0] < 8:
        yield Finding(OK, f"half-open connections last {2 ** (case.numbers[0] + 1) - 1} s")


def tw_buckets(case: Case) -> Iterator[Finding]:
    """A TIME_WAIT socket is a slab object of a quarter KiB."""
    if case.name == "net.ipv4.tcp_max_tw_buckets" and case.numbers and case.numbers[0] > 0:
        yield Finding(OK, f"when full they take {case.numbers[0] / 4096:.3g} MiB of memory")


RULES = (values, fin_timeout, orphan_retries, retries2, synack_retries, tw_buckets)
