# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which service holds certain sockets, as far as the facts prove it.

The facts tell how many sockets of a state each process has, and how many go to each peer, but not both at once. If a
service has 800 of 812 sockets and 640 of them go to one peer, then at least 628 of these 640 are the service's.
"""

from __future__ import annotations

from typing import Any, Callable, Iterable, Mapping, NamedTuple

from ...module_utils._diagnosis.facts import Facts

# A service is named if at least this share of the sockets is its own; the rest come and go meanwhile.
_SHARE = 0.9

Row = Mapping[str, Any]


class Holder(NamedTuple):
    """A service, or a process outside of any service. pid: None if the service has several processes."""

    unit: str | None
    container: str | None
    name: str | None
    pid: int | None

    def text(self) -> str:
        """Return for example `app.service`, `container web` or `java (PID 711)`."""
        if self.unit:
            return self.unit
        return f"container {self.container}" if self.container else f"{self.name or 'a process'} (PID {self.pid})"


def holder(facts: Facts, state: str, number: float) -> Holder | None:
    """Return who holds `number` sockets in a state, of all that the host has; None if the facts do not prove it."""
    everything = facts.get("states", state) or 0
    return _of(facts.rows("processes"), lambda row: (row.get("states") or {}).get(state) or 0, everything, number)


def reader(facts: Facts, number: float) -> Holder | None:
    """Return who does not read `number` established connections with unread data; None if it is not proven."""
    unread = facts.get("queues", "ESTABLISHED", "recv_q", "sockets") or 0
    return _of(facts.rows("processes"), lambda row: row.get("unread") or 0, unread, number)


def listener(facts: Facts, port: float | None) -> Holder | None:
    """Return who listens on a port; None if it is not known, or several services do."""
    rows = [row for row in facts.rows("processes") if port is not None and port in (row.get("listens") or [])]
    # With socket activation, systemd has the listener too.
    services = [row for row in rows if row.get("pid") != 1] or rows
    return _identity(services) if services and len(set(map(_key, services))) == 1 else None


def _of(rows: Iterable[Row], count: Callable[[Row], float], everything: float, number: float) -> Holder | None:
    services: dict[Any, list[Row]] = {}
    for row in rows:
        if count(row):
            services.setdefault(_key(row), []).append(row)
    counts = {key: [count(row) for row in found] for key, found in services.items()}
    # Processes share the sockets that they inherit. Then only those of one process are certainly different ones.
    are_shared = sum(map(sum, counts.values())) > everything
    held = {key: max(numbers) if are_shared else sum(numbers) for key, numbers in counts.items()}
    most = max(held, key=lambda key: held[key], default=None)
    if most is None or not number:
        return None
    is_proven = number - (everything - held[most]) >= _SHARE * number
    return _identity(services[most]) if is_proven else None


def _key(row: Row) -> Any:
    """Return what the processes of a service have in common; processes outside of services are on their own."""
    return row.get("unit") or row.get("container") or row.get("pid")


def _identity(rows: list[Row]) -> Holder:
    pids = {row.get("pid") for row in rows}
    return Holder(
        rows[0].get("unit"), rows[0].get("container"), rows[0].get("name"), pids.pop() if len(pids) == 1 else None
    )
