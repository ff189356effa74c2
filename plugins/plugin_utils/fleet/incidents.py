# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Incidents: faults that two hosts of the fleet see from both ends, with the host and the service that cause them.

    {"kind": "not_closed",
     "cause": {"host": "web3", "unit": "app.service", "process": "app.service", "state": "CLOSE_WAIT", "count": 812,
               "finding": "close_wait"},
     "effects": [{"host": "proxy1", "state": "FIN_WAIT2", "count": 640, "finding": "fin_wait2_orphaned"}],
     "port": 8080, "caused_by": "app.service on web3", "text": "..."}

unit: only if the facts prove that it holds the cause's sockets. process: the unit, container or process for which that
is proven. A state of null means that the host has no such connections.
"""

from __future__ import annotations

from typing import Any, Iterable, Mapping, NamedTuple

from ...module_utils._diagnosis.finding_text import number
from ..screens.host_names import natural, short
from .ends import Ends
from .links import RULES, Link


class Kind(NamedTuple):
    """What an incident of a kind says. caused_by: a shorter text for its cause, if it is not the process alone."""

    text: str
    caused_by: str = "{who}"


_MOST_SECONDS = 600
_LOST = "a filter there, or the network between them, drops it"
KINDS = {
    "not_closed": Kind(
        "{caused} connections in CLOSE_WAIT on {cause} and in FIN_WAIT2 on {effects}: {who} does not close them"
    ),
    "not_taken": Kind(
        "{caused} connections in CLOSE_WAIT on {cause} and in FIN_WAIT2 on {effects}: {who} has not accepted them"
    ),
    "not_accepted": Kind(
        "{suffered} connections wait in SYN_SENT on {effects}, because the accept queue of {cause}{port} is full: {who}"
        " does not accept fast enough"
    ),
    "not_queued": Kind(
        "{suffered} connections wait in SYN_SENT on {effects}, because the SYN queue of {cause}{port} is full",
        "the full SYN queue of {cause}{port}",
    ),
    "not_answered": Kind(
        "{suffered} connections wait in SYN_SENT on {effects} and are in SYN_RECV on {cause}{port}: the answers of"
        " {cause} do not arrive; a filter, or the network between them, drops them",
        "the way from {cause} to {effects}: answers do not arrive",
    ),
    "not_read": Kind(
        "{caused} connections on which {effects} cannot send, because {who} does not read: their windows are closed"
    ),
    "not_received": Kind(
        "{suffered} connections in {suffering} on {effects} and in {causing} on {cause}: what {effects} sends does not"
        " arrive on {cause}; " + _LOST,
        "{cause}, or the network on the way there: nothing arrives there",
    ),
    "forgotten": Kind(
        "{suffered} connections in {suffering} on {effects} that {cause} has no longer, and does not reset: what"
        " {effects} sends does not arrive there; " + _LOST,
        "{cause}, which has lost these connections and does not answer",
    ),
    "unreachable": Kind(
        "{suffered} connections in {suffering} on {effects} wait for {cause}{port}, which does not answer; it is"
        " unreachable for Ansible, too",
        "{cause}, which is unreachable",
    ),
    "ports_waiting": Kind(
        "{caused} ports of {cause} towards {effects}{port} are in TIME_WAIT: {cause} closes these connections first,"
        " and opens new ones faster than the ports become free",
        "{cause}, which closes its connections to {effects}{port} first",
    ),
}


def incidents(hosts: Iterable[Mapping[str, Any]], silent: Iterable[Mapping[str, Any]] = ()) -> list[dict[str, Any]]:
    """Return the incidents of a fleet, those with most connections first.

    hosts: rows of {host, facts, findings}, facts as tcp_diagnosis_info returns them or as a recording has them, and
    optionally `at`, when they were gathered. A host without usable facts, or without addresses of its own, takes no
    part. Hosts that were gathered more than ten minutes apart are not joined. silent: rows of {host, addresses} of
    hosts that do not answer; see unreachable.py.
    """
    ends = Ends(hosts, silent)
    groups: dict[tuple[Any, ...], list[Link]] = {}
    for end in ends.all:
        for rule in RULES:
            for link in rule(ends, end):
                if not _are_apart(link):
                    key = (link.kind, link.cause.host, link.holder, link.port, link.own, link.also, link.suffered[0])
                    groups.setdefault(key, []).append(link)
    found = sorted(groups.values(), key=lambda links: (-_connections(links), natural(links[0].cause.host)))
    return [_incident(links) for links in found]


def _are_apart(link: Link) -> bool:
    """Return whether the hosts were gathered at moments too far apart to be compared."""
    one, other = link.cause.at, link.effect.at
    return one is not None and other is not None and abs((one - other).total_seconds()) > _MOST_SECONDS


def _connections(links: list[Link]) -> float:
    """Return the number of connections on the side that suffers."""
    return sum({link.effect.host: link.suffered[1] for link in links}.values())


def _incident(links: list[Link]) -> dict[str, Any]:
    first = links[0]
    state, holder = first.caused[0], first.holder
    counted = {link.effect.host: link.caused[1] for link in links}
    # The queue of a listener is one for all of its clients.
    count = first.caused[1] if state == "LISTEN" else sum(counted.values())
    effects = [
        {"host": link.effect.host, "state": link.suffered[0], "count": link.suffered[1], "finding": link.found}
        for link in sorted(links, key=lambda link: (-link.suffered[1], natural(link.effect.host)))
    ]
    words = {
        "cause": first.cause.host,
        "effects": short([effect["host"] for effect in effects]),
        "caused": number(count),
        "suffered": number(_connections(links)),
        "causing": state or "",
        "suffering": first.suffered[0],
        "port": f" port {number(first.port)}" if first.port is not None else "",
        "who": f"{holder.text()} on {first.cause.host}" if holder else first.cause.host,
    }
    kind = KINDS[first.kind]
    if first.also:
        effects.append({"host": first.cause.host, "state": "FIN_WAIT2", "count": count, "finding": first.also})
    return {
        "kind": first.kind,
        "cause": {
            "host": first.cause.host,
            "unit": holder and holder.unit,
            "process": holder and holder.text(),
            "state": state,
            "count": count,
            "finding": first.own,
        },
        "effects": effects,
        "port": first.port,
        "caused_by": kind.caused_by.format(**words),
        "text": kind.text.format(**words),
    }
