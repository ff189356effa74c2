# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The facts of all hosts as one document, for queries over a fleet.

    {"hosts": [{"host": "web1", "states": {...}, ... all of nettune_tcp, "sysctl": nettune_sysctl, "nofile": ...}],
     "missing": [{"host": "web2", "unreachable": true, "why": "..."}]}

`hosts` has those with facts of ours, `missing` the others. sysctl and nofile are left out where
there are no such facts.
"""

from __future__ import annotations

from typing import Any, Mapping, NamedTuple, Sequence

from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import MalformedInput

_SECTIONS = {"sysctl": "nettune_sysctl", "nofile": "nettune_nofile"}
_FACTS = ("nettune_tcp", *_SECTIONS.values())
_TOLD = ("failed", "unreachable", "msg", "module_stderr", "module_stdout")
_LONGEST_WHY = 160
# What ansible-core 2.19 puts before everything.
_PREFIX = "Task failed: "


class Missing(NamedTuple):
    """A host that there are no facts of. why: one line."""

    host: str
    why: str
    unreachable: bool = False


def facts_among(variables: Mapping[str, Any]) -> dict[str, Any]:
    """Those of a host's variables that are facts of ours, be they among `ansible_facts` only or at the top as well."""
    found = variables.get("ansible_facts", {})
    namespaced = found if isinstance(found, Mapping) else {}
    places = {name: place for place in (variables, namespaced) for name in _FACTS if name in place}
    return {name: place[name] for name, place in places.items()}


def result_among(variables: Mapping[str, Any], registered: str) -> dict[str, Any]:
    """What matters of a host's registered result of gathering facts; nothing where there is no such variable."""
    result = variables.get(registered, {})
    return {name: result[name] for name in _TOLD if name in result} if isinstance(result, Mapping) else {}


def absence(host: str, result: Mapping[str, Any]) -> Missing | None:
    """Why the host is missing if its result of gathering facts says that it failed: older facts do not count then."""
    unreachable = bool(result.get("unreachable"))
    return Missing(host, _why(result), unreachable) if unreachable or result.get("failed") else None


def member(host: str, facts: Mapping[str, Any]) -> dict[str, Any] | Missing:
    """The host's row of `hosts`, or why it has none. Raises MalformedInput for facts that are no dictionaries."""
    if not facts:
        return Missing(host, "no facts of it were gathered or cached")
    for name, fact in facts.items():
        if not isinstance(fact, Mapping):
            raise MalformedInput(f"{name} is no dictionary")
    sections = {section: facts[name] for section, name in _SECTIONS.items() if name in facts}
    return {"host": host, **facts.get("nettune_tcp", {}), **sections}


def document(members: Sequence[dict[str, Any] | Missing]) -> dict[str, list[dict[str, Any]]]:
    """The fleet that these are the members of."""
    return {
        "hosts": [each for each in members if not isinstance(each, Missing)],
        "missing": [
            {"host": each.host, "unreachable": each.unreachable, "why": one_line(each.why)}
            for each in members
            if isinstance(each, Missing)
        ],
    }


def one_line(text: str) -> str:
    """`text` with all its white space as single blanks, cut where very long."""
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST_WHY else line[: _LONGEST_WHY - 1] + "…"


def _why(result: Mapping[str, Any]) -> str:
    """A failed module says why in msg; one that could not even start has said so on its output, at the end."""
    said = (str(result.get(name) or "").strip() for name in ("module_stderr", "module_stdout"))
    output = next((text.splitlines()[-1] for text in said if text), "")
    message = str(result.get("msg") or "").strip()
    message = message[len(_PREFIX) :] if message.startswith(_PREFIX) else message
    return ": ".join(text for text in (output, message) if text) or "it failed without a message"
