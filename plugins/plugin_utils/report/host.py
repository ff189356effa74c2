# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The section of a host: small enough that the sections of 5,000 hosts fit a page of 10 MB."""

from __future__ import annotations

from typing import Any, Iterable, Mapping, Sequence

from ..screens.evidence import figures, involved
from .changes import HostChanges

# Rows of each list.
_MOST = 5


def entry(row: Mapping[str, Any], diagnosis: Mapping[str, Any], changed: HostChanges) -> dict[str, Any]:
    """Return the section of a host. diagnosis: as engine.diagnose returns it."""
    facts = row.get("facts") or {}
    tcp, nofile = facts.get("nettune_tcp") or {}, facts.get("nettune_nofile") or {}
    findings = [_finding(each) for each in diagnosis["findings"]]
    partial = [each for part in (tcp, row, row.get("profiles") or {}) for each in part.get("partial") or ()]
    states = {name: number for name, number in (tcp.get("states") or {}).items() if number}
    return {
        "host": str(row["host"]),
        "groups": [str(name) for name in row.get("groups") or ()],
        "at": row.get("at"),
        "release": row.get("release") or "",
        "severity": diagnosis["findings"][0]["severity"] if findings else "none",
        "sockets": tcp.get("total") if tcp.get("total") is not None else sum(states.values()) if states else None,
        "states": states,
        "findings": findings,
        "notes": [note["text"] for note in diagnosis["notes"]],
        "unjudged": _unjudged(diagnosis["unjudged"]),
        "profiles": changed.profiles,
        "drift": [each.what for each in changed.drift],
        "next_boot": [each.what for each in changed.next_boot],
        "listeners": _listeners(tcp.get("listeners") or ()),
        "ports": _ports(tcp.get("ports") or ()),
        "processes": _processes(tcp.get("processes") or (), nofile.get("processes") or ()),
        "partial": [str(each.get("what")) for each in partial],
    }


def _finding(finding: Mapping[str, Any]) -> dict[str, Any]:
    evidence = finding["evidence"]
    return {
        "id": finding["id"],
        "severity": finding["severity"],
        "because_of": finding["because_of"],
        "title": finding["title"],
        "figures": [*figures(finding["id"], evidence), *involved(evidence)],
    }


def _unjudged(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the ids of the rules that could not be judged."""
    return [str(row["id"]) for row in rows]


def _listeners(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the listeners with the fullest accept queues."""
    names = ("address", "port", "queued", "backlog")
    found = [{name: row.get(name) for name in names} for row in rows]
    found.sort(key=lambda row: (-(row["queued"] or 0) / (row["backlog"] or 1), row["port"] or 0))
    return found[:_MOST]


def _ports(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the ports with the most sockets."""
    found = []
    for row in rows:
        states = {name: number for name, number in (row.get("states") or {}).items() if number}
        found.append({"port": row.get("port"), "sockets": sum(states.values()), "states": states})
    found.sort(key=lambda row: -row["sockets"])
    return found[:_MOST]


def _processes(of_tcp: Iterable[Mapping[str, Any]], of_nofile: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the processes nearest to their open-file limit."""
    found: dict[Any, dict[str, Any]] = {}
    for row in of_nofile:
        found[row.get("pid")] = _process(row, row.get("soft"))
    for row in of_tcp:
        found.setdefault(row.get("pid"), _process(row, (row.get("nofile") or {}).get("soft")))
    rows = [row for row in found.values() if row["descriptors"] is not None]
    rows.sort(key=lambda row: -(row["descriptors"] / row["limit"] if row["limit"] else 0))
    return rows[:_MOST]


def _process(row: Mapping[str, Any], limit: Any) -> dict[str, Any]:
    return {
        "name": row.get("name"),
        "pid": row.get("pid"),
        "unit": row.get("unit"),
        "descriptors": row.get("descriptors"),
        # A process without a limit has text in its place.
        "limit": limit if isinstance(limit, int) else None,
    }
