# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules that join what two hosts see of their connections: which state on one of them causes which on the other.

A rule yields a link only if one of the hosts has a finding, and what both see agrees: each lists the other's addresses
in states that belong together, with numbers of the same order, and at the same port as far as ports are known.
"""

from __future__ import annotations

from typing import Any, Iterator, Mapping, NamedTuple

from ...module_utils._diagnosis.both_ends import STATES
from . import proven
from .ends import End, Ends, plain
from .proven import Holder

# Fewer sockets may be in any state for a moment.
_LEAST = 10
# Of the same order: the hosts are not sampled at the same moment, and one end may give up before the other.
_ORDER, _MORE = 10, 2
# A link explains a finding if at least this share of the sockets is the same.
_SHARE = 0.5
_ALL_ADDRESSES = ("0.0.0.0", "::")  # noqa: S104  # compared with facts, not bound
# A peer that has fewer than this share of the connections has lost them.
_GONE = 0.1
_HALF_CLOSED = ("fin_wait2_orphaned", "fin_wait2_owned")
_UNACKNOWLEDGED = {"last_ack": "LAST_ACK", "fin_wait1": "FIN_WAIT1", "closing": "CLOSING"}
# The states of an end that did not receive the other one's FIN, by the state of that one.
_WITHOUT_FIN = {"LAST_ACK": ("FIN_WAIT2", "FIN_WAIT1"), "CLOSING": ("FIN_WAIT2", "FIN_WAIT1")}


class Link(NamedTuple):
    """What the host `cause` does to the host `effect`; kind: see incidents.py.

    caused, suffered: the state and the number of sockets on each of them; a state of None means that there are none.
    own, found: the id of the cause's and of the effect's finding that the link explains, or None. port: where the
    connections go to, if known. holder: who has the cause's sockets, if that is proven. also: the id of a finding of
    the cause's host that is another effect, on the same connections.
    """

    kind: str
    cause: End
    effect: End
    caused: tuple[str | None, float]
    suffered: tuple[str, float]
    own: str | None
    found: str | None
    port: float | None = None
    holder: Holder | None = None
    also: str | None = None


def not_closed(ends: Ends, cause: End) -> Iterator[Link]:
    """Yield CLOSE_WAIT here and FIN_WAIT2 there: a process here does not close what the peer has closed."""
    for effect, number in ends.others(cause, cause.facts.rows("peers", "CLOSE_WAIT")):
        waiting = ends.towards(cause, effect.facts.rows("peers", "FIN_WAIT2"))
        agrees, port = _port(ends, cause, effect, waiting)
        if not (agrees and _agree(number, waiting)):
            continue
        own = "close_wait" if _is_part(cause, "close_wait", "CLOSE_WAIT", number) else None
        found = _explained(effect, _HALF_CLOSED, "FIN_WAIT2", waiting)
        link = Link("not_closed", cause, effect, ("CLOSE_WAIT", number), ("FIN_WAIT2", waiting), own, found, port)
        link = link._replace(holder=proven.holder(cause.facts, "CLOSE_WAIT", number))
        unaccepted = cause.facts.get("queues", "CLOSE_WAIT", "unowned") or 0
        if number - (cause.count("CLOSE_WAIT") - unaccepted) >= _SHARE * number:
            link = link._replace(kind="not_taken", holder=proven.listener(cause.facts, port))
        if own or found:
            yield link
        if _exhausts(ends, cause, effect, waiting, port):
            yield link._replace(found="port_exhaustion")


def not_accepted(ends: Ends, effect: End) -> Iterator[Link]:
    """Yield SYN_SENT here and a full accept queue or SYN queue there, or SYN_RECV there, whose answers are lost."""
    for cause, port, address, number in _requests(ends, effect):
        listeners = _listeners(cause, port, address)
        full = max((row["queued"] for row in listeners if _is_full(row)), default=0)
        reported = cause.evidence("accept_queue")
        is_reported = reported.get("port") == port and any(
            row.get("address") == reported.get("address") for row in listeners
        )
        is_flooded = cause.evidence("syn_queue").get("port") == port and bool(listeners)
        own = "accept_queue" if is_reported else "syn_queue" if is_flooded else None
        found = _explained(effect, ("syn_sent",), "SYN_SENT", number)
        if number < _LEAST or not (own or found):
            continue
        link = Link("not_accepted", cause, effect, ("LISTEN", full), ("SYN_SENT", number), own, found, port)
        if not cause.is_up:
            yield link._replace(kind="unreachable", caused=(None, 0))
            continue
        answered = ends.towards(effect, cause.facts.rows("peers", "SYN_RECV"))
        if full or own == "accept_queue":
            queued = full or _number(reported.get("queued"))
            yield link._replace(caused=("LISTEN", queued), holder=proven.listener(cause.facts, port))
        elif own == "syn_queue":
            yield link._replace(kind="not_queued", caused=("SYN_RECV", cause.count("SYN_RECV")))
        elif _agree(answered, number) and _at_port(cause, "SYN_RECV", port) >= _SHARE * answered:
            yield link._replace(kind="not_answered", caused=("SYN_RECV", answered))


def not_read(ends: Ends, cause: End) -> Iterator[Link]:
    """Yield unread data here and windows closed there: a process here does not read what the peer sends."""
    for effect, number in ends.others(cause, cause.facts.rows("queues", "ESTABLISHED", "unread")):
        blocked = {
            state: ends.towards(cause, effect.facts.rows("queues", state, "window_closed"))
            for state in effect.facts.get("queues") or {}
        }
        state = max(blocked, key=lambda name: blocked[name], default="ESTABLISHED")
        if not _agree(number, sum(blocked.values())):
            continue
        own = "idle_established" if cause.evidence("idle_established").get("unread") else None
        closing = [name for name in _UNACKNOWLEDGED if effect.evidence(name).get("windows_closed")]
        numbers = {name: blocked.get(_UNACKNOWLEDGED[name], 0) for name in closing}
        found = next(
            (name for name in closing if _explained(effect, (name,), _UNACKNOWLEDGED[name], numbers[name])), None
        )
        if own or found:
            holder = proven.reader(cause.facts, number)
            suffered = (state, sum(blocked.values()))
            yield Link("not_read", cause, effect, ("ESTABLISHED", number), suffered, own, found, holder=holder)


def not_acknowledged(ends: Ends, effect: End) -> Iterator[Link]:
    """Yield connections that were closed here, without an acknowledgement from a host that did not receive the FIN."""
    for name, state in _UNACKNOWLEDGED.items():
        repeated = effect.facts.get("queues", state, "unanswered") or 0
        if not effect.has(name) or effect.evidence(name).get("windows_closed"):
            continue
        for cause, number in ends.others(effect, effect.facts.rows("peers", state)):
            found = _explained(effect, (name,), state, number)
            # So many of them were certainly sent again.
            if number < _LEAST or not found or number - (effect.count(state) - repeated) < _SHARE * number:
                continue
            waiting = _without_fin(ends, cause, effect, state)
            drops = cause.has("conntrack", "tcp_memory")
            link = Link("not_received", cause, effect, ("", 0), (state, number), drops, found)
            most = max(waiting, key=lambda one: waiting[one])
            if not cause.is_up:
                yield link._replace(kind="unreachable", caused=(None, 0))
            elif _agree(sum(waiting.values()), number):
                also = _explained(cause, _HALF_CLOSED, "FIN_WAIT2", waiting.get("FIN_WAIT2", 0))
                yield link._replace(caused=(most, sum(waiting.values())), also=also)
            elif _has_lost(ends, cause, effect, number):
                yield link._replace(kind="forgotten", caused=(None, 0))


def ports_waiting(ends: Ends, cause: End) -> Iterator[Link]:
    """Yield the ports towards one destination that are in TIME_WAIT here, as this side closes first."""
    exhausted = cause.evidence("port_exhaustion")
    address, port = str(exhausted.get("destination")), exhausted.get("port")
    effect = ends.owner(address)
    if effect in (None, cause) or not (exhausted.get("mostly_time_wait") and _listeners(effect, port, plain(address))):
        return
    used, waiting = _number(exhausted.get("used")), _number(exhausted.get("time_wait"))
    listed = ends.towards(effect, cause.facts.rows("peers", "TIME_WAIT"))
    if listed >= _SHARE * waiting >= _LEAST and ends.owner(exhausted.get("source")) is cause:
        link = Link("ports_waiting", cause, effect, ("TIME_WAIT", waiting), ("LISTEN", used), "port_exhaustion", None)
        yield link._replace(port=port)


RULES = (not_closed, not_accepted, not_read, not_acknowledged, ports_waiting)


def _number(value: Any) -> float:
    """Return a number of a finding's evidence, or 0 if the value is not a number."""
    return value if isinstance(value, (int, float)) and not isinstance(value, bool) else 0


def _agree(cause: float, effect: float) -> bool:
    """Return whether the numbers of sockets on both ends are of the same order."""
    return min(cause, effect) >= _LEAST and effect <= _MORE * cause and cause <= _ORDER * effect


def _explained(end: End, names: tuple[str, ...], state: str, number: float) -> str | None:
    """Return the first of these findings of whose sockets at least half are certainly among `number` in a state."""
    for name in names:
        count = _number(end.evidence(name).get("count"))
        if count and number - (end.count(state) - count) >= _SHARE * count:
            return name
    return None


def _exhausts(ends: Ends, cause: End, effect: End, number: float, port: float | None) -> bool:
    """Return whether at least half of the ports that run out on `effect` are held by connections to `cause`."""
    found = effect.evidence("port_exhaustion")
    is_there = ends.owner(found.get("destination")) is cause and port in (None, found.get("port"))
    return is_there and not found.get("mostly_time_wait") and number >= _SHARE * _number(found.get("used"))


def _is_part(end: End, name: str, state: str, number: float) -> bool:
    """Return whether at least half of `number` sockets in a state are certainly those of a finding."""
    others = end.count(state) - _number(end.evidence(name).get("count"))
    return end.has(name) is not None and number - others >= _SHARE * number


def _port(ends: Ends, cause: End, effect: End, number: float) -> tuple[bool, float | None]:
    """Return whether ports contradict that FIN_WAIT2 there and CLOSE_WAIT here are the same, and their port if known.

    The end that connected lists the port among its busiest destinations, the other one among its local ports.
    """
    contradicted = False
    for client, server, state in ((effect, cause, "CLOSE_WAIT"), (cause, effect, "FIN_WAIT2")):
        if server.facts.get("ports") is None:
            continue
        busiest = client.facts.rows("ephemeral", "busiest")
        rows = [row for row in busiest if ends.owner(row.get("destination")) is server]
        ports = {row.get("port") for row in rows if (row.get("used") or 0) >= _SHARE * number}
        agreeing = {port for port in ports if _at_port(server, state, port) >= _SHARE * number}
        if agreeing:
            return True, agreeing.pop() if len(agreeing) == 1 else None
        is_listed = bool(busiest) and (busiest[-1].get("used") or 0) < _SHARE * number
        contradicted = contradicted or (bool(ports) and is_listed)
    return not contradicted, None


def _at_port(end: End, state: str, port: Any) -> float:
    """Return how many sockets in a state may have a local port, as only the busiest ports are listed."""
    counts = {row.get("port"): (row.get("states") or {}).get(state) or 0 for row in end.facts.rows("ports")}
    return counts[port] if port in counts else end.count(state) - sum(counts.values())


def _requests(ends: Ends, end: End) -> Iterator[tuple[End, Any, str, float]]:
    """Yield (host, port, address, number) of the hosts that do not answer requests of `end`."""
    found: dict[tuple[Any, str], tuple[End, float]] = {}
    for row in end.facts.rows("ephemeral", "unanswered"):
        other, address = ends.owner(row.get("destination")), plain(str(row.get("destination")))
        if other and other is not end and ends.owner(row.get("source")) is end:
            before = found.get((row.get("port"), address), (other, 0))[1]
            found[row.get("port"), address] = (other, before + (row.get("count") or 0))
    for (port, address), (other, number) in found.items():
        yield other, port, address, number


def _listeners(end: End, port: Any, address: str) -> list[Mapping[str, Any]]:
    """Return the listeners on a port that accept connections to an address."""
    rows = [row for row in end.facts.rows("listeners") if row.get("port") == port]
    return [row for row in rows if plain(str(row.get("address"))) in (*_ALL_ADDRESSES, address)]


def _is_full(row: Mapping[str, Any]) -> bool:
    return bool(row.get("queued")) and bool(row.get("backlog")) and row["queued"] >= row["backlog"]


def _without_fin(ends: Ends, end: End, sender: End, state: str) -> dict[str, float]:
    """Return how many connections of `end` have not received the FIN that `sender` in this state has sent, by state."""
    found = {
        name: ends.towards(sender, end.facts.rows("peers", name)) for name in _WITHOUT_FIN.get(state, ("ESTABLISHED",))
    }
    if "ESTABLISHED" in found:
        found["ESTABLISHED"] = max(found["ESTABLISHED"] - ends.at_most(sender, end, "ESTABLISHED"), 0)
    return found


def _has_lost(ends: Ends, end: End, sender: End, number: float) -> bool:
    """Return whether `end` certainly has next to none of the connections any more, nor forwards them elsewhere.

    A host that forwards them, to a container for example, tracks connections.
    """
    facts = end.facts
    may_forward = "conntrack" not in facts.document or facts.get("conntrack", "count")
    if may_forward or facts.get("peers") is None or not ends.is_known(sender):
        return False
    return sum(ends.at_most(end, sender, state) for state in STATES) <= _GONE * number
