# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A fleet before and after: sockets by state, findings that are gone or new, and parameters that changed."""

from __future__ import annotations

from typing import Any, Iterable, Mapping, NamedTuple, Sequence

from ...module_utils._diagnosis.rule import SEVERITIES
from ..screens.host_names import natural
from .changes import parameters

_ORDER = ("none", *SEVERITIES)


class HostState(NamedTuple):
    """What is compared of a host. findings: severity by id. parameters: running values of kernel parameters."""

    severity: str
    states: Mapping[str, int]
    findings: Mapping[str, str]
    parameters: Mapping[str, str]
    at: str | None


def state(entry: Mapping[str, Any], findings: Iterable[Mapping[str, Any]], row: Mapping[str, Any]) -> HostState:
    """Return what is compared of a host. entry: the section of the host. row: the host row."""
    known = parameters(row)
    values = {key: str(found["value"]) for key, found in known.items() if found.get("value") is not None}
    severities = {finding["id"]: finding["severity"] for finding in findings}
    return HostState(entry["severity"], entry["states"], severities, values, entry["at"])


def compare(before: Mapping[str, HostState], after: Mapping[str, HostState]) -> dict[str, Any]:
    """Return the comparison of the hosts that are in both."""
    both = sorted(set(before) & set(after), key=natural)
    pairs = [(name, before[name], after[name]) for name in both]
    times = sorted(one.at for _name, one, _new in pairs if one.at)
    return {
        "at": times[0] if times else None,
        "hosts": len(both),
        "only_before": sorted(set(before) - set(after), key=natural),
        "only_after": sorted(set(after) - set(before), key=natural),
        "better": _moved(pairs, down=True),
        "worse": _moved(pairs, down=False),
        "states": _states(pairs),
        "gone": _by_finding((name, id_) for name, old, new in pairs for id_ in old.findings if id_ not in new.findings),
        "new": _by_finding((name, id_) for name, old, new in pairs for id_ in new.findings if id_ not in old.findings),
        "parameters": _parameters(pairs),
    }


def _moved(pairs: Iterable[tuple[str, HostState, HostState]], *, down: bool) -> list[str]:
    """Return the hosts whose worst finding is less severe than before, or more severe."""
    steps = ((name, _ORDER.index(new.severity) - _ORDER.index(old.severity)) for name, old, new in pairs)
    return [name for name, step in steps if (step < 0 if down else step > 0)]


def _states(pairs: Sequence[tuple[str, HostState, HostState]]) -> list[dict[str, Any]]:
    """Return the sockets of all hosts by state, in the order in which the states first appear."""
    totals: dict[str, list[int]] = {}
    for _name, old, new in pairs:
        for place, one in enumerate((old, new)):
            for name, number in one.states.items():
                totals.setdefault(name, [0, 0])[place] += number
    return [{"state": name, "before": numbers[0], "after": numbers[1]} for name, numbers in totals.items()]


def _by_finding(pairs: Iterable[tuple[str, str]]) -> list[dict[str, Any]]:
    found: dict[str, list[str]] = {}
    for name, finding in pairs:
        found.setdefault(finding, []).append(name)
    return [{"id": finding, "hosts": found[finding]} for finding in sorted(found, key=lambda one: -len(found[one]))]


def _parameters(pairs: Iterable[tuple[str, HostState, HostState]]) -> list[dict[str, Any]]:
    """Return the parameters with another value than before, with the hosts that share both values."""
    found: dict[tuple[str, str, str], list[str]] = {}
    for name, old, new in pairs:
        for key, value in new.parameters.items():
            earlier = old.parameters.get(key)
            if earlier is not None and earlier != value:
                found.setdefault((key, earlier, value), []).append(name)
    ordered = sorted(found, key=lambda one: (-len(found[one]), natural(one[0])))
    return [{"what": one[0], "before": one[1], "after": one[2], "hosts": found[one]} for one in ordered]
