# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Collect listeners and breakdowns from sock_diag messages, in memory that does not grow with the number of sockets.

A collector has add(chunk, offsets), which reads the messages at `offsets`, and `over`, which is True once it needs no
more of them. `inexact` is the reason why its fact is not exact, or "". inet_diag.py describes the layout of a message;
the offsets are written as numbers here because add() runs for every socket.
"""

from __future__ import annotations

import struct
from array import array
from heapq import nlargest
from itertools import repeat

from .._formats.inet_diag import AF_INET6, BASE_LENGTH, address_text, unmapped
from .._formats.tcp_state import ESTABLISHED, LISTEN, NAMES, NUMBERS, by_name
from .top_keys import TopKeys, largest

INODES = 1 << 16
_LISTENERS = 1 << 12
_32_BITS = (1 << 32) - 1
# Knuth's multiplicative hash. The kernel numbers inodes in sequence, so a sample of them needs a hash to be random.
_HASH = 2654435761
_LISTENER_QUEUES = struct.Struct("=II")
_STATE_AND_PORT = struct.Struct(">17xB2xH").unpack_from
# The group is the state, shifted left by 8 bits, and the family.
_GROUP_AND_PEER = struct.Struct("<16xHxB20x16s").unpack_from
PORTS = 1 << 16
_STATES = [(number, name) for number, name in zip(NUMBERS, NAMES) if number != LISTEN]
_TIMERS = ("off", "on", "keepalive", "timewait", "persist")
_PERSIST = 4
# They stand for states: the groups of peers of established connections that retransmit, or have unread data.
_RETRANSMITTING, _UNREAD = 255, 254
# The counts of Queues for each state, in this order, are followed by 256 counts of timers.
_COUNTS = ("recv_bytes", "recv_sockets", "send_bytes", "send_sockets", "inbound", "unowned", "unanswered")
_TIMERS_AT = len(_COUNTS)


class Collector:
    over = False
    inexact = ""


class Listeners(Collector):
    """Listening sockets and their accept queues.

    The kernel dumps listeners first, so they are over after a chunk without any. For a listener it reports the
    connections waiting for accept(2) as the receive queue and their limit as the send queue (tcp_diag_get_info). Of the
    `total` number of listeners, at most twice `limit` are kept.
    """

    def __init__(self, *, limit: int) -> None:
        self._limit = limit
        self._rows: list[dict] = []
        self.total = 0

    def add(self, chunk: bytes, offsets: list[int] | range) -> None:
        found = [offset for offset in offsets if chunk[offset + 17] == LISTEN]
        messages = ((offset, offset + BASE_LENGTH) for offset in found)
        self._rows += [_listener(chunk[start:end]) for start, end in messages]
        self.total += len(found)
        self.over = not found
        if len(self._rows) > 2 * self._limit:
            self._rows = self.rows()

    def rows(self) -> list[dict]:
        """Return {address, port, backlog, queued} of the `limit` listeners with the fullest queues, sorted by port."""
        return sorted(sorted(self._rows, key=_emptiness)[: self._limit], key=lambda row: (row["port"], row["address"]))


def _listener(message: bytes) -> dict:
    queued, backlog = _LISTENER_QUEUES.unpack_from(message, 72)
    address = address_text(message[24:40], ipv6=message[16] == AF_INET6)
    return {"address": address, "port": message[20] << 8 | message[21], "backlog": backlog, "queued": queued}


def _emptiness(row: dict) -> tuple:
    return (-row["queued"] / (row["backlog"] or 1), row["port"], row["address"])


class Ports(Collector):
    """Local ports by state; the counts are always exact."""

    def __init__(self) -> None:
        self._tables: list[array[int] | None] = [None] * 256

    def add(self, chunk: bytes, offsets: list[int] | range) -> None:
        tables = self._tables
        for state, port in map(_STATE_AND_PORT, repeat(chunk), offsets):
            try:
                tables[state][port] += 1  # None is handled below, which is faster than a test
            except TypeError:
                table = tables[state] = _no_sockets()
                table[port] = 1

    def fact(self, top: int) -> list[dict]:
        """Return rows of {port, states}, most sockets first."""
        empty = _no_sockets()
        tables = [self._tables[number] or empty for number in range(NUMBERS.stop)]
        totals = [sum(counts) for counts in zip(*tables)]
        busiest = nlargest(top, filter(totals.__getitem__, range(PORTS)), key=totals.__getitem__)
        return [{"port": port, "states": by_name([table[port] for table in tables])} for port in busiest]


def _no_sockets() -> array[int]:
    """Return a count of 0 for each port; an array takes half the memory of a list."""
    return array("I", [0]) * PORTS


class Peers(Collector):
    """Remote addresses by state, and those towards which established connections retransmit after a timeout."""

    def __init__(self) -> None:
        self._keys = TopKeys()

    def add(self, chunk: bytes, offsets: list[int] | range) -> None:
        tables = self._keys.tables
        for group, retransmits, peer in map(_GROUP_AND_PEER, repeat(chunk), offsets):
            tables[group][peer] += 1
            if retransmits and group >> 8 == ESTABLISHED:
                tables[_RETRANSMITTING << 8 | group & 255][peer] += 1
        self._keys.trim()

    def fact(self, top: int) -> dict[str, list[dict]]:
        """Return rows of {address, count} for each state that has sockets, most sockets first.

        `retransmitting` has those of established connections that are sending a segment again.
        """
        self.inexact = self._keys.inexact()
        groups = [*_STATES, (_RETRANSMITTING, "retransmitting")]
        states = {name: _peers(self._keys, number, top) for number, name in groups}
        return {name: peers for name, peers in states.items() if peers}


def _peers(keys: TopKeys, state: int, top: int) -> list[dict]:
    """Return rows of {address, count} of the tables of a state, most sockets first."""
    counts: dict[tuple[bytes, bool], int] = {}
    for group, table in keys.tables.items():
        if group >> 8 == state:
            for raw, count in table.items():
                key = unmapped(raw, ipv6=group & 255 == AF_INET6)
                counts[key] = counts.get(key, 0) + count
    return [{"address": address_text(raw, ipv6=ipv6), "count": count} for (raw, ipv6), count in largest(counts, top)]


class Queues(Collector):
    """Queued bytes, running timers, and sockets that are inbound, unowned or unanswered, by state.

    And the peers of established connections with unread data, and of those whose peer's window is closed.
    """

    def __init__(self) -> None:
        self._rows: dict[int, list[int]] = {}
        self._listening: set[int] = set()
        self._keys = TopKeys()

    def add(self, chunk: bytes, offsets: list[int] | range) -> None:
        view, rows, listening, tables = memoryview(chunk), self._rows, self._listening, self._keys.tables
        words, ports = view.cast("I"), view.cast("H")
        for offset in offsets:
            word, port, timer = offset >> 2, ports[(offset >> 1) + 10], chunk[offset + 18]
            try:
                row = rows[chunk[offset + 17]]
            except KeyError:
                row = rows[chunk[offset + 17]] = [0] * (_TIMERS_AT + 256)
            received, sent = words[word + 18], words[word + 19]
            # The indexes are positions in _COUNTS.
            if received:
                row[0] += received
                row[1] += 1
                if chunk[offset + 17] == ESTABLISHED:
                    start, end = offset + 40, offset + 56
                    tables[_UNREAD << 8 | chunk[offset + 16]][chunk[start:end]] += 1
            if sent:
                row[2] += sent
                row[3] += 1
            if port in listening:
                row[4] += 1
            elif chunk[offset + 17] == LISTEN:
                listening.add(port)
            if not words[word + 21]:
                row[5] += 1
            if chunk[offset + 19] or timer == _PERSIST:
                row[6] += 1
                if timer == _PERSIST:
                    start, end = offset + 40, offset + 56
                    tables[chunk[offset + 17] << 8 | chunk[offset + 16]][chunk[start:end]] += 1
            row[_TIMERS_AT + timer] += 1
        self._keys.trim()

    def fact(self, top: int) -> dict[str, dict]:
        """Return {state: {recv_q, send_q: {bytes, sockets}, timers: {name: sockets}, inbound, unowned, unanswered}}.

        inbound: sockets whose port is listened on. unowned: sockets without an inode, which no process holds yet or any
        more. unanswered: sockets that had to retransmit, or whose peer's window is closed. States without sockets are
        left out, and so is LISTEN: the queues of a listener are connections, not bytes. If there are any, the peers
        with unread data follow as `unread`, and those whose window is closed as `window_closed`: [{address, count}].
        """
        self.inexact = self._keys.inexact()
        found = {name: _queues(self._rows[number]) for number, name in _STATES if number in self._rows}
        for group, name, key in [(_UNREAD, "ESTABLISHED", "unread"), *((*row, "window_closed") for row in _STATES)]:
            peers = _peers(self._keys, group, top)
            if peers:
                found[name][key] = peers
        return found


def _queues(row: list[int]) -> dict:
    counts = dict(zip(_COUNTS, row))
    return {
        "recv_q": {"bytes": counts.pop("recv_bytes"), "sockets": counts.pop("recv_sockets")},
        "send_q": {"bytes": counts.pop("send_bytes"), "sockets": counts.pop("send_sockets")},
        "timers": dict(zip(_TIMERS, row[_TIMERS_AT:])),
        **counts,
    }


class Inodes(Collector):
    """The states of sockets by inode, to match them with the descriptors of processes.

    Beyond INODES sockets only a random sample is kept, 1 in `share`. `unread` are the inodes of established connections
    with unread data. `listens` maps the inodes of listeners to ports.
    """

    def __init__(self) -> None:
        self.states: dict[int, int] = {}
        self.unread: set[int] = set()
        self.listens: dict[int, int] = {}
        self.share = 1
        self._bound = _32_BITS

    def add(self, chunk: bytes, offsets: list[int] | range) -> None:
        words, states, bound = memoryview(chunk).cast("I"), self.states, self._bound
        for offset in offsets:
            inode, state = words[(offset >> 2) + 21], chunk[offset + 17]
            if inode and inode * _HASH & _32_BITS <= bound:
                states[inode] = state
                if state == ESTABLISHED and words[(offset >> 2) + 18]:
                    self.unread.add(inode)
            if state == LISTEN and len(self.listens) < _LISTENERS:
                self.listens[inode] = chunk[offset + 20] << 8 | chunk[offset + 21]
        while len(self.states) > INODES:
            self.share *= 2
            self._bound >>= 1
            self.states = {inode: state for inode, state in self.states.items() if self.has(inode)}
            self.unread = set(filter(self.has, self.unread))

    def has(self, inode: int) -> bool:
        """Return whether the sample includes the inode: if so and it is not in `states`, there is no such socket."""
        return inode * _HASH & _32_BITS <= self._bound

    @property
    def inexact(self) -> str:
        if self.share == 1:
            return ""
        return f"more than {INODES} sockets: counts are estimates from 1 in {self.share} of them"
