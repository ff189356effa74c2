# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What differs from the profiles now, and what the next boot changes; hosts with the same difference share a row."""

from __future__ import annotations

from typing import Any, Iterable, Mapping, NamedTuple

from ...module_utils._verify import differences
from ..screens.host_names import natural
from ..screens.tuning_words import in_role_terms

LEAVES, RETURNS, NO_PROFILE = "leaves the profile", "returns to the profile", "no profile"


class Change(NamedTuple):
    """A value that differs. outcome: what the next boot does to it: LEAVES, RETURNS, NO_PROFILE, or empty for drift."""

    what: str
    profile: str
    expected: str
    running: str
    boot: str
    reason: str
    outcome: str = ""


class HostChanges(NamedTuple):
    """The changes of a host, and the names of its profiles; None if those were not read."""

    profiles: list[str] | None
    drift: list[Change]
    next_boot: list[Change]


def of_host(row: Mapping[str, Any]) -> HostChanges:
    """Return the changes of a host row."""
    result = row.get("profiles")
    rows = (result or {}).get("drift") or []
    drift = [_change(each) for each in rows if each["when"] == differences.NOW]
    lost = [_change(each)._replace(outcome=LEAVES) for each in rows if each["when"] != differences.NOW]
    names = None if result is None else [str(profile["name"]) for profile in result.get("profiles") or ()]
    keys = parameters(row)
    known = {change.what for change in lost}
    return HostChanges(names, drift, [*lost, *_changed_at_boot(keys, {one.what: one for one in drift}, known)])


def parameters(row: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Return what a host row knows of kernel parameters, by name."""
    keys = ((row.get("facts") or {}).get("nettune_sysctl") or {}).get("keys") or {}
    return {str(name): found for name, found in keys.items() if found}


def shared(hosts: Mapping[str, HostChanges]) -> dict[str, list[dict[str, Any]]]:
    """Return the changes of all hosts as {drift: [...], next_boot: [...]}, those of the most hosts first."""
    return {
        "drift": _shared((name, each) for name, found in hosts.items() for each in found.drift),
        "next_boot": _shared((name, each) for name, found in hosts.items() for each in found.next_boot),
    }


def _shared(pairs: Iterable[tuple[str, Change]]) -> list[dict[str, Any]]:
    groups: dict[Change, dict[str, None]] = {}
    for name, change in pairs:
        groups.setdefault(change, {})[name] = None
    # What leaves the profile is a loss; the rest is what boot does anyway.
    ordered = sorted(groups, key=lambda change: (change.outcome != LEAVES, -len(groups[change]), natural(change.what)))
    return [{**change._asdict(), "hosts": list(groups[change])} for change in ordered]


def _change(row: Mapping[str, str]) -> Change:
    names = ("what", "profile", "expected", "running", "boot")
    return Change(*(str(row[name]) for name in names), reason=in_role_terms(str(row["reason"])))


def _changed_at_boot(keys: Mapping[str, Any], drift: Mapping[str, Change], known: set[str]) -> Iterable[Change]:
    """Yield the kernel parameters that get another value at boot, without those that are known."""
    for name, found in keys.items():
        if name in known or not found.get("drift") or found.get("boot_value") is None:
            continue
        running, boot = str(found.get("value")), str(found["boot_value"])
        drifted = drift.get(name)
        returns = drifted is not None and drifted.expected == boot
        yield Change(
            name,
            drifted.profile if drifted else "",
            drifted.expected if drifted else "",
            running,
            boot,
            _source(found.get("boot_source")),
            RETURNS if returns else LEAVES if drifted else NO_PROFILE,
        )


def _source(source: Mapping[str, Any] | None) -> str:
    """Return which file and line set the value at boot."""
    if not source:
        return ""
    place = f"{source['path']}:{source['line']}" if source.get("path") else ""
    return " ".join(part for part in (place, str(source.get("program") or "")) if part)
