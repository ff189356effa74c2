# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The gate: `python -m tests.gate test` runs its steps, says a line about each, and ends with how many passed.

Called by make, from the top of the checkout.
"""

from __future__ import annotations

import argparse
import sys
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import Iterable, Iterator, Sequence

from tests.lab.machine import changed_values, machine_sysctls

from . import steps
from .places import LOGS, ROOT
from .step import Outcome, Step, end_all, run

_LANES = 2
_TAIL = 40


def main() -> int:
    """Run what was asked for; 0 when nothing failed."""
    parser = argparse.ArgumentParser(prog="python -m tests.gate")
    parser.add_argument("what", help="check, test, deep, build, or one step")
    parser.add_argument("words", nargs="*", help="targets of integration, scenarios of molecule")
    options = parser.parse_args()
    first, rest = steps.chosen(options.what, options.words)
    return _report(_all(first, rest))


def _all(first: Sequence[Step], rest: Sequence[Step]) -> Iterator[Outcome]:
    """Every step's outcome as it comes, and at last whether the machine is as it was."""
    for step in [*first, *rest]:
        step.log.unlink(missing_ok=True)
    before = machine_sysctls()
    failed = set()
    for step in first:
        outcome = run(step)
        if outcome.verdict == "FAILED":
            failed.add(step.name)
        yield outcome
    ready = [step for step in rest if step.needs not in failed]
    yield from (Outcome(step, "FAILED", note=f"not run: {step.needs} failed") for step in rest if step not in ready)
    yield from _two_at_a_time(ready)
    if rest:
        yield _machine(before)


def _two_at_a_time(ready: Sequence[Step]) -> Iterator[Outcome]:
    print(f"running, two at a time: {', '.join(step.name for step in ready)}", flush=True)
    with ThreadPoolExecutor(_LANES) as lanes:
        try:
            futures = [lanes.submit(run, step) for step in ready]
            for future in as_completed(futures):
                yield future.result()
        except BaseException:
            lanes.shutdown(wait=False, cancel_futures=True)
            end_all()
            raise


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
