# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hosts that are connected with each other, with facts as each of them would see its sockets."""

from __future__ import annotations

from collections import Counter
from typing import Any, Iterable, NamedTuple

from ansible_collections.nettune.tcp.plugins.module_utils._diagnosis.engine import diagnose
from ansible_collections.nettune.tcp.plugins.module_utils._formats.tcp_state import NAMES

EPHEMERAL = 40000
AVAILABLE = 28232


class Process(NamedTuple):
    """A process; its unit is None outside of services."""

    pid: int
    unit: str | None = "app.service"
    name: str = "app"


class Sockets(NamedTuple):
    """Sockets of one host in a state towards an address. port: their own; None stands for ephemeral ones.

    repeated: how many had to retransmit. closed: how many meet a closed window. unread: how many have unread data.
    """

    state: str
    count: int
    remote: str
    port: int | None = None
    remote_port: int | None = None
    process: Process | None = None
    repeated: int = 0
    closed: int = 0
    unread: int = 0


class Host:
    """A host with addresses and sockets."""

    def __init__(self, name: str, *addresses: str) -> None:
        self.name = name
        self.addresses = list(addresses)
        self.sockets: list[Sockets] = []
        self.listeners: list[dict[str, Any]] = []
        self.listening: dict[Process, list[int]] = {}
        self.more_facts: dict[str, Any] = {}

    def add(self, state: str, count: int, remote: str, **options: Any) -> None:
        """Add sockets."""
        self.sockets.append(Sockets(state, count, remote, **options))

    def listen(self, port: int, process: Process, *, backlog: int = 128, queued: int = 0) -> None:
        """Add a listener on all addresses."""
        self.listeners.append({"address": "0.0.0.0", "port": port, "backlog": backlog, "queued": queued})
        self.listening.setdefault(process, []).append(port)

    def facts(self, top: int = 10) -> dict[str, Any]:
        """Return the facts that DiagnosedHost would gather."""
        states = Counter(dict.fromkeys(NAMES, 0))
        for one in self.sockets:
            states[one.state] += one.count
        states["LISTEN"] = len(self.listeners)
        tcp = {
            "addresses": self.addresses,
            "states": dict(states),
            "listeners": self.listeners,
            "peers": {state: self._peers(state, top) for state in NAMES if states[state] and state != "LISTEN"},
            "ports": self._ports(top),
            "ephemeral": {"range": [32768, 60999], "reserved": [], "available": AVAILABLE, **self._ephemeral(top)},
            "queues": {name: self._queue(name, top) for name in NAMES if states[name] and name != "LISTEN"},
            "processes": self._processes(top),
            "conntrack": None,
            "rates": {"seconds": 5.0, "states": dict.fromkeys(NAMES, 0.0), "Tcp": {}, "TcpExt": {}},
            "partial": [],
            **self.more_facts,
        }
        return {"nettune_tcp": tcp}

    def row(self, top: int = 10, **more: Any) -> dict[str, Any]:
        """Return {host, facts, findings, notes, unjudged} as a diagnosis of the host would."""
        facts = self.facts(top)
        return {"host": self.name, "facts": facts, **diagnose(facts), **more}

    def _peers(self, state: str, top: int, key: str = "count") -> list[dict[str, Any]]:
        return _rows(((one.remote, getattr(one, key)) for one in self.sockets if one.state == state), "address", top)

    def _ports(self, top: int) -> list[dict[str, Any]]:
        counts: dict[int, Counter[str]] = {}
        for one in self.sockets:
            # Each ephemeral port has one socket, so these are never the busiest.
            port, number = (one.port, one.count) if one.port else (EPHEMERAL + len(counts), 1)
            counts.setdefault(port, Counter())[one.state] += number
        for row in self.listeners:
            counts.setdefault(row["port"], Counter())["LISTEN"] += 1
        busiest = sorted(counts, key=lambda port: (-sum(counts[port].values()), port))[:top]
        return [{"port": port, "states": dict(counts[port])} for port in busiest]

    def _ephemeral(self, top: int) -> dict[str, Any]:
        used: Counter[tuple[str, int]] = Counter()
        waiting: Counter[tuple[str, int]] = Counter()
        requested: Counter[tuple[str, int]] = Counter()
        for one in self.sockets:
            if one.remote_port:
                key = (one.remote, one.remote_port)
                used[key] += one.count
                waiting[key] += one.count if one.state == "TIME_WAIT" else 0
                requested[key] += one.count if one.state == "SYN_SENT" else 0
        source = self.addresses[0] if self.addresses else ""
        ends = [{"source": source, "destination": address, "port": port} for address, port in used]
        numbers = [(end, (end["destination"], end["port"])) for end in ends]
        busiest = [
            {**end, "used": used[key], "ratio": used[key] / AVAILABLE, "time_wait": waiting[key]}
            for end, key in numbers
        ]
        unanswered = [{**end, "count": requested[key]} for end, key in numbers if requested[key]]
        return {
            "busiest": sorted(busiest, key=lambda row: -row["used"])[:top],
            "sources": [],
            "unanswered": sorted(unanswered, key=lambda row: -row["count"])[:top],
        }

    def _queue(self, state: str, top: int) -> dict[str, Any]:
        found = [one for one in self.sockets if one.state == state]
        unread, closed = (sum(getattr(one, key) for one in found) for key in ("unread", "closed"))
        row = {
            "recv_q": {"bytes": 100 * unread, "sockets": unread},
            "send_q": {"bytes": 100 * closed, "sockets": closed},
            "timers": {"off": 0, "on": 0, "keepalive": 0, "timewait": 0, "persist": closed},
            "inbound": sum(one.count for one in found if one.port),
            "unowned": sum(one.count for one in found if not one.process),
            "unanswered": sum(one.repeated + one.closed for one in found),
        }
        for name, key in (("unread", "unread"), ("window_closed", "closed")):
            rows = self._peers(state, top, key)
            if rows:
                row[name] = rows
        return row

    def _processes(self, top: int) -> list[dict[str, Any]]:
        held: dict[Process, Counter[str]] = {
            process: Counter(LISTEN=len(ports)) for process, ports in self.listening.items()
        }
        unread: Counter[Process] = Counter()
        for one in self.sockets:
            if one.process:
                held.setdefault(one.process, Counter())[one.state] += one.count
                unread[one.process] += one.unread
        busiest = sorted(held, key=lambda process: (-sum(held[process].values()), process.pid))[:top]
        return [
            {
                **process._asdict(),
                "container": None,
                "states": {name: held[process][name] for name in NAMES},
                "lingering": {name: held[process][name] for name in ("CLOSE_WAIT", "FIN_WAIT2")},
                "unread": unread[process],
                "listens": self.listening.get(process, []),
                "descriptors": 5 + sum(held[process].values()),
                "nofile": {"soft": 1 << 20, "hard": 1 << 20},
                "ghosts": 0,
            }
            for process in busiest
        ]


def _rows(numbers: Iterable[tuple[str, int]], key: str, top: int) -> list[dict[str, Any]]:
    counts: Counter[str] = Counter()
    for name, number in numbers:
        counts[name] += number
    return [{key: name, "count": number} for name, number in counts.most_common(top) if number]
