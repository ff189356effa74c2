# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sockets broken down by local port, remote address, pair of addresses and queue, out of sock_diag messages.

What is collected does not grow with the number of sockets. Each class has add(chunk, offsets), `over` and fact(top);
`lacking` says why a fact is not exact, if it is not. Where what stands in a message, inet_diag tells.
"""

from __future__ import annotations

import struct
from array import array
from collections.abc import Iterator
from heapq import nlargest

from .._formats.inet_diag import AF_INET6, BASE_LENGTH, address_text, unmapped
from .._formats.tcp_state import LISTEN, NAMES, NUMBERS, TIME_WAIT, by_name
from .top_keys import TopKeys, largest

# Which state the socket of an inode is in, for finding whose it is; out of sock_diag messages.

LIMIT = 1 << 16
_LISTENERS = 1 << 12
_ALL = (1 << 32) - 1
# Knuth's multiplicative hash: inodes are handed out in turn, so that any plain share of them would be no random one.
_HASH = 2654435761


class Inodes:
    """The states of all sockets that have an inode, or beyond LIMIT of them those of a random share, 1 in `share`.

    listens: the ports that are listened on, by inode.
    """

    over = False

    def __init__(self) -> None:
        self.states: dict[int, int] = {}
        self.listens: dict[int, int] = {}
        self.share = 1
        self._bound = _ALL

    def add(self, chunk: bytes, offsets: list[int] | range) -> None:
        """Take the messages at `offsets`."""
        words, states, bound = memoryview(chunk).cast("I"), self.states, self._bound
        for offset in offsets:
            inode, state = words[(offset >> 2) + 21], chunk[offset + 17]
            if inode and inode * _HASH & _ALL <= bound:
                states[inode] = state
            if state == LISTEN and len(self.listens) < _LISTENERS:
                self.listens[inode] = chunk[offset + 20] << 8 | chunk[offset + 21]
        while len(self.states) > LIMIT:
            self.share *= 2
            self._bound >>= 1
            self.states = {inode: state for inode, state in self.states.items() if self.has(inode)}

    def has(self, inode: int) -> bool:
        """Whether the inode belongs to the share: then its absence means that there is no such socket."""
        return inode * _HASH & _ALL <= self._bound

    @property
    def lacking(self) -> str:
        """Why counts are not exact, or nothing."""
        if self.share == 1:
            return ""
        return f"more than {LIMIT} sockets: counts are estimates from 1 in {self.share} of them"


# Listening sockets and their accept queues, out of sock_diag messages.

_QUEUES = struct.Struct("=II")


class Listeners:
    """Collects rows of {address, port, backlog, queued}. A dump begins with its listeners: `over` says that they ended.

    Of a listener the kernel reports connections waiting for accept(2) as the receive queue, and their limit as the send
    queue (tcp_diag_get_info). Of the `total` there are, no more rows are held than twice `limit`.
    """

    def __init__(self, *, limit: int) -> None:
        self._limit = limit
        self._rows: list[dict] = []
        self.total = 0
        self.over = False

    def add(self, chunk: bytes, offsets: list[int] | range) -> None:
        """Take what listens among the messages that start at `offsets`."""
        found = [offset for offset in offsets if chunk[offset + 17] == LISTEN]
        self._rows += [_row(chunk[offset : offset + BASE_LENGTH]) for offset in found]
        self.total += len(found)
        self.over = not found
        if len(self._rows) > 2 * self._limit:
            self._rows = self.rows()

    def rows(self) -> list[dict]:
        """At most `limit` of them: those with the fullest queues, in the order of port and address."""
        return sorted(sorted(self._rows, key=_emptiness)[: self._limit], key=lambda row: (row["port"], row["address"]))


def _row(message: bytes) -> dict:
    queued, backlog = _QUEUES.unpack_from(message, 72)
    address = address_text(message[24:40], ipv6=message[16] == AF_INET6)
    return {"address": address, "port": message[20] << 8 | message[21], "backlog": backlog, "queued": queued}


def _emptiness(row: dict) -> tuple:
    return (-row["queued"] / (row["backlog"] or 1), row["port"], row["address"])


_PORTS = 1 << 16
_STATES = [(number, name) for number, name in zip(NUMBERS, NAMES) if number != LISTEN]
_TIMERS = ("off", "on", "keepalive", "timewait", "persist")
_PERSIST = 4
_HANDS = ("inbound", "unowned", "unanswered")
_TIMERS_AT = 4 + len(_HANDS)


class _Collector:
    """What is common to them."""

    over = False
    lacking = ""


class Ports(_Collector):
    """Local ports by state, each counted exactly."""

    def __init__(self) -> None:
        self._tables: list[array[int] | None] = [None] * 256

    def add(self, chunk: bytes, offsets: list[int] | range) -> None:
        """Count the messages at `offsets`."""
        tables = self._tables
        for offset in offsets:
            state, port = chunk[offset + 17], chunk[offset + 20] << 8 | chunk[offset + 21]
            try:
                tables[state][port] += 1  # type: ignore[index]
            except TypeError:
                table = tables[state] = _no_sockets()
                table[port] = 1

    def fact(self, top: int) -> list[dict]:
        """Rows of {port, states}, those with most sockets first."""
        empty = _no_sockets()
        tables = [self._tables[number] or empty for number in range(NUMBERS.stop)]
        totals = [sum(counts) for counts in zip(*tables)]
        busiest = nlargest(top, filter(totals.__getitem__, range(_PORTS)), key=totals.__getitem__)
        return [{"port": port, "states": by_name([table[port] for table in tables])} for port in busiest]


def _no_sockets() -> array[int]:
    """A count for each port, in half of the memory of a list."""
    return array("I", [0]) * _PORTS


class Peers(_Collector):
    """Remote addresses by state."""

    def __init__(self) -> None:
        self._keys = TopKeys()

    def add(self, chunk: bytes, offsets: list[int] | range) -> None:
        """Count the messages at `offsets`."""
        tables = self._keys.tables
        for offset in offsets:
            tables[chunk[offset + 17] << 8 | chunk[offset + 16]][chunk[offset + 40 : offset + 56]] += 1
        self._keys.trim()

    def fact(self, top: int) -> dict[str, list[dict]]:
        """Rows of {address, count} for each state that has any, those with most sockets first."""
        self.lacking = self._keys.lacks()
        states = {name: largest(self._of_state(number), top) for number, name in _STATES}
        return {
            name: [{"address": address_text(raw, ipv6=ipv6), "count": count} for (raw, ipv6), count in peers]
            for name, peers in states.items()
            if peers
        }

    def _of_state(self, state: int) -> dict[tuple[bytes, bool], int]:
        counts: dict[tuple[bytes, bool], int] = {}
        for group, table in self._keys.tables.items():
            if group >> 8 == state:
                for raw, count in table.items():
                    key = unmapped(raw, ipv6=group & 255 == AF_INET6)
                    counts[key] = counts.get(key, 0) + count
        return counts


class Ephemeral(_Collector):
    """Ephemeral ports in use for each source, destination and destination port, by sockets that do not serve."""

    def __init__(self, first: int, last: int) -> None:
        self._range = range(first, last + 1)
        self._serving: set[int] = set()
        self._keys = TopKeys()

    def add(self, chunk: bytes, offsets: list[int] | range) -> None:
        """Count the messages at `offsets`. Listeners come before the connections to them."""
        tables, ports, serving = self._keys.tables, self._range, self._serving
        for offset in offsets:
            port = chunk[offset + 20] << 8 | chunk[offset + 21]
            if chunk[offset + 17] == LISTEN:
                serving.add(port)
            elif port in ports and port not in serving:
                waiting = chunk[offset + 17] == TIME_WAIT
                tables[waiting << 8 | chunk[offset + 16]][chunk[offset + 22 : offset + 56]] += 1
        self._keys.trim()

    def fact(self, top: int, *, available: int) -> list[dict]:
        """Rows of {source, destination, port, used, ratio, time_wait}, those nearest to having none left first.

        ratio: of used to `available`. time_wait: how many of the used are of connections that are closed already.
        """
        counts: dict[tuple[bytes, bool], int] = {}
        for key, count, _waits in self._pairs():
            counts[key] = counts.get(key, 0) + count
        busiest = dict(largest(counts, top))
        waiting = dict.fromkeys(busiest, 0)
        for key, count, waits in self._pairs():
            if waits and key in waiting:
                waiting[key] += count
        self.lacking = self._keys.lacks()
        return [
            {
                "source": address_text(raw[2:18], ipv6=ipv6),
                "destination": address_text(raw[18:], ipv6=ipv6),
                "port": raw[0] << 8 | raw[1],
                "used": used,
                "ratio": round(used / available, 4) if available else None,
                "time_wait": waiting[raw, ipv6],
            }
            for (raw, ipv6), used in busiest.items()
        ]

    def _pairs(self) -> Iterator[tuple[tuple[bytes, bool], int, bool]]:
        """What was counted: destination port and addresses, as _unmapped_pair() has them; how many; if in TIME_WAIT."""
        for group, table in self._keys.tables.items():
            for raw, count in table.items():
                yield _unmapped_pair(raw, ipv6=group & 255 == AF_INET6), count, bool(group >> 8)


def _unmapped_pair(raw: bytes, *, ipv6: bool) -> tuple[bytes, bool]:
    """As inet_address.unmapped() for a port and two addresses: both ends of a connection are of one kind."""
    destination, still_ipv6 = unmapped(raw[18:], ipv6=ipv6)
    if ipv6 == still_ipv6:
        return raw, ipv6
    return raw[:2] + unmapped(raw[2:18], ipv6=True)[0] + destination, False


class Queues(_Collector):
    """What stands in the queues of each state, which timers run, and who has a hand in these sockets."""

    def __init__(self) -> None:
        # By state: bytes and sockets of both queues, _HANDS, timers.
        self._rows: dict[int, list[int]] = {}
        self._serving: set[int] = set()

    def add(self, chunk: bytes, offsets: list[int] | range) -> None:
        """Count the messages at `offsets`. Listeners come before the connections to them."""
        view, rows, serving = memoryview(chunk), self._rows, self._serving
        words, ports = view.cast("I"), view.cast("H")
        for offset in offsets:
            word, port, timer = offset >> 2, ports[(offset >> 1) + 10], chunk[offset + 18]
            try:
                row = rows[chunk[offset + 17]]
            except KeyError:
                row = rows[chunk[offset + 17]] = [0] * (_TIMERS_AT + 256)
            received, sent = words[word + 18], words[word + 19]
            if received:
                row[0] += received
                row[1] += 1
            if sent:
                row[2] += sent
                row[3] += 1
            if port in serving:
                row[4] += 1
            elif chunk[offset + 17] == LISTEN:
                serving.add(port)
            if not words[word + 21]:
                row[5] += 1
            if chunk[offset + 19] or timer == _PERSIST:
                row[6] += 1
            row[_TIMERS_AT + timer] += 1

    def fact(self, _top: int) -> dict[str, dict]:
        """{state: {recv_q, send_q: {bytes, sockets}, timers: {name: sockets}, inbound, unowned, unanswered}}.

        inbound: sockets whose port somebody listens on. unowned: those without an inode, which no process holds, be
        it not yet or no more. unanswered: those that had to send again, or whose peer takes nothing more. There is one
        for each state that has any sockets, but none of LISTEN: a listener's queues are of connections, not of bytes.
        """
        return {name: _queues(self._rows[number]) for number, name in _STATES if number in self._rows}


def _queues(row: list[int]) -> dict:
    return {
        "recv_q": {"bytes": row[0], "sockets": row[1]},
        "send_q": {"bytes": row[2], "sockets": row[3]},
        "timers": dict(zip(_TIMERS, row[_TIMERS_AT:])),
        **dict(zip(_HANDS, row[4:_TIMERS_AT])),
    }
