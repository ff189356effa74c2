# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The gate: `python -m tests.gate test` runs its steps, says a line about each, and ends with how many passed.

Called by make, from the top of the checkout.
"""

from __future__ import annotations

import argparse
import fcntl
import sys
import time
from contextlib import contextmanager
from itertools import chain
from queue import SimpleQueue
from threading import Thread
from typing import Iterable, Iterator, Sequence

from tests.lab.machine import changed_values, machine_sysctls

from . import steps
from .places import CACHE, LOGS, ROOT
from .step import Outcome, Step, end_all, run

_TAIL = 40


def main() -> int:
    """Run what was asked for; 0 when nothing failed."""
    parser = argparse.ArgumentParser(prog="python -m tests.gate")
    parser.add_argument("what", help="check, test, deep, build, or one step")
    parser.add_argument("words", nargs="*", help="targets of integration, cases of the lab, scenarios of molecule")
    options = parser.parse_args()
    first, rest = steps.chosen(options.what, options.words)
    with _alone():
        return _report(_all(first, rest))


@contextmanager
def _alone() -> Iterator[None]:
    """One run at a time in a checkout, as they share .cache/."""
    CACHE.mkdir(exist_ok=True)
    with (CACHE / "gate.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("waiting for another run in this checkout", flush=True)
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _all(first: Sequence[Step], lanes: Sequence[Sequence[Step]]) -> Iterator[Outcome]:
    """Every step's outcome as it comes, and at last whether the machine is as it was."""
    for step in chain(first, *lanes):
        step.log.unlink(missing_ok=True)
    before = machine_sysctls()
    failed = set()
    for step in first:
        outcome = _not_run(step) if step.needs in failed else run(step)
        if outcome.verdict == "FAILED":
            failed.add(step.name)
        yield outcome
    yield from (_not_run(step) for step in chain(*lanes) if step.needs in failed)
    yield from _beside_each_other([[step for step in lane if step.needs not in failed] for lane in lanes])
    if lanes:
        yield _machine(before)


def _beside_each_other(lanes: Sequence[Sequence[Step]]) -> Iterator[Outcome]:
    """Each lane's steps one after the other, the lanes at the same time; outcomes as they come."""
    if any(lanes):
        print("running", "beside".join(f" {', '.join(step.name for step in lane)} " for lane in lanes), flush=True)
    outcomes: SimpleQueue[Outcome] = SimpleQueue()
    for lane in lanes:
        Thread(target=_run_lane, args=[lane, outcomes], daemon=True).start()
    try:
        for _step in chain(*lanes):
            yield outcomes.get()
    except BaseException:
        end_all()
        raise


def _not_run(step: Step) -> Outcome:
    return Outcome(step, "FAILED", note=f"not run: {step.needs} failed")


def _run_lane(lane: Sequence[Step], outcomes: SimpleQueue[Outcome]) -> None:
    for step in lane:
        outcomes.put(run(step))


def _machine(before: dict[str, str]) -> Outcome:
    """Fails where a value under /proc/sys of this machine is not what it was when the gate began."""
    step = Step("machine unchanged", [])
    changed = changed_values(before, machine_sysctls())
    step.log.write_text("\n".join(changed))
    if changed:
        return Outcome(step, "FAILED", note="this machine's own values under /proc/sys have changed")
    return Outcome(step, "ok", note=f"{len(before)} values under /proc/sys")


def _report(outcomes: Iterable[Outcome]) -> int:
    counts = {"ok": 0, "FAILED": 0, "skipped": 0}
    began = time.monotonic()
    for outcome in outcomes:
        counts[outcome.verdict] += 1
        note = f"  {outcome.note}" if outcome.note else ""
        print(f"{outcome.verdict:<8}{outcome.step.name:<18}{outcome.seconds:6.1f} s{note}", flush=True)
        if outcome.verdict == "FAILED":
            _show_tail(outcome.step)
    print(f"{time.monotonic() - began:.0f} s; logs are in {LOGS.relative_to(ROOT)}/")
    skipped = f", {counts['skipped']} skipped" if counts["skipped"] else ""
    print(f"{counts['ok']} passed, {counts['FAILED']} failed{skipped}", flush=True)
    return 1 if counts["FAILED"] else 0


def _show_tail(step: Step) -> None:
    lines = step.log.read_text(errors="replace").splitlines() if step.log.exists() else []
    for line in lines[-_TAIL:]:
        print(f"    {line}")
    if len(lines) > _TAIL:
        print(f"    ({len(lines) - _TAIL} lines more in {step.log.relative_to(ROOT)})")


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit("interrupted")
