# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The texts of findings: texts of rules filled with evidence, and the remedies that help on this host."""

from __future__ import annotations

import re
from typing import Any, Mapping

from .facts import Facts
from .rule import Note, Remedy, Rule

_FIELD = re.compile(r"\{(\w+)\}")


def filled(text: str, evidence: Mapping[str, Any]) -> str:
    """Return the text with evidence in place of the names in braces.

    Besides the evidence, texts may name who and owner (a process), where and waiting (a listener), peer_list, fullest.

    >>> filled("{count} of {who}", {"count": 7, "pid": 1, "name": "x", "unit": "x.service"})
    '7 of x (PID 1, x.service)'
    """
    made = {"who": who, "owner": owner, "where": where, "waiting": waiting, "peer_list": peer_list, "fullest": fullest}

    def field(match: re.Match) -> str:
        name = match[1]
        return made[name](evidence) if name in made else number(evidence.get(name))

    return _FIELD.sub(field, text)


def number(value: Any) -> str:
    """Return a number without a needless fraction; a question mark if it is unknown."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "?" if value is None else str(value)


def who(evidence: Mapping[str, Any]) -> str:
    """Return for example `nginx (PID 711, nginx.service)`, with the number of processes if there are several."""
    if not evidence.get("pid"):
        return "the application"
    pid = f"PID {number(evidence['pid'])}"
    if (evidence.get("processes") or 1) > 1:
        pid += f" and {number(evidence['processes'] - 1)} more"
    container = evidence.get("container") and f"container {evidence['container']}"
    known = [part for part in (pid, evidence.get("unit"), container) if part]
    return f"{evidence.get('name') or 'a process'} ({', '.join(known)})"


def owner(evidence: Mapping[str, Any]) -> str:
    """Return the service, or the process if it belongs to none."""
    return evidence.get("unit") or who(evidence)


def where(evidence: Mapping[str, Any]) -> str:
    """Return the address and port of a listener."""
    if evidence.get("port") is None:
        return "a listener"
    return place(evidence.get("address") or "", evidence["port"])


def place(address: str | None, port: float | None) -> str:
    """Return an address with its port, such as [2001:db8::1]:80; without a port the address alone."""
    if port is None:
        return address or "unknown"
    address = address or ""
    return f"{f'[{address}]' if ':' in address else address}:{number(port)}"


def waiting(evidence: Mapping[str, Any]) -> str:
    """Return how full the listener's queue is, or how much overflows."""
    if evidence.get("queued") is None:
        return f"{number(evidence.get('overflows_per_second'))} overflows/s"
    return f"{number(evidence['queued'])} queued, backlog {number(evidence.get('backlog'))}"


def peer_list(evidence: Mapping[str, Any]) -> str:
    """Return for example `192.0.2.1 (101), 192.0.2.2 (7)`."""
    peers = evidence.get("peers") or []
    named = (f"{place(peer.get('address'), peer.get('port'))} ({number(peer.get('count'))})" for peer in peers)
    return ", ".join(named) or "unknown"


def fullest(evidence: Mapping[str, Any]) -> str:
    """Return the state with most bytes in its queues."""
    state = evidence.get("fullest_state")
    return (
        f"sockets in {state} ({number(evidence.get('fullest_bytes'))} bytes)"
        if state
        else "queues that are not visible here"
    )


def remedies_of(rule: Rule, evidence: Mapping[str, Any], facts: Facts) -> list[dict[str, Any]]:
    """Return the remedies that help here: those not done already and not ruled out by the evidence."""
    return [
        {"kind": remedy.kind, "text": filled(remedy.text, evidence), "profile": remedy.profile}
        for remedy in rule.remedies
        if _helps(remedy, evidence, facts)
    ]


def _helps(remedy: Remedy, evidence: Mapping[str, Any], facts: Facts) -> bool:
    if remedy.only_if and evidence.get(remedy.only_if, True) in (False, 0):
        return False
    return remedy.done_if is None or facts.sysctl(remedy.done_if[0]) not in remedy.done_if[1]


def noted(note: Note, evidence: Mapping[str, Any]) -> dict[str, Any]:
    """Return the note as a row of the result."""
    known = {name: value for name, value in evidence.items() if value is not None}
    return {"id": note.id, "text": filled(note.text, evidence), "evidence": known}
