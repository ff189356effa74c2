# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The words of findings: texts of rules filled in with evidence, and the remedies that can help on this host."""

from __future__ import annotations

import re
from typing import Any, Mapping

from .facts import Facts
from .rule import Note, Remedy, Rule

_FIELD = re.compile(r"\{(\w+)\}")


def filled(text: str, evidence: Mapping[str, Any]) -> str:
    """The text with evidence in place of names in braces.

    Beside what is in the evidence there are who, owner (a process), where, waiting (a listener), peer_list, fullest.

    >>> filled("{count} of {who}", {"count": 7, "pid": 1, "name": "x", "unit": "x.service"})
    '7 of x (PID 1, x.service)'
    """
    made = {"who": who, "owner": owner, "where": where, "waiting": waiting, "peer_list": peer_list, "fullest": fullest}

    def field(match: re.Match) -> str:
        name = match[1]
        return made[name](evidence) if name in made else number(evidence.get(name))

    return _FIELD.sub(field, text)


def number(value: Any) -> str:
    """A number without a needless fraction; a question mark for what is not known."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "?" if value is None else str(value)


def who(evidence: Mapping[str, Any]) -> str:
    """`nginx (PID 711, nginx.service)`, with the number of its processes where there are several."""
    if not evidence.get("pid"):
        return "the application"
    pid = f"PID {number(evidence['pid'])}"
    if (evidence.get("processes") or 1) > 1:
        pid += f" and {number(evidence['processes'] - 1)} more"
    container = evidence.get("container") and f"container {evidence['container']}"
    where_ = [part for part in (pid, evidence.get("unit"), container) if part]
    return f"{evidence.get('name') or 'a process'} ({', '.join(where_)})"


def owner(evidence: Mapping[str, Any]) -> str:
    """The service, if it is one."""
    return evidence.get("unit") or who(evidence)


def where(evidence: Mapping[str, Any]) -> str:
    """A listener."""
    if evidence.get("port") is None:
        return "a listener"
    address = evidence.get("address") or ""
    return f"{f'[{address}]' if ':' in address else address}:{number(evidence['port'])}"


def waiting(evidence: Mapping[str, Any]) -> str:
    """How full its queue is, or what overflows."""
    if evidence.get("queued") is None:
        return f"{number(evidence.get('overflows_per_second'))} a second are turned away"
    return f"{number(evidence['queued'])} wait, {number(evidence.get('backlog'))} may"


def peer_list(evidence: Mapping[str, Any]) -> str:
    """`192.0.2.1 (101), 192.0.2.2 (7)`."""
    peers = evidence.get("peers") or []
    return ", ".join(f"{peer.get('address')} ({number(peer.get('count'))})" for peer in peers) or "unknown"


def fullest(evidence: Mapping[str, Any]) -> str:
    """The state whose queues hold most."""
    state = evidence.get("fullest_state")
    return (
        f"sockets in {state} ({number(evidence.get('fullest_bytes'))} bytes)"
        if state
        else "no queue that was seen here"
    )


def remedies_of(rule: Rule, evidence: Mapping[str, Any], facts: Facts) -> list[dict[str, Any]]:
    """Those that can help here: nothing that is done already, nothing that the evidence speaks against."""
    return [
        {"kind": remedy.kind, "text": filled(remedy.text, evidence), "profile": remedy.profile}
        for remedy in rule.remedies
        if _helps(remedy, evidence, facts)
    ]


def _helps(remedy: Remedy, evidence: Mapping[str, Any], facts: Facts) -> bool:
    if remedy.given and evidence.get(remedy.given, True) in (False, 0):
        return False
    return remedy.done is None or facts.sysctl(remedy.done[0]) not in remedy.done[1]


def noted(note: Note, evidence: Mapping[str, Any]) -> dict[str, Any]:
    """The note as it is told."""
    known = {name: value for name, value in evidence.items() if value is not None}
    return {"id": note.id, "text": filled(note.text, evidence), "evidence": known}
