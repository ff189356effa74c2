# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The part of a host's facts that tells what it sees of its peers, to be joined with theirs on the controller."""

from __future__ import annotations

from typing import Any, Mapping

# States that do not last on a healthy host, and what connections are in before and after.
STATES = (
    *("ESTABLISHED", "SYN_SENT", "SYN_RECV", "FIN_WAIT1", "FIN_WAIT2", "TIME_WAIT"),
    *("CLOSE_WAIT", "LAST_ACK", "CLOSING"),
)
_PROCESS = ("pid", "name", "unit", "container", "unread", "listens")
_QUEUE = ("unowned", "unanswered", "unread", "window_closed")
_EPHEMERAL = ("busiest", "unanswered")


def trimmed(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return {nettune_tcp} with the facts that a join needs, in their usual shape; absent ones stay absent.

    facts: as DiagnosedHost gathers them, or any that a diagnosis accepts.
    """
    tcp = facts.get("nettune_tcp") or {}
    kept = {name: tcp[name] for name in ("addresses", "states", "listeners", "conntrack") if name in tcp}
    shortened = {"peers": _peers, "ports": _ports, "ephemeral": _ephemeral, "queues": _queues, "processes": _processes}
    for name, shorten in shortened.items():
        if tcp.get(name) is not None:
            kept[name] = shorten(tcp[name])
    return {"nettune_tcp": kept}


def _peers(peers: Mapping[str, Any]) -> dict[str, Any]:
    return {state: peers[state] for state in STATES if state in peers}


def _ports(rows: list[Mapping[str, Any]]) -> list[dict[str, Any]]:
    found = ({"port": row.get("port"), "states": _counts(row, "LISTEN")} for row in rows)
    return [row for row in found if row["states"]]


def _ephemeral(ephemeral: Mapping[str, Any]) -> dict[str, Any]:
    return {name: ephemeral[name] for name in _EPHEMERAL if name in ephemeral}


def _queues(queues: Mapping[str, Any]) -> dict[str, Any]:
    found = {state: queues.get(state) or {} for state in STATES if state in queues}
    return {
        state: {
            **{name: queue[name] for name in _QUEUE if queue.get(name)},
            "recv_q": {"sockets": (queue.get("recv_q") or {}).get("sockets")},
        }
        for state, queue in found.items()
    }


def _processes(rows: list[Mapping[str, Any]]) -> list[dict[str, Any]]:
    found = ({**{name: row.get(name) for name in _PROCESS}, "states": _counts(row)} for row in rows)
    return [row for row in found if row["states"] or row["listens"]]


def _counts(row: Mapping[str, Any], *more: str) -> dict[str, int]:
    """Return the states of a row that has sockets in them."""
    states = row.get("states") or {}
    return {name: states[name] for name in (*STATES, *more) if states.get(name)}
