# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Real sockets in every TCP state, made in a new network namespace and held until the standard input ends.

    unshare --net python3 tests/lab/populations.py --time-wait 500 --close-wait 300 --established 20000 --ipv6 20

Each state has an option for its number of sockets; --ipv6 and --mapped are the percentages that are IPv6, and IPv4 on
IPv6 sockets. ESTABLISHED sockets are both ends of loopback connections; the others are connected to a silent peer.
The descriptor limit decides how many processes hold them. When all exist it prints {"states": {name: number}, "pid":
its own process id}. With --seconds it ends after that time, even if its input has not ended. Only ESTABLISHED,
CLOSE_WAIT, LISTEN and FIN_WAIT2 sockets with an owner last longer than a minute.
"""

from __future__ import annotations

import argparse
import ctypes
import itertools
import json
import os
import resource
import select
import signal
import socket
import sys
import time
from typing import Iterator, NamedTuple

from silent_peer import ACK, FIN, LOCAL, SYN, Connection, SilentPeer, remote_address, set_up_network

_BATCH = 100
_PORT = 443
_UNANSWERED_PORT = 444
_SPARE_DESCRIPTORS = 200
_PR_SET_PDEATHSIG = 1
_FAMILIES = {"ipv4": socket.AF_INET, "ipv6": socket.AF_INET6, "mapped": socket.AF_INET6}
_LOOPBACK = {"ipv4": "127.0.0.1", "ipv6": "::1", "mapped": "::ffff:127.0.0.1"}


class Segment(NamedTuple):
    """A segment of the peer; counted from the first sequence numbers of both ends, after their SYNs."""

    flags: int
    sent: int = 1
    acknowledged: int = 1


_FIN = Segment(FIN | ACK)
_FIN_ACK = Segment(FIN | ACK, acknowledged=2)
_ACK_OF_FIN = Segment(ACK, acknowledged=2)
# From ESTABLISHED to the state: what the peer sends, what this end does, what the peer sends then.
_STEPS: dict[str, tuple[Segment | None, str, Segment | None]] = {
    "FIN_WAIT1": (None, "close", None),
    "FIN_WAIT2": (None, "shutdown", _ACK_OF_FIN),
    "FIN_WAIT2_ORPHANED": (None, "close", _ACK_OF_FIN),
    "TIME_WAIT": (None, "close", _FIN_ACK),
    "CLOSING": (None, "close", _FIN),
    "CLOSE_WAIT": (_FIN, "keep", None),
    "LAST_ACK": (_FIN, "close", None),
}
# In the order in which they are made: those that the kernel ends after a minute come last.
STATES = ("ESTABLISHED", "LISTEN", "CLOSE_WAIT", "FIN_WAIT2", "SYN_SENT", "FIN_WAIT1", "LAST_ACK", "CLOSING")
STATES += ("FIN_WAIT2_ORPHANED", "TIME_WAIT", "SYN_RECV")


class Order(NamedTuple):
    """A number of sockets of one state and family ("ipv4", "ipv6" or "mapped")."""

    state: str
    family: str
    number: int


class Population:
    """Makes the sockets of one order and keeps those that need an owner open."""

    def __init__(self, family: str) -> None:
        self._family = family
        self._peer = SilentPeer()
        self._kept: list[socket.socket] = []
        self._numbers = itertools.count()

    def make(self, state: str, number: int) -> None:
        """Make `number` sockets of a state; for SYN_RECV also a listener."""
        if state == "SYN_RECV":
            self._syn_recv(number)
        for first in range(0, number, _BATCH):
            size = min(_BATCH, number - first)
            if state in _STEPS:
                self._connected(size, *_STEPS[state])
            elif state == "SYN_SENT":
                self._kept += self._connecting(size, _UNANSWERED_PORT)
            elif state == "LISTEN":
                self._kept += [self._listener(128) for _number in range(size)]
            elif state == "ESTABLISHED":
                self._established(size)
        self._peer.close()

    def _connected(self, size: int, before: Segment | None, action: str, after: Segment | None) -> None:
        """Connect sockets to the peer and take them to a state."""
        sockets = self._connecting(size, _PORT)
        connections = self._peer.receive_syns(size, port=_PORT)
        self._send(connections, Segment(SYN | ACK, sent=0))
        _wait(sockets, select.POLLOUT)
        if before:
            self._send(connections, before)
            _wait(sockets, select.POLLIN)
        for one in sockets:
            if action == "close":
                one.close()
            elif action == "shutdown":
                one.shutdown(socket.SHUT_WR)
        if after:
            self._send(connections, after)
        if action != "close":
            self._kept += sockets

    def _send(self, connections: list[Connection], segment: Segment) -> None:
        for connection in connections:
            self._peer.send(connection, segment.flags, sent=segment.sent, acknowledged=segment.acknowledged)

    def _connecting(self, size: int, port: int) -> list[socket.socket]:
        made = []
        for number in itertools.islice(self._numbers, size):
            one = socket.socket(_FAMILIES[self._family], socket.SOCK_STREAM | socket.SOCK_NONBLOCK)
            family = socket.AF_INET6 if self._family == "ipv6" else socket.AF_INET
            one.connect_ex((("::ffff:" if self._family == "mapped" else "") + remote_address(family, number), port))
            made.append(one)
        return made

    def _syn_recv(self, number: int) -> None:
        """Have the peer request connections from a listener and never complete them."""
        self._kept.append(self._listener(65535))
        port = self._kept[-1].getsockname()[1]
        family = socket.AF_INET6 if self._family == "ipv6" else socket.AF_INET
        for one in range(number):
            remote = remote_address(family, one)
            self._peer.send(Connection(family, LOCAL[family], port, remote, 1024 + one // 250, 0), SYN)

    def _established(self, size: int) -> None:
        """Make both ends of loopback connections; an odd one is connected to the peer."""
        if size % 2:
            self._connected(1, None, "keep", None)
        with self._listener(size) as listener:
            for _number in range(size // 2):
                client = socket.socket(_FAMILIES[self._family])
                client.connect((_LOOPBACK[self._family], listener.getsockname()[1]))
                self._kept += [client, listener.accept()[0]]

    def _listener(self, backlog: int) -> socket.socket:
        """Return a listener on a free port; for `mapped` an IPv6 socket that accepts IPv4 connections."""
        listener = socket.socket(_FAMILIES[self._family])
        if self._family == "ipv6":
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        listener.bind(("" if self._family == "ipv4" else "::", 0))
        listener.listen(max(backlog, 1))
        return listener


def _wait(sockets: list[socket.socket], event: int) -> None:
    """Wait until each socket has the event."""
    poll = select.poll()
    for one in sockets:
        poll.register(one, event)
    left = len(sockets)
    while left:
        for descriptor, _events in poll.poll():
            poll.unregister(descriptor)
            left -= 1


def orders(numbers: dict[str, int], *, ipv6: int, mapped: int, most: int) -> Iterator[Order]:
    """Split the numbers by family (percentages), and into orders of at most `most` sockets."""
    for state in STATES:
        number = numbers.get(state, 0)
        shares = {"ipv6": number * ipv6 // 100, "mapped": number * mapped // 100}
        for family, share in {"ipv4": number - sum(shares.values()), **shares}.items():
            yield from (Order(state, family, min(most, share - done)) for done in range(0, share, most))


def carry_out(order: Order) -> int:
    """Fork a process that makes an order's sockets and holds them; return its id once they exist."""
    read_end, write_end = os.pipe()
    pid = os.fork()
    if not pid:
        # The child ends when this program ends, even if that is killed.
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        population = Population(order.family)
        population.make(order.state, order.number)
        os.write(write_end, b"ready")
        os.close(write_end)
        while True:
            signal.pause()
    os.close(write_end)
    with open(read_end, "rb") as answer:
        if answer.read() != b"ready":
            raise SystemExit(f"could not make {order}")
    return pid


def expected(asked: list[Order]) -> dict[str, int]:
    """Return {state: number of sockets} when all orders are carried out."""
    found: dict[str, int] = {}
    for order in asked:
        for state, number in [(order.state, order.number), ("LISTEN", order.state == "SYN_RECV")]:
            state = state.replace("_ORPHANED", "")
            found[state] = found.get(state, 0) + number
    return {state: number for state, number in found.items() if number}


def main() -> None:
    """Make the requested sockets, report them, hold them, and end the processes that hold them."""
    parser = argparse.ArgumentParser(description="Hold real sockets in every TCP state until the standard input ends.")
    for state in STATES:
        parser.add_argument("--" + state.lower().replace("_", "-"), dest=state, type=int, default=0, metavar="N")
    for share in ("--ipv6", "--mapped"):
        parser.add_argument(share, type=int, default=0, metavar="PERCENT")
    parser.add_argument("--seconds", type=float, default=0)
    options = vars(parser.parse_args())
    signal.signal(signal.SIGTERM, lambda *_signal: sys.exit())
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))
    # On one processor segments arrive in the order in which they are sent.
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    set_up_network()
    asked = list(orders(options, ipv6=options["ipv6"], mapped=options["mapped"], most=limit - _SPARE_DESCRIPTORS))
    workers: list[int] = []
    try:
        for order in asked:
            workers.append(carry_out(order))
        print(json.dumps({"states": expected(asked), "pid": os.getpid()}), flush=True)
        if options["seconds"]:
            time.sleep(options["seconds"])
        else:
            sys.stdin.read()
    finally:
        for pid in workers:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)


if __name__ == "__main__":
    main()
