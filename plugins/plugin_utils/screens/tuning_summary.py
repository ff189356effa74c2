# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The sentences of the screen of the role `tuning`: one for a host, and the summary."""

from __future__ import annotations

from typing import Callable, Sequence

from .line import count
from .tuning_fleet import Fleet
from .tuning_outcome import (
    CONFIRM,
    CONFIRMED,
    LIMITS_TOO_LOW,
    NOT_APPLIED,
    NOTHING_PENDING,
    PENDING,
    VERIFIED,
    Outcome,
)
from .tuning_rollout import NOT_REACHED

_UNTIL_REBOOT = "until the next reboot"
# What follows `2 hosts`, where it is not the kind itself.
_IN_A_TALLY = {
    NOT_APPLIED: "without the profile",
    NOTHING_PENDING: "without a pending change",
    LIMITS_TOO_LOW: "with lower open-file limits than requested",
}
_CHANGING = ("changed", "would change", PENDING, CONFIRMED)


def heading(one: Outcome) -> str:
    """Return what was done on a host, such as `4 of 5 kernel parameters changed, 2 open-file limits raised`."""
    if one.failure:
        return one.failure
    text = ", ".join([*_sysctl(one), *_nofile(one)]) or one.kind
    told = one.persistent or one.kind not in _CHANGING or text.endswith(_UNTIL_REBOOT)
    return text if told else f"{text}, {_UNTIL_REBOOT}"


def brief(one: Outcome, entry: str) -> str:
    """Return what was done on a host, and what was not although a reader could expect it."""
    return "; ".join([heading(one), *([] if one.failure or entry == CONFIRM else _limits_not_raised([one]))])


def text(fleet: Fleet) -> str:
    """Return the last line: how many hosts of each kind, then what was skipped, not found or not raised."""
    kinds: dict[str, int] = {}
    for one in sorted(fleet.outcomes, key=lambda one: bool(one.failure)):
        kinds[_kind(one)] = kinds.get(_kind(one), 0) + 1
    for row in fleet.missing:
        kind = NOT_REACHED if row.reason.startswith(NOT_REACHED) else "not tuned"
        kinds[kind] = kinds.get(kind, 0) + 1
    tally = [f"{count(number, 'host')} {kind}" for kind, number in kinds.items()]
    return f"Profile {fleet.profile}{_batches(fleet)}: {'; '.join([', '.join(tally), *_remarks(fleet)])}."


def _batches(fleet: Fleet) -> str:
    """Return how many batches a rollout has, and in which one it stopped."""
    rollout = fleet.rollout
    if rollout is None:
        return ""
    number, stopped = len(rollout.batches), rollout.current + 1
    where = f", stopped in batch {stopped}" if rollout.failures and rollout.stops else ""
    return f", {count(number, 'batch', 'batches')}{where}"


def _kind(one: Outcome) -> str:
    kind = _IN_A_TALLY.get(one.kind, one.kind)
    return f"{kind} and verified" if one.verified else kind


def _sysctl(one: Outcome) -> list[str]:
    counts = one.sysctl.counts
    total, changed, skipped = (counts.get(name, 0) for name in ("parameters", "changed", "skipped"))
    restored = counts.get("restored", 0)
    if not (total or restored):
        return []
    kept = f"{count(total - skipped, 'kernel parameter')} {_kept(one)}"
    all_of_them, at_boot = f"of {count(total, 'kernel parameter')}", counts.get("changed_at_boot", 0)
    if at_boot and not one.persistent:  # it was until now
        now = changed - at_boot
        texts = [_done(one, "change", "changed", f"{now} {all_of_them}")] if now else []
        texts += [f"{_done(one, 'keep', 'kept', f'{at_boot} {all_of_them}')} only {_UNTIL_REBOOT}"]
    else:
        done = _done(one, "change", "changed", f"{changed} {all_of_them}")
        texts = [f"{done}{_when(changed, at_boot)}" if changed else kept]
    texts += [_done(one, "restore", "restored", str(restored))] if restored else []
    return texts + ([f"{skipped} skipped"] if skipped else [])


def _when(changed: int, at_boot: int) -> str:
    """Return when parameters change, unless all of them change now. at_boot: those that change only at boot."""
    if not at_boot:
        return ""
    now = f"{changed - at_boot} now, {at_boot} " if changed > at_boot else ""
    return f" ({now}at the next boot)"


def _done(one: Outcome, would: str, done: str, what: str) -> str:
    return f"would {would} {what}" if one.kind == "would change" else f"{what} {done}"


def _kept(one: Outcome) -> str:
    return "verified" if one.kind == VERIFIED else "unchanged"


def _nofile(one: Outcome) -> list[str]:
    counts = one.nofile.counts
    if counts.get("raised"):
        return [_done(one, "raise", "raised", count(counts["raised"], "open-file limit"))]
    if counts.get("limits"):
        return [f"{count(counts['limits'], 'open-file limit')} {_kept(one)}"]
    return []


def _remarks(fleet: Fleet) -> list[str]:
    """Return what a reader could take for done although it was not."""
    fine = [one for one in fleet.outcomes if not one.failure]
    if fleet.entry == CONFIRM or not fine:
        return []
    found = [
        _counted(fine, lambda one: one.sysctl.counts.get("skipped", 0), "kernel parameter{s} skipped"),
        *_limits_not_raised(fine),
        _UNTIL_REBOOT if any(not one.persistent for one in fine) else "",
    ]
    return [one for one in found if one]


def _limits_not_raised(fine: Sequence[Outcome]) -> list[str]:
    found = [
        _counted(fine, _no_services, "none of {number} services installed", one="its only service is not installed"),
        _counted(fine, lambda one: int(_raises_nothing(one)), "no open-file limit raised"),
        _counted(fine, _not_reached, "open-file limit{s} not reached"),
    ]
    return [one for one in found if one]


def _counted(outcomes: Sequence[Outcome], number_of: Callable[[Outcome], int], what: str, one: str = "") -> str:
    """Return for example `2-3 kernel parameters skipped on 5 hosts`, without hosts if these are all.

    Returns an empty text if the number is 0 everywhere. one: the text if it is 1 at most.
    """
    numbers = [number for number in map(number_of, outcomes) if number]
    if not numbers:
        return ""
    low, high = min(numbers), max(numbers)
    number = str(low) if low == high else f"{low}-{high}"
    text = one if one and high == 1 else what.format(number=number, s="" if number == "1" else "s")
    if "{number}" not in what and "{s}" in what:
        text = f"{number} {text}"
    return text if len(numbers) == len(outcomes) else f"{text} on {count(len(numbers), 'host')}"


def _no_services(one: Outcome) -> int:
    counts = one.nofile.counts
    services = counts.get("services", 0)
    return services if services and counts["missing_services"] == services else 0


def _raises_nothing(one: Outcome) -> bool:
    counts = one.nofile.counts
    return one.wants_limits and not counts.get("limits") and not counts.get("raised")


def _not_reached(one: Outcome) -> int:
    return sum(note.kind == "not reached" for note in one.nofile.notes)
