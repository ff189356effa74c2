# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._trial import analysis
from ansible_collections.nettune.tcp.plugins.module_utils._trial.analysis import Effect, Window

QUIET = (1000.0, 1010.0, 990.0, 1005.0, 995.0)


def windows(*readings: tuple[float, ...]) -> list[Window]:
    """Return windows of baselines and candidates in turn; the candidates are named b, d, f …"""
    return [
        Window("candidate" if at % 2 else "baseline", "abcdefgh"[at] if at % 2 else "a", one)
        for at, one in enumerate(readings)
    ]


def moved(by: float, readings: tuple[float, ...] = QUIET) -> tuple[float, ...]:
    return tuple(value + by for value in readings)


def verdicts(*readings: tuple[float, ...], aim: str = "minimise") -> dict[str, str]:
    return {one.candidate: one.verdict for one in analysis.effects(windows(*readings), aim)}


@pytest.mark.parametrize(
    ("readings", "wanted"),
    [
        pytest.param((QUIET, moved(-900), QUIET), "better", id="much less"),
        pytest.param((QUIET, moved(900), QUIET), "worse", id="much more"),
        pytest.param((QUIET, QUIET, QUIET), "no difference", id="the same value again"),
        pytest.param((QUIET, moved(-20), QUIET), "no difference", id="less than the readings vary"),
        pytest.param((QUIET, moved(-40), QUIET), "better", id="more than the readings vary"),
        pytest.param((QUIET, moved(-400), moved(-800)), "no difference", id="midway on a falling load"),
        pytest.param((QUIET, moved(-900), moved(-800)), "no difference", id="less than the baseline moved by"),
        pytest.param((QUIET, (100.0, 9000.0, 101.0, 99.0, 100.0), QUIET), "better", id="one outlier"),
        pytest.param((QUIET, (0.0, 500.0, 1000.0, 1500.0, 10.0), QUIET), "no difference", id="scattered readings"),
        pytest.param(((5.0,) * 5, (4.95,) * 5, (5.0,) * 5), "no difference", id="under 2 % of constant readings"),
        pytest.param(((5.0,) * 5, (4.0,) * 5, (5.0,) * 5), "better", id="over 2 % of constant readings"),
        pytest.param(((0.0,) * 5, (0.0,) * 5, (0.0,) * 5), "no difference", id="all 0"),
        pytest.param(((0.0,) * 5, (1.0,) * 5, (0.0,) * 5), "worse", id="more than 0"),
        pytest.param((QUIET, (1.0, 2.0), QUIET), "unknown", id="too few readings"),
        pytest.param(((), QUIET, ()), "unknown", id="no baseline"),
        pytest.param((QUIET, moved(-900), ()), "better", id="a baseline on one side only"),
        pytest.param((QUIET, moved(-900)), "better", id="no baseline after it"),
    ],
)
def test_an_effect_counts_only_beyond_the_noise(readings: tuple[tuple[float, ...], ...], wanted: str) -> None:
    assert verdicts(*readings) == {"b": wanted}


def test_less_is_worse_if_maximised() -> None:
    assert verdicts(QUIET, moved(-900), QUIET, moved(900), QUIET, aim="maximise") == {"b": "worse", "d": "better"}


def test_numbers_of_an_effect() -> None:
    (one,) = analysis.effects(windows(QUIET, moved(-900), moved(10)), "minimise")
    assert (one.median, one.expected, one.effect, one.drift) == (100.0, 1005.0, -905.0, 10.0)
    assert one.noise == pytest.approx(3 * 1.4826 * 5)


@pytest.mark.parametrize(
    ("readings", "wanted"),
    [
        ((900.0, 800.0, 600.0, 400.0, 300.0), True),
        ((*(600.0,) * 5, *(10.0,) * 5), True),
        (moved(-900), False),
        ((100.0, 9000.0, 101.0, 99.0, 100.0, 100.0), False),
    ],
)
def test_a_window_that_has_not_settled_is_moving(readings: tuple[float, ...], wanted: bool) -> None:
    (one,) = analysis.effects(windows(QUIET, readings, QUIET), "minimise")
    assert one.moving is wanted


def test_effects_are_ranked_as_shares_of_the_expected_value() -> None:
    found = analysis.effects(
        windows(QUIET, moved(-500), QUIET, moved(4300), moved(5000), moved(4000), moved(5000)), "minimise"
    )
    best = analysis.best(found, "minimise")
    assert best is not None
    assert best.candidate == "b"
    assert [one.candidate for one in analysis.ranking(found, "minimise")] == ["b", "f", "d"]


def test_effects_are_ranked_by_size_if_the_expected_value_is_0() -> None:
    nothing = (0.0,) * 5
    found = analysis.effects(windows(nothing, (9.0,) * 5, nothing, moved(9000), moved(9500)), "maximise")
    assert [one.candidate for one in analysis.ranking(found, "maximise")] == ["d", "b"]


def test_no_best_if_none_is_better() -> None:
    found = analysis.effects(windows(QUIET, moved(5), QUIET, moved(900), QUIET), "minimise")
    assert analysis.best(found, "minimise") is None
    assert analysis.as_good(found, "minimise") == []


def test_candidates_as_good_as_the_best() -> None:
    found = analysis.effects(windows(QUIET, moved(-900), QUIET, moved(-890), QUIET, moved(-400), QUIET), "minimise")
    assert [one.candidate for one in analysis.as_good(found, "minimise")] == ["d"]


def test_an_unknown_effect_has_no_rank() -> None:
    found = [Effect("3", "unknown"), Effect("2", "better", 1.0, 9.0, -8.0, 1.0)]
    assert [one.candidate for one in analysis.ranking(found, "minimise")] == ["2"]
