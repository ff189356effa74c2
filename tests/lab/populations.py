# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Real sockets in every state, made in a network namespace of one's own and held until the standard input ends.

    unshare --net python3 tests/lab/populations.py --time-wait 500 --close-wait 300 --established 20000 --ipv6 20

Of each state so many; of these --ipv6 and --mapped per cent are IPv6, and IPv4 of IPv6 sockets. ESTABLISHED are
loopback pairs, of which both ends count; all others are made against a remote end that falls silent. As many processes
hold them as the limit of descriptors asks for. When all are there it says {"states": {name: number}, "pid": its own}.
With --seconds it ends after these, whatever its standard input. Nothing but ESTABLISHED, CLOSE_WAIT, LISTEN and owned
FIN_WAIT2 stays for longer than a minute.
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

from silent_peer import ACK, FIN, LOCAL, SYN, Connection, SilentPeer, make_silence, remote_address

_BATCH = 100
_PORT = 443  # where the remote end answers
_SILENT_PORT = 444
_SPARE_DESCRIPTORS = 200
_PR_SET_PDEATHSIG = 1  # whatever ends the one who asked ends those who hold
_FLAVOURS = {"ipv4": socket.AF_INET, "ipv6": socket.AF_INET6, "mapped": socket.AF_INET6}


class Segment(NamedTuple):
    """What the remote end says; counted from the first sequence numbers of both ends, behind their SYNs."""

    flags: int
    said: int = 1
    acknowledged: int = 1


_FIN = Segment(FIN | ACK)
_FIN_ACK = Segment(FIN | ACK, acknowledged=2)
_ACK_OF_FIN = Segment(ACK, acknowledged=2)
# To an established connection the remote end says this, this end does that, and the remote end says that.
_WAYS: dict[str, tuple[Segment | None, str, Segment | None]] = {
    "FIN_WAIT1": (None, "close", None),
    "FIN_WAIT2": (None, "shutdown", _ACK_OF_FIN),
    "FIN_WAIT2_ORPHANED": (None, "close", _ACK_OF_FIN),
    "TIME_WAIT": (None, "close", _FIN_ACK),
    "CLOSING": (None, "close", _FIN),
    "CLOSE_WAIT": (_FIN, "hold", None),
    "LAST_ACK": (_FIN, "close", None),
}
# Those that stay come first, those that the kernel ends after a minute last.
STATES = ("ESTABLISHED", "LISTEN", "CLOSE_WAIT", "FIN_WAIT2", "SYN_SENT", "FIN_WAIT1", "LAST_ACK", "CLOSING")
STATES += ("FIN_WAIT2_ORPHANED", "TIME_WAIT", "SYN_RECV")


class Population:
    """Makes sockets and holds those that live only as long as somebody does."""

    def __init__(self) -> None:
        self._peer = SilentPeer()
        self._held: list[socket.socket] = []
        self._numbers = itertools.count()
        self._answering: dict[str, socket.socket] = {}

    def make(self, state: str, number: int, *, flavour: str) -> None:
        """Make so many sockets of a state. For SYN_RECV there is a listener more for each flavour."""
        for size in _batches(number):
            if state in _WAYS:
                self._against_the_peer(size, flavour, *_WAYS[state])
            else:
                getattr(self, "_" + state.lower())(size, flavour)

    def hush(self) -> None:
        """No more is made: what the kernel still says is not listened to."""
        self._peer.close()

    def _against_the_peer(
        self, size: int, flavour: str, before: Segment | None, action: str, after: Segment | None
    ) -> None:
        sockets = self._connecting(size, flavour, _PORT)
        connections = self._peer.hear(size, port=_PORT)
        self._say(connections, Segment(SYN | ACK, said=0))
        _wait(sockets, select.POLLOUT)
        if before:
            self._say(connections, before)
            _wait(sockets, select.POLLIN)
        for connected in sockets:
            _ACTIONS[action](connected)
        if after:
            self._say(connections, after)
        if action != "close":
            self._held += sockets

    def _say(self, connections: list[Connection], segment: Segment) -> None:
        for connection in connections:
            self._peer.say(connection, segment.flags, said=segment.said, acknowledged=segment.acknowledged)

    def _connecting(self, size: int, flavour: str, port: int) -> list[socket.socket]:
        made = []
        for _number in range(size):
            connecting = socket.socket(_FLAVOURS[flavour], socket.SOCK_STREAM | socket.SOCK_NONBLOCK)
            connecting.connect_ex((_remote(flavour, next(self._numbers)), port))
            made.append(connecting)
        return made

    def _syn_sent(self, size: int, flavour: str) -> None:
        self._held += self._connecting(size, flavour, _SILENT_PORT)

    def _syn_recv(self, size: int, flavour: str) -> None:
        """Requests that the remote end never completes."""
        if flavour not in self._answering:
            self._answering[flavour] = _listening(flavour, 65535)
        port = self._answering[flavour].getsockname()[1]
        family = socket.AF_INET6 if flavour == "ipv6" else socket.AF_INET
        for number in itertools.islice(self._numbers, size):
            request = Connection(family, LOCAL[family], port, remote_address(family, number), 1024 + number // 250, 0)
            self._peer.say(request, SYN)

    def _listen(self, size: int, flavour: str) -> None:
        self._held += [_listening(flavour, 128) for _number in range(size)]

    def _established(self, size: int, flavour: str) -> None:
        """Both ends of loopback connections, and against the peer the one that is left of an odd number."""
        if size % 2:
            self._against_the_peer(1, flavour, None, "hold", None)
        with _listening(flavour, size) as listener:
            for _number in range(size // 2):
                client = socket.socket(_FLAVOURS[flavour])
                client.connect((_LOOPBACK[flavour], listener.getsockname()[1]))
                self._held += [client, listener.accept()[0]]


_ACTIONS = {
    "close": socket.socket.close,
    "hold": lambda _connected: None,
    "shutdown": lambda s: s.shutdown(socket.SHUT_WR),
}
_LOOPBACK = {"ipv4": "127.0.0.1", "ipv6": "::1", "mapped": "::ffff:127.0.0.1"}


def _remote(flavour: str, number: int) -> str:
    family = socket.AF_INET6 if flavour == "ipv6" else socket.AF_INET
    return ("::ffff:" if flavour == "mapped" else "") + remote_address(family, number)


def _listening(flavour: str, backlog: int) -> socket.socket:
    """A listener on a port of its own; one of IPv6 takes IPv4 too if it is to be mapped."""
    listener = socket.socket(_FLAVOURS[flavour])
    if flavour == "ipv6":
        listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    listener.bind(("" if flavour == "ipv4" else "::", 0))
    listener.listen(max(backlog, 1))
    return listener


def _batches(number: int) -> Iterator[int]:
    yield from [_BATCH] * (number // _BATCH)
    if number % _BATCH:
        yield number % _BATCH


def _wait(sockets: list[socket.socket], event: int) -> None:
    """Wait until each of them has noticed what the remote end said."""
    poll = select.poll()
    for one in sockets:
        poll.register(one, event)
    left = len(sockets)
    while left:
        for descriptor, _events in poll.poll():
            poll.unregister(descriptor)
            left -= 1


class Order(NamedTuple):
    """So many sockets of a state in a flavour."""

    state: str
    flavour: str
    number: int


def orders(numbers: dict[str, int], *, ipv6: int, mapped: int, most: int) -> Iterator[Order]:
    """Split the numbers by the shares of the flavours (per cent), and so that no order is for more than `most`."""
    for state in STATES:
        number = numbers.get(state, 0)
        shares = {"ipv6": number * ipv6 // 100, "mapped": number * mapped // 100}
        for flavour, share in {"ipv4": number - sum(shares.values()), **shares}.items():
            yield from (Order(state, flavour, min(most, share - done)) for done in range(0, share, most))


def work(order: Order) -> int:
    """Fork a process that carries out an order and holds its sockets; its number, once they are there."""
    ready, said = os.pipe()
    pid = os.fork()
    if not pid:
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        os.close(ready)
        population = Population()
        population.make(order.state, order.number, flavour=order.flavour)
        population.hush()
        os.write(said, b"ready")
        os.close(said)
        signal.pause()
    os.close(said)
    with open(ready, "rb") as answer:
        if answer.read() != b"ready":
            raise SystemExit(f"{order} could not be made")
    return pid


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Real sockets in every state, held until the standard input ends.")
    for state in STATES:
        parser.add_argument("--" + state.lower().replace("_", "-"), dest=state, type=int, default=0, metavar="N")
    parser.add_argument("--ipv6", type=int, default=0, metavar="PERCENT")
    parser.add_argument("--mapped", type=int, default=0, metavar="PERCENT")
    parser.add_argument("--seconds", type=float, default=0)
    return parser.parse_args()


def main() -> None:
    """Make what the options ask for, say so, hold it, and end the processes that hold it."""
    signal.signal(signal.SIGTERM, lambda *_signal: sys.exit())
    options = vars(_arguments())
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1] - _SPARE_DESCRIPTORS
    resource.setrlimit(resource.RLIMIT_NOFILE, (most + _SPARE_DESCRIPTORS,) * 2)
    # On one processor segments stay in the order in which they are said.
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    make_silence()
    workers = []
    try:
        asked = list(orders(options, ipv6=options["ipv6"], mapped=options["mapped"], most=most))
        for order in asked:
            workers.append(work(order))
        print(json.dumps({"states": expected(asked), "pid": os.getpid()}), flush=True)
        if options["seconds"]:
            time.sleep(options["seconds"])
        else:
            sys.stdin.read()
    finally:
        for pid in workers:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)


def expected(asked: list[Order]) -> dict[str, int]:
    """What there is of each state when all orders are carried out."""
    found: dict[str, int] = {}
    for order in asked:
        state = order.state.replace("_ORPHANED", "")
        found[state] = found.get(state, 0) + order.number
        if state == "SYN_RECV":
            found["LISTEN"] = found.get("LISTEN", 0) + 1
    return found


if __name__ == "__main__":
    main()
