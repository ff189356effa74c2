# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The hosts of a fleet as ends of connections: which host has an address, and what each of them sees of another.

An address that several hosts have belongs to none of them: a virtual address, that of a bridge for containers, or one
of two networks that use the same range.
"""

from __future__ import annotations

import datetime
import ipaddress
from typing import Any, Iterable, Mapping

from ...module_utils._common.errors import MalformedInput
from ...module_utils._common.text import without_prefix
from ...module_utils._diagnosis.facts import Facts, facts_of

_MAPPED = "::ffff:"


class End:
    """What one host sees: its facts, and its findings by id.

    at: when they were gathered, None if unknown. is_up: False for a host that does not answer, whose facts are only its
    addresses.
    """

    def __init__(
        self, host: str, facts: Facts, findings: Iterable[Mapping[str, Any]], at: Any = None, *, is_up: bool = True
    ) -> None:
        self.host = host
        self.is_up = is_up
        self.facts = facts
        self.at = time_of(at)
        self.findings = {str(finding["id"]): finding for finding in findings}
        self.addresses = frozenset(filter(None, map(own_address, facts.rows("addresses"))))

    def count(self, state: str) -> float:
        """Return the number of sockets in a state, 0 if unknown."""
        return self.facts.get("states", state) or 0

    def evidence(self, *ids: str) -> Mapping[str, Any]:
        """Return the evidence of the first of these findings that the host has; empty without any."""
        return next((self.findings[name]["evidence"] for name in ids if name in self.findings), {})

    def has(self, *ids: str) -> str | None:
        """Return the id of the first of these findings that the host has."""
        return next((name for name in ids if name in self.findings), None)


class Ends:
    """All hosts with usable facts. Their memory is linear in the number of hosts."""

    def __init__(self, hosts: Iterable[Mapping[str, Any]], silent: Iterable[Mapping[str, Any]] = ()) -> None:
        """Take rows of {host, facts, findings}; a host whose facts are absent or malformed takes no part.

        silent: rows of {host, addresses} of hosts that do not answer.
        """
        # None stands for several hosts.
        self._owners: dict[str, End | None] = {}
        self.all = [end for end in map(_end, hosts) if end]
        gone = [End(row["host"], Facts({"addresses": row["addresses"]}), (), is_up=False) for row in silent]
        for end in (*self.all, *gone):
            for address in end.addresses:
                self._owners[address] = None if address in self._owners else end

    def owner(self, address: Any) -> End | None:
        """Return the only host that has the address, or None."""
        return self._owners.get(plain(address)) if isinstance(address, str) else None

    def is_known(self, end: End) -> bool:
        """Return whether no other host has an address of `end`."""
        return all(self._owners.get(address) is end for address in end.addresses)

    def others(self, end: End, rows: Iterable[Mapping[str, Any]]) -> list[tuple[End, float]]:
        """Return the other hosts in rows of {address, count} of `end`, with the number of its sockets towards each."""
        found: dict[str, tuple[End, float]] = {}
        for row in rows:
            other = self.owner(row.get("address"))
            if other and other is not end:
                found[other.host] = (other, found.get(other.host, (other, 0))[1] + (row.get("count") or 0))
        return list(found.values())

    def towards(self, other: End, rows: Iterable[Mapping[str, Any]]) -> float:
        """Return how many sockets these rows of {address, count} list with addresses of `other`."""
        return sum(row.get("count") or 0 for row in rows if self.owner(row.get("address")) is other)

    def at_most(self, end: End, other: End, state: str) -> float:
        """Return how many sockets in a state `end` may have towards `other`, as only the most frequent are listed."""
        rows = end.facts.rows("peers", state)
        listed = sum(row.get("count") or 0 for row in rows if plain(str(row.get("address"))) in other.addresses)
        unlisted = end.count(state) - sum(row.get("count") or 0 for row in rows)
        if rows:
            # Each of its addresses that is not listed has at most as many as the last one that is.
            unlisted = min(unlisted, (rows[-1].get("count") or 0) * len(other.addresses))
        return listed + max(unlisted, 0)


def _end(row: Mapping[str, Any]) -> End | None:
    try:
        end = (
            End(str(row["host"]), facts_of(row["facts"]), row["findings"], row.get("at")) if row.get("facts") else None
        )
    except MalformedInput:
        return None
    return end if end and end.addresses else None


def time_of(text: Any) -> datetime.datetime | None:
    """Return a time such as 2026-11-29T09:30:00Z; None if it is not one."""
    try:
        return datetime.datetime.strptime(str(text), "%Y-%m-%dT%H:%M:%SZ")
    except ValueError:
        return None


def own_address(text: str) -> str | None:
    """Return an address of a host as peers' facts write it; None if it says nothing about the host."""
    try:
        address = ipaddress.ip_address(plain(text))
    except ValueError:
        return None
    if address.is_loopback or address.is_link_local or address.is_unspecified or address.is_multicast:
        return None
    return str(address)


def plain(address: str) -> str:
    """Return an address in lower case, without its zone and without the prefix that maps IPv4 into IPv6."""
    text = address.partition("%")[0].lower()
    return without_prefix(text, _MAPPED) if "." in text else text
