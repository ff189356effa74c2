# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The host of a case and its peer: their processes, the traffic between them, and what `ss` shows."""

from __future__ import annotations

import time
from typing import Any, Callable, Mapping

from inventory import Host
from namespaces import LabError
from scripted_process import ScriptedProcess

PORT, APP_PORT = 80, 8080
# Documentation addresses (RFC 5737): of users, and of hosts that do not exist.
USERS, NO_HOSTS = "198.51.100", "203.0.113"
_NEXT_HOP, _UNUSED_MAC = "10.77.255.254", "02:00:00:00:00:01"
_SECONDS, _PAUSE = 60.0, 0.2


class Testbed:
    """A host with a process `app`, and its peer with a process `clients`. Neither has traffic at first."""

    def __init__(self, host: Host, peer: Host, sysctls: Mapping[str, str] | None = None) -> None:
        self.host, self.peer = host, peer
        self._processes: list[ScriptedProcess] = []
        for key, value in (sysctls or {}).items():
            self.set(key, value)
        self.app, self.clients = self.process(host), self.process(peer)

    def start_traffic(self) -> None:
        """Start normal traffic: a server, and clients that connect to it."""
        self.process(self.host).call("serve", port=PORT, behaviour="answer")
        self.visit("ask", port=PORT, per_second=5)

    def end(self) -> None:
        """End all processes."""
        while self._processes:
            self._processes.pop().end()

    def process(self, host: Host) -> ScriptedProcess:
        """Start another scripted process on a host."""
        self._processes.append(ScriptedProcess(host))
        return self._processes[-1]

    def stop(self, process: ScriptedProcess) -> None:
        """End one process."""
        self._processes.remove(process)
        process.end()

    def restart_app(self) -> None:
        """Replace the application with one that answers and closes."""
        self.stop(self.app)
        self.app = self.process(self.host)
        self.serve("answer", backlog=1024)

    def serve(self, behaviour: str, *, port: int = APP_PORT, **options: Any) -> None:
        """Have the application accept connections."""
        self.app.call("serve", port=port, behaviour=behaviour, **options)

    def visit(self, behaviour: str, *, per_second: float, port: int = APP_PORT) -> None:
        """Have clients connect to the host again and again."""
        self.clients.call("visit", to=self.host.ipv4, port=port, behaviour=behaviour, per_second=per_second)

    def connect(self, sources: int | dict[str, int], *, port: int = APP_PORT, into: str = "connected") -> None:
        """Open a number of connections to the host, or {client address: number}. Raises LabError if one fails."""
        sources = sources if isinstance(sources, dict) else {"": sources}
        failures = self.clients.call("connect", to=self.host.ipv4, port=port, sources=sources, into=into)
        if failures:
            raise LabError(f"{self.host.name}: connections failed: {failures}")

    def ss(self, *filters: str) -> list[str]:
        """Return the lines of `ss` for the host's TCP sockets that match a filter such as `state last-ack`."""
        return self.host.run("ss", "--no-header", "--tcp", "--numeric", *filters).stdout.splitlines()

    def count(self, state: str, *filters: str) -> int:
        """Return the number of the host's sockets in a state, by the name that `ss` gives it."""
        return len(self.ss("state", state, *filters))

    def held(self, group: str = "accepted") -> int:
        """Return the number of sockets in a group of the application."""
        return self.app.call("status")["groups"].get(group, 0)

    def failures(self, error: str) -> int:
        """Return how often the application met an error such as EMFILE."""
        return self.app.call("status")["failures"].get(error, 0)

    def wait(self, until: Callable[[], bool], *, what: str) -> None:
        """Wait until a condition holds; raise LabError if it does not within a minute."""
        deadline = time.monotonic() + _SECONDS
        while not until():
            if time.monotonic() > deadline:
                raise LabError(f"{self.host.name}: timed out after {_SECONDS:g} s waiting for {what}")
            time.sleep(_PAUSE)

    def wait_for(self, state: str, number: int) -> None:
        """Wait until at least `number` sockets are in a state."""
        self.wait(lambda: self.count(state) >= number, what=f"{number} sockets in {state}")

    def wait_for_few(self, state: str, most: int = 5) -> None:
        """Wait until fewer than `most` sockets are in a state."""
        self.wait(lambda: self.count(state) < most, what=f"fewer than {most} sockets in {state}")

    def wait_for_held(self, number: int) -> None:
        """Wait until the application holds `number` accepted connections."""
        self.wait(lambda: self.held() >= number, what=f"{number} accepted connections")

    def add_users(self, number: int) -> list[str]:
        """Give the peer more addresses, reached by a route that can lose segments; return them."""
        users = [f"{USERS}.{last}" for last in range(1, number + 1)]
        for address in users:
            self.peer.run("ip", "address", "add", f"{address}/32", "dev", "lo")
        self.host.run("ip", "route", "replace", f"{USERS}.0/24", "via", self.peer.ipv4)
        return users

    def lose_segments(self, network: str = USERS) -> None:
        """Lose everything that the host sends to `network` from now on: the next hop does not exist."""
        self.host.run("ip", "neighbour", "replace", _NEXT_HOP, "lladdr", _UNUSED_MAC, "nud", "permanent", "dev", "eth0")
        self.host.run("ip", "route", "replace", f"{network}.0/24", "via", _NEXT_HOP)

    def flood(self, *, per_second: float) -> None:
        """Have the peer send SYNs to the application from addresses that never answer."""
        self.clients.call("flood", to=self.host.ipv4, port=APP_PORT, network=NO_HOSTS, per_second=per_second)

    def set(self, key: str, value: str) -> None:
        """Set a sysctl of the host."""
        self.host.run("tee", f"/proc/sys/{key.replace('.', '/')}", input=value)
