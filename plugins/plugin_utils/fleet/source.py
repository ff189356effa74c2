# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A fleet as rows from which reports, recordings and metrics are computed, whatever the rows come from.

    {"hosts": [{"host", "groups", "at", "release", "python", "facts", "profiles", "partial", "samples"}],
     "missing": [{"host", "unreachable", "reason"}]}

`facts` are the facts of this collection by name: nettune_tcp, nettune_sysctl and nettune_nofile, each of which may be
absent. `profiles` is a result of profile_info, `samples` a table of samples; both are None if they were not read.
"""

from __future__ import annotations

from typing import Any, Iterable, Mapping

from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import MalformedInput

from ..plain import plain
from . import document
from .document import Missing

Fleet = dict[str, list[dict[str, Any]]]

SNAPSHOTS = "__nettune_snapshots"
_NOTHING = {
    "at": None,
    "release": "",
    "python": "",
    "facts": {},
    "profiles": None,
    "partial": [],
    "samples": None,
}
_TAKEN = ("at", "release", "python", "facts", "profiles", "partial")


def from_results(hostvars: Any, hosts: Iterable[str] | None, registered: str = SNAPSHOTS) -> Fleet:
    """Return the fleet of the results of host_snapshot in the variable `registered`."""

    def row(host: str, variables: Mapping[str, Any]) -> dict[str, Any] | Missing:
        result = document.result_row(host, variables, registered)
        if isinstance(result, Missing):
            return result
        return _row(host, variables, {name: result[name] for name in _TAKEN if name in result})

    return document.collect(hostvars, hosts, row)


def from_cache(hostvars: Any, hosts: Iterable[str] | None) -> Fleet:
    """Return the fleet of the facts in the fact cache; the time and the profiles are not known."""

    def row(host: str, variables: Mapping[str, Any]) -> dict[str, Any] | Missing:
        facts = document.facts_among(variables)
        if not facts:
            return Missing(host, "no facts were gathered or cached")
        cached = variables.get("ansible_facts") or {}
        return _row(host, variables, {"facts": plain(facts), "release": str(cached.get("kernel") or "")})

    return document.collect(hostvars, hosts, row)


def _row(host: str, variables: Mapping[str, Any], found: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row. Raises MalformedInput for facts that are not dictionaries."""
    row = {"host": host, "groups": plain(list(variables.get("group_names") or [])), **_NOTHING, **found}
    facts = row["facts"]
    if not isinstance(facts, Mapping) or not all(isinstance(fact, Mapping) for fact in facts.values()):
        raise MalformedInput("the facts are not dictionaries")
    return row
