# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rows of a fleet (fleet.rows) from the results of this run, from the fact cache, or from a recording."""

from __future__ import annotations

from typing import Any, Iterable, Mapping

from ansible.parsing.dataloader import DataLoader
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import InvalidOption, MalformedInput

from ..options.playbooks import matching
from ..plain import plain
from . import document, recording
from .document import Missing
from .ends import time_of
from .rows import NOTHING, Fleet

# The value of nettune_from for the fact cache; other values are paths of recordings.
CACHE = "cache"
SNAPSHOTS = "__nettune_snapshots"
_ALL = "all"
_TAKEN = ("at", "release", "python", "not_root", "facts", "profiles", "partial")


def chosen(
    hostvars: Any, hosts: Iterable[str] | None, options: Mapping[str, Any], *, registered: str = SNAPSHOTS
) -> Fleet:
    """Return the fleet that the options nettune_from and target of a playbook ask for. Raises InvalidOption."""
    given = options.get("nettune_from")
    if not given:
        return from_results(hostvars, hosts, registered)
    if given == CACHE:
        return from_cache(hostvars, hosts)
    return from_recording(given, options.get("target") or _ALL)


def is_recording(given: Any) -> bool:
    """Return whether a value of nettune_from is the path of a recording."""
    return bool(given) and given != CACHE


def from_results(hostvars: Any, hosts: Iterable[str] | None, registered: str = SNAPSHOTS) -> Fleet:
    """Return the fleet of the results of host_snapshot in the variable `registered`."""

    def row(host: str, variables: Mapping[str, Any]) -> dict[str, Any] | Missing:
        result = document.result_row(host, variables, registered)
        if isinstance(result, Missing):
            return result
        return _row(host, variables, {name: result[name] for name in _TAKEN if name in result})

    return document.collect(hostvars, hosts, row)


def from_cache(hostvars: Any, hosts: Iterable[str] | None) -> Fleet:
    """Return the fleet of the facts in the fact cache; the profiles are not known."""

    def row(host: str, variables: Mapping[str, Any]) -> dict[str, Any] | Missing:
        facts = plain(document.facts_among(variables))
        if not facts:
            return Missing(host, "no facts were gathered or cached")
        cached = variables.get("ansible_facts") or {}
        tcp = facts.get("nettune_tcp")
        # Facts of an earlier release have no time.
        at = tcp.get("at") if isinstance(tcp, Mapping) else None
        found = {"facts": facts, "release": str(cached.get("kernel") or ""), "at": at if time_of(at) else None}
        return _row(host, variables, found)

    return document.collect(hostvars, hosts, row)


def from_recording(path: str, target: str) -> Fleet:
    """Return the hosts of a recording that match a host pattern. Raises InvalidOption."""
    fleet = recording.read(path)
    groups: dict[str, list[str]] = {_ALL: []}
    for row in (*fleet["hosts"], *fleet["missing"]):
        for group in (_ALL, *row["groups"]):
            groups.setdefault(group, []).append(row["host"])
    # As a pattern, the name of a host precedes that of a group: a host named all must not hide the others.
    names = set(groups[_ALL] if target == _ALL else matching(target, groups, None, DataLoader()))
    if not names:
        raise InvalidOption(f"No host in {path} matches '{target}'. Pick a group or hosts of the recording.")
    missing = [row for row in fleet["missing"] if row["host"] in names]
    return {
        "hosts": [row for row in fleet["hosts"] if row["host"] in names],
        "missing": [{name: row[name] for name in ("host", "unreachable", "reason")} for row in missing],
        "silent": [{name: row[name] for name in ("host", "addresses")} for row in missing if row["addresses"]],
    }


def _row(host: str, variables: Mapping[str, Any], found: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row. Raises MalformedInput for facts that are not dictionaries."""
    row = {"host": host, "groups": plain(list(variables.get("group_names") or [])), **NOTHING, **found}
    facts = row["facts"]
    if not isinstance(facts, Mapping) or not all(isinstance(fact, Mapping) for fact in facts.values()):
        raise MalformedInput("the facts are not dictionaries")
    return row
