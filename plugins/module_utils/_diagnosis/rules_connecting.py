# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rule about outgoing connections that get no answer: SYN_SENT.

An answer arrives within a round trip, so a busy host has some of them at any time. What distinguishes a problem is that
the request had to be sent again; if that is unknown, it takes more of them, and longer than their number explains.
"""

from __future__ import annotations

from typing import Any, Mapping

from .facts import Facts
from .finding_text import place
from .holders import holders
from .rule import Judgement, Remedy, Rule, Thresholds, is_shrinking, severity_of

# A request that was answered has waited less than this many seconds on average.
_SECONDS_TO_ANSWER = 1

# Evidence by its name in a row of destinations.
_ENDS = {"source": "source", "destination": "address", "port": "port"}


def _syn_sent(facts: Facts, bounds: Thresholds) -> Judgement | None:
    """Judge requests that were sent again, if most go to a few destinations or there are many for this host."""
    count = facts.need("states", "SYN_SENT")
    if not count:
        return None
    unanswered = _unanswered(facts, count, bounds)
    growth = facts.get("rates", "states", "SYN_SENT")
    severity = severity_of(unanswered, bounds)
    if not severity or is_shrinking(count, growth):
        return None
    rows = _destinations(facts)
    top = rows[0] if rows else {}
    established = facts.get("states", "ESTABLISHED") or 0
    concentrated = (top.get("count") or 0) * 2 >= count
    known = concentrated and top.get("port") is not None
    each = (row.get("count") or 0 for row in rows)
    few = sum(number for number in each if number >= bounds["warning"]) * 2 >= count
    few = few and _are_not_lost(facts, unanswered, bounds)
    if not concentrated and not few and not _are_most(facts, unanswered or 0, bounds):
        return None
    found = holders(facts, "SYN_SENT")
    evidence = {
        "count": count,
        "unanswered": unanswered,
        "growth": growth,
        "established": established,
        "to": place(top.get("address"), top.get("port")) if concentrated else _destinations_in_words(few),
        **({name: top.get(key) for name, key in _ENDS.items()} if known else {}),
        "peers": rows[:5],
        **(found[0].who() if found else {}),
    }
    return Judgement(severity, evidence)


SYN_SENT = Rule(
    id="syn_sent",
    title="{count} outgoing connections wait for an answer from {to}",
    judge=_syn_sent,
    # warning, critical: requests that had to be sent again; `warning` also for each of a few destinations. lost:
    # percent of the requests per second, if such destinations have most of them. share: percent of ESTABLISHED, if
    # they have not; from `many` on, percent of the outgoing ones. unproved: requests, if it is unknown how many were
    # sent again.
    thresholds={"warning": 50, "critical": 500, "lost": 5, "share": 50, "many": 1000, "unproved": 300},
    figures=("{unanswered} requests had to be sent again", "{growth}/s", "{established} connections are in use"),
    cause=(
        "Nothing answers there: the server is down, its address is wrong, or a firewall drops the request or the"
        " answer. Each attempt keeps a local port until net.ipv4.tcp_syn_retries are used up, 127 seconds by default."
    ),
    remedies=(
        Remedy("network", "Check the server and the firewalls on the way to {peer_list}."),
        Remedy(
            "application",
            "Let {who} give up sooner (a connect timeout), and send no requests to a backend that does not answer.",
        ),
    ),
    avoid=("higher_limits", "tcp_tw_reuse"),
    sources=("tcp(7)", "connect(2)"),
)


def _unanswered(facts: Facts, count: float, bounds: Thresholds) -> float | None:
    """Return how many requests had to be sent again; None if it is unknown and there are not enough of them."""
    known = facts.get("queues", "SYN_SENT", "unanswered")
    if known is not None:
        return known
    opened = facts.get("rates", "Tcp", "ActiveOpens")
    if count < bounds["unproved"] or (opened is not None and count <= _SECONDS_TO_ANSWER * opened):
        if count >= bounds["warning"]:
            facts.need("queues")
        return None
    return count


def _are_not_lost(facts: Facts, unanswered: float | None, bounds: Thresholds) -> bool:
    """Return whether they are more than single lost requests, each of which waits for a second."""
    return (unanswered or 0) * 100 >= bounds["lost"] * (facts.get("rates", "Tcp", "ActiveOpens") or 0)


def _are_most(facts: Facts, unanswered: float, bounds: Thresholds) -> bool:
    """Return whether they are many compared with the connections in use, a large number with the outgoing ones."""
    established = facts.get("states", "ESTABLISHED") or 0
    if unanswered >= bounds["many"]:
        established -= facts.get("queues", "ESTABLISHED", "inbound") or 0
    return unanswered * 100 >= bounds["share"] * established


def _destinations_in_words(few: bool) -> str:
    return "a few destinations" if few else "their destinations"


def _destinations(facts: Facts) -> list[dict[str, Any]]:
    """Return {address, port, source, count} of the destinations; without a port if the facts do not tell it."""
    rows = facts.rows("ephemeral", "unanswered")
    if rows:
        return [_as_peer(row, row.get("count")) for row in rows]
    return [_with_port(peer, facts.rows("ephemeral", "busiest")) for peer in facts.rows("peers", "SYN_SENT")]


def _as_peer(row: Mapping[str, Any], count: float | None) -> dict[str, Any]:
    return {
        "address": row.get("destination"),
        "port": row.get("port"),
        "source": row.get("source"),
        "count": count,
    }


def _with_port(peer: Mapping[str, Any], busiest: list[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the peer with its port, if connections to one port only can be those in SYN_SENT."""
    count = peer.get("count") or 0
    found = [row for row in busiest if row.get("destination") == peer.get("address")]
    if len(found) == 1 and (found[0].get("used") or 0) >= count:
        return _as_peer(found[0], count)
    return {"address": peer.get("address"), "count": count}


RULES = (SYN_SENT,)
