# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The sentences of the screen of the role `tuning`: one for a host, and the summary."""

from __future__ import annotations

from typing import Callable, Iterable

from .line import count
from .tuning_fleet import Fleet
from .tuning_outcome import CONFIRM, Outcome

_UNTIL_REBOOT = "until the next reboot"
_CHANGING = ("changed", "would change", "pending", "confirmed")


def heading(one: Outcome) -> str:
    """Return what was done on a host, such as `4 of 5 kernel parameters changed, 2 open-file limits raised`."""
    if one.failure:
        return one.failure
    parts = [*_sysctl(one), *_nofile(one)]
    if not parts:
        return one.kind
    text = ", ".join(parts)
    if one.kind == "would change":
        text = f"would be changed: {text}"
    if not one.persistent and one.kind in _CHANGING:
        text = f"{text}, {_UNTIL_REBOOT}"
    return f"{one.kind}: {text}" if one.kind in ("pending",) else text


def kind_and(one: Outcome, text: str) -> str:
    """Return the kind and a sentence, without saying the same twice."""
    return text if text.startswith(one.kind) else f"{one.kind}: {text}"


def text(fleet: Fleet) -> str:
    """Return the last line: how many hosts of each kind, then what was skipped, not found or not raised."""
    kinds: dict[str, int] = {}
    for one in sorted(fleet.outcomes, key=lambda one: bool(one.failure)):
        kinds[_kind(one)] = kinds.get(_kind(one), 0) + 1
    if fleet.missing:
        kinds["not tuned"] = len(fleet.missing)
    tally = [f"{count(number, 'host')} {kind}" for kind, number in kinds.items()]
    return f"Profile {fleet.profile}: {'; '.join([', '.join(tally), *_remarks(fleet)])}."


def _kind(one: Outcome) -> str:
    kind = "without a pending change" if one.kind == "no change is pending" else one.kind
    if one.verified:
        kind = "as the profile says" if kind == "" else f"{kind} and verified"
    return kind


def _sysctl(one: Outcome) -> list[str]:
    counts = one.sysctl.counts
    total, changed, skipped = (counts.get(name, 0) for name in ("parameters", "changed", "skipped"))
    if not (total or changed):
        return []
    texts = [f"{changed} of {count(total, 'kernel parameter')} changed" if changed else _unchanged(total - skipped)]
    return texts + ([f"{skipped} skipped"] if skipped else [])


def _unchanged(number: int) -> str:
    return f"{count(number, 'kernel parameter')} unchanged"


def _nofile(one: Outcome) -> list[str]:
    counts = one.nofile.counts
    if counts.get("raised"):
        return [f"{count(counts['raised'], 'open-file limit')} raised"]
    if counts.get("limits"):
        return [f"{count(counts['limits'], 'open-file limit')} unchanged"]
    return []


def _remarks(fleet: Fleet) -> list[str]:
    """Return what a reader could take for done although it was not."""
    fine = [one for one in fleet.outcomes if not one.failure]
    if fleet.entry == CONFIRM or not fine:
        return []
    several = len(fleet.outcomes) + len(fleet.missing) > 1
    found = [
        _counted(fine, lambda one: one.sysctl.counts.get("skipped", 0), "kernel parameter{s} skipped", several),
        _counted(fine, _no_services, "none of {number} service{s} installed", several),
        _counted(fine, lambda one: int(_raises_nothing(one)), "no open-file limit raised", several),
        _counted(fine, lambda one: _not_in_force(one), "open-file limit{s} not in force", several),
    ]
    if any(not one.persistent and one.kind in _CHANGING for one in fine):
        found.append(_UNTIL_REBOOT)
    return [one for one in found if one]


def _counted(outcomes: Iterable[Outcome], number_of: Callable[[Outcome], int], what: str, several: bool) -> str:
    """Return for example `2-3 kernel parameters skipped on 20 hosts`; empty if the number is 0 everywhere."""
    numbers = [number for number in map(number_of, outcomes) if number]
    if not numbers:
        return ""
    low, high = min(numbers), max(numbers)
    number = str(low) if low == high else f"{low}-{high}"
    text = what.format(number=number, s="" if number == "1" else "s")
    if "{number}" not in what and "{s}" in what:
        text = f"{number} {text}"
    return f"{text} on {count(len(numbers), 'host')}" if several else text


def _no_services(one: Outcome) -> int:
    counts = one.nofile.counts
    services = counts.get("services", 0)
    return services if services and counts["missing_services"] == services else 0


def _raises_nothing(one: Outcome) -> bool:
    counts = one.nofile.counts
    return one.wants_limits and not counts.get("limits") and not counts.get("raised")


def _not_in_force(one: Outcome) -> int:
    return sum(note.kind == "not in force" for note in one.nofile.notes)
