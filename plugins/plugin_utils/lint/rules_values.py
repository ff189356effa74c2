# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What single values come to.

Sources: Documentation/networking/ip-sysctl.rst, tcp(7), RFC 1122, net/ipv4/tcp_timer.c.
"""

from __future__ import annotations

from typing import Iterator, NamedTuple

from .case import Case, seconds_of
from .kernel import Kernel
from .row import GO, HAZARD, OK, WRONG_DIRECTION, Finding

# Values that the kernel takes and nobody wants, a row a line.
#
#     net.core.somaxconn  65536..  invalid  65535  since=3.11 until=4.1 | a sentence
#
# is a name, the values, the verdict, what to write instead (`-`: the line should go, `=`: nothing is wrong),
# the kernels
# of which it holds, and why. Sources: Documentation/networking/ip-sysctl.rst, tcp(7), CVE-2016-5696.

ROWS = """
net.core.netdev_max_backlog          ..0     hazard   1000    | drops every packet that waits for a processor
net.core.somaxconn                   0..0    hazard   4096    | leaves every listener room for one connection
net.core.somaxconn                   65536.. invalid  65535   since=3.11 until=4.1 | before Linux 4.1 at most 65535
net.ipv4.ip_unprivileged_port_start  0..22   hazard   1024    | every user may listen on the ports of system services
net.ipv4.tcp_abort_on_overflow       1..     hazard   0       | turns every short burst into resets that clients see
net.ipv4.tcp_challenge_ack_limit     0..999  hazard   -       | lets others find and reset connections (CVE-2016-5696)
net.ipv4.tcp_ecn                     3..     invalid  2       since=5.19 until=6.20 | at most 2
net.ipv4.tcp_fin_timeout             ..0     hazard   30      | ends orphaned FIN_WAIT2 while the peer is still sending
net.ipv4.tcp_fin_timeout             1..4    hazard   15      | resets slow peers that still send their last data
net.ipv4.tcp_keepalive_intvl         ..0     hazard   75      | leaves no time for an answer
net.ipv4.tcp_keepalive_probes        0..0    hazard   9       | cuts off healthy idle connections without a probe
net.ipv4.tcp_keepalive_time          ..-1    hazard   7200    | keepalive never probes
net.ipv4.tcp_keepalive_time          0..9    hazard   600     | probes connections that are hardly idle
net.ipv4.tcp_max_orphans             ..0     hazard   -       | resets connections that still deliver data
net.ipv4.tcp_max_tw_buckets          ..0     hazard   262144  | without TIME_WAIT late segments reach later connections
net.ipv4.tcp_moderate_rcvbuf         0..0    hazard   1       | receive windows stay at the default of tcp_rmem
net.ipv4.tcp_sack                    0..0    hazard   1       | each loss costs more round trips; for emergencies alone
net.ipv4.tcp_synack_retries          0..0    hazard   2       | one lost SYN-ACK turns the client away
net.ipv4.tcp_syncookies              0..0    hazard   1       | a small flood of SYNs then keeps everybody out
net.ipv4.tcp_syncookies              2..     hazard   1       since=3.12 | cookies always: clients lose options
net.ipv4.tcp_timestamps              0..0    hazard   1       | switches off PAWS, and tcp_tw_reuse with it
net.ipv4.tcp_tw_recycle              ..-1    hazard   0       | drops clients behind NAT and load balancers
net.ipv4.tcp_tw_recycle              1..     hazard   0       | drops clients behind NAT and load balancers
net.ipv4.tcp_tw_reuse                2..2    ok       =       until=4.18 | 2 means 1 before Linux 4.18
net.ipv4.tcp_window_scaling          0..0    hazard   1       | no window grows beyond 64 KiB
vm.swappiness                        101..   invalid  100     until=5.8 | before Linux 5.8 it is at most 100
"""
_LOWEST, _HIGHEST = -(2**64), 2**64


class Bad(NamedTuple):
    """Values from low to high. instead: what to write; `-` where the line should go, `=` where it may stay.

    since, until: the first kernel of which this holds, and the first of which it does not; empty for all.
    """

    name: str
    low: int
    high: int
    verdict: str
    instead: str
    message: str
    since: str = ""
    until: str = ""


def of(name: str, number: int, kernel: Kernel) -> Iterator[Bad]:
    """The rows that a parameter's value meets."""
    for bad in _BAD.get(name, ()):
        begun, ended = kernel.has(bad.since or "2"), bool(bad.until) and kernel.has(bad.until)
        if begun and not ended and bad.low <= number <= bad.high:
            yield bad


def _parse(line: str) -> Bad:
    row, _bar, message = line.partition("|")
    name, values, verdict, instead, *words = row.split()
    low, _dots, high = values.partition("..")
    bounds = dict(word.split("=") for word in words)
    return Bad(name, int(low or _LOWEST), int(high or _HIGHEST), verdict, instead, message.strip(), **bounds)


def _by_name() -> dict[str, list[Bad]]:
    rows: dict[str, list[Bad]] = {}
    for bad in map(_parse, ROWS.strip().split("\n")):
        rows.setdefault(bad.name, []).append(bad)
    return rows


_BAD = _by_name()


# With so many retransmissions a peer is given up after 102 s; RFC 1122 asks for 100 s at least.
_RFC_1122 = 8


def values(case: Case) -> Iterator[Finding]:
    """What the table of bad values says."""
    for bad in of(case.name, case.numbers[0], case.scene.kernel) if case.numbers else ():
        write = {"=": None, "-": GO}.get(bad.instead, case.write(bad.instead))
        yield Finding(bad.verdict, bad.message, write)


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
