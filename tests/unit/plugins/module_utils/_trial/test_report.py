# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._trial import report
from ansible_collections.nettune.tcp.plugins.module_utils._trial.analysis import Window
from ansible_collections.nettune.tcp.plugins.module_utils._trial.request import Request
from ansible_collections.nettune.tcp.plugins.module_utils._trial.saved import Trial

KEY = "net.ipv4.tcp_orphan_retries"
REQUEST = Request("x", KEY, ("3", "7", "2"), "minimise", "states.LAST_ACK", (), 60.0, 60.0, 5.0, "never")
OLD, THREE, SEVEN, TWO = (1070.0, 1065.0, 1075.0), (66.0, 65.0, 67.0), (1068.0, 1072.0, 1070.0), (33.0, 33.0, 34.0)


def trial(*readings: tuple[float, ...], status: str = "done", **differs: Any) -> Trial:
    values = ("0", "3", "0", "7", "0", "2", "0")
    windows = [
        Window("candidate" if at % 2 else "baseline", values[at], counted) for at, counted in enumerate(readings)
    ]
    return Trial(REQUEST, REQUEST, "0", status=status, windows=tuple(windows), **differs)


def test_a_whole_trial() -> None:
    result = report.result(trial(OLD, THREE, OLD, SEVEN, OLD, TWO, OLD))
    assert result["table"] == [
        "CANDIDATE   MEDIAN  EXPECTED  EFFECT        NOISE  VERDICT",
        "0 (before)  1070    -         -             -      baseline",
        "3           66      1070      -1004 (-94%)  ±22.2  better",
        "7           1070    1070      0 (+0%)       ±22.2  no difference beyond the noise",
        "2           33      1070      -1037 (-97%)  ±22.2  better",
    ]
    assert result["verdict"] == (f"{KEY} = 2 is best: states.LAST_ACK 1070 -> 33 (-97%, noise ±22.2); {KEY} is 0 again")
    assert (result["best"], result["before"], result["after"]) == ("2", "0", "0")
    assert result["candidates"][0] == {
        "candidate": "3",
        "median": 66.0,
        "expected": 1070.0,
        "effect": -1004.0,
        "noise": 22.239,
        "effect_percent": -94,
        "verdict": "better",
        "reason": "better",
    }
    assert result["baselines"][0] == {"median": 1070.0, "spread": 7.413, "readings": 3}


@pytest.mark.parametrize(
    ("given", "verdict"),
    [
        (trial(OLD, SEVEN, OLD, SEVEN, OLD, SEVEN, OLD), "no candidate improves states.LAST_ACK beyond the noise"),
        (trial(OLD, TWO, OLD, SEVEN, OLD, TWO, OLD, kept="2"), "it is now 2, until the next reboot"),
        (trial(OLD, TWO, OLD, left="someone else has set it to 9"), "; someone else has set it to 9"),
        (trial(OLD, TWO, OLD, SEVEN, OLD, (33.0, 34.0, 33.0), OLD), "2 differs by no more than the noise"),
        (trial(status="running", phase="candidate 3 (1 of 3)"), "is running: candidate 3 (1 of 3)"),
        (trial(OLD, status="aborted", reason="the guard broke"), "was aborted: the guard broke; "),
        (trial(status="planned"), f"would try {KEY} = 3, 7, 2, with 0 between them, to minimise"),
        (trial(status="planned"), "this takes 13 min"),
    ],
    ids=range(8),
)
def test_a_verdict_is_a_sentence(given: Trial, verdict: str) -> None:
    assert verdict in report.result(given)["verdict"]


def reasons(given: Trial) -> list[str]:
    return [row["reason"] for row in report.result(given)["candidates"]]


def test_the_reason_of_a_candidate_without_an_effect() -> None:
    assert reasons(trial(status="planned")) == ["not tried yet"] * 3
    assert reasons(trial(OLD, status="running")) == ["running or next", "not tried yet", "not tried yet"]
    assert reasons(trial(OLD, TWO, OLD, status="aborted", reason="the guard broke")) == [
        "better",
        "aborted: the guard broke",
        "not tried",
    ]
    assert reasons(trial(OLD, (1.0,), OLD, status="interrupted"))[0] == "unknown: too few readings"


def test_remarks_on_unsettled_windows() -> None:
    moved = (2000.0, 2001.0, 1999.0)
    assert reasons(trial(OLD, (1200.0, 1201.0, 1199.0), moved))[0] == (
        "no difference beyond the noise: the baseline itself moved by 930; increase settle, or try at a quieter hour"
    )
    assert reasons(trial(OLD, (600.0, 500.0, 400.0, 200.0, 150.0, 100.0), OLD))[0].endswith(
        "still changing at the end of its window, increase settle"
    )


@pytest.mark.parametrize(("left", "percent"), [(0.0, -100), (1.0, -99)])
def test_only_nothing_is_100_percent_less(left: float, percent: int) -> None:
    result = report.result(trial(OLD, (left, left, left), OLD))
    assert result["candidates"][0]["effect_percent"] == percent


def test_no_percentage_of_0() -> None:
    nothing, some = (0.0, 0.0, 0.0), (2.5, 2.5, 2.5)
    result = report.result(trial(nothing, some, nothing))
    assert result["candidates"][0]["effect_percent"] is None
    assert result["table"][2] == "3           2.5     0         +2.5    ±0     worse"
