# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The times of the readings of a trial, and the changes of its parameter."""

from __future__ import annotations

from typing import Any

from ansible_collections.nettune.tcp.plugins.module_utils._trial.analysis import Window
from ansible_collections.nettune.tcp.plugins.module_utils._trial.request import Request
from ansible_collections.nettune.tcp.plugins.module_utils._trial.samples import samples
from ansible_collections.nettune.tcp.plugins.module_utils._trial.saved import Trial

KEY = "net.ipv4.tcp_orphan_retries"


def trial(*windows: tuple[str, tuple[float, ...]], window: float = 15.0, **differs: Any) -> Trial:
    request = Request("x", KEY, ("3", "2"), "minimise", "states.LAST_ACK", (), 10.0, window, 5.0, "best")
    found = [Window("candidate" if at % 2 else "baseline", *each) for at, each in enumerate(windows)]
    return Trial(request, request, "0", status="done", windows=tuple(found), **differs)


def mark(seconds: int, before: str, after: str) -> dict[str, Any]:
    return {"seconds": seconds, "what": KEY, "before": before, "after": after}


def test_readings_are_taken_every_interval_after_each_settling_time() -> None:
    old, new = ("0", (9.0, 8.0, 9.0)), ("3", (4.0, 3.0, 4.0))
    found = samples(trial(old, new, old, kept="3"))
    assert found == {
        # A reading before the first window, and two while each value settles, are not in a window.
        "seconds": [5, 10, 15, 30, 35, 40, 55, 60, 65],
        "readings": [9, 8, 9, 4, 3, 4, 9, 8, 9],
        "marks": [mark(15, "0", "3"), mark(40, "3", "0"), mark(65, "0", "3")],
    }


def test_a_candidate_with_the_old_value_changes_nothing() -> None:
    old = ("0", (9.0, 8.0, 9.0))
    found = samples(trial(old, old, old))
    assert found is not None
    assert found["marks"] == []


def test_a_long_window_has_at_most_sixty_readings() -> None:
    found = samples(trial(("0", tuple(float(each) for each in range(1000))), window=5000.0))
    assert found is not None
    assert len(found["seconds"]) == len(found["readings"]) == 59
    assert (found["seconds"][1], found["readings"][1]) == (5 * 18, 17.0)


def test_a_window_without_readings_and_a_trial_without_windows() -> None:
    found = samples(trial(("0", ()), ("3", (4.0,))))
    assert found == {"seconds": [30], "readings": [4], "marks": [mark(15, "0", "3")]}
    assert samples(trial()) is None
