# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._trial import analysis
from ansible_collections.nettune.tcp.plugins.module_utils._trial.analysis import Effect, Window

QUIET = (1000.0, 1010.0, 990.0, 1005.0, 995.0)


def windows(*readings: tuple[float, ...]) -> list[Window]:
    """Baselines and candidates in turn; candidates are called b, d, f …"""
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
        pytest.param((QUIET, QUIET, QUIET), "no difference", id="the same value once more"),
        pytest.param((QUIET, moved(-20), QUIET), "no difference", id="less than readings differ by"),
        pytest.param((QUIET, moved(-40), QUIET), "better", id="more than readings differ by"),
        pytest.param((QUIET, moved(-400), moved(-800)), "no difference", id="midway on a load that falls"),
        pytest.param((QUIET, moved(-900), moved(-800)), "no difference", id="less than the baseline moved by"),
        pytest.param((QUIET, (100.0, 9000.0, 101.0, 99.0, 100.0), QUIET), "better", id="one wild reading"),
        pytest.param((QUIET, (0.0, 500.0, 1000.0, 1500.0, 10.0), QUIET), "no difference", id="readings all over"),
        pytest.param(
            ((5.0,) * 5, (4.95,) * 5, (5.0,) * 5), "no difference", id="under two per cent of what stands still"
        ),
        pytest.param(((5.0,) * 5, (4.0,) * 5, (5.0,) * 5), "better", id="over two per cent of what stands still"),
        pytest.param(((0.0,) * 5, (0.0,) * 5, (0.0,) * 5), "no difference", id="nothing at all"),
        pytest.param(((0.0,) * 5, (1.0,) * 5, (0.0,) * 5), "worse", id="something out of nothing"),
        pytest.param((QUIET, (1.0, 2.0), QUIET), "unknown", id="too few readings"),
        pytest.param(((), QUIET, ()), "unknown", id="no baseline"),
        pytest.param((QUIET, moved(-900), ()), "better", id="a baseline on one side only"),
        pytest.param((QUIET, moved(-900)), "better", id="ended before the baseline after it"),
    ],
)
def test_an_effect_counts_only_beyond_the_noise(readings: tuple[tuple[float, ...], ...], wanted: str) -> None:
    assert verdicts(*readings) == {"b": wanted}


def test_less_is_worse_where_more_is_wanted() -> None:
    assert verdicts(QUIET, moved(-900), QUIET, moved(900), QUIET, aim="maximise") == {"b": "worse", "d": "better"}


def test_numbers_are_given() -> None:
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
def test_a_window_that_is_not_settled_is_told(readings: tuple[float, ...], wanted: bool) -> None:
    (one,) = analysis.effects(windows(QUIET, readings, QUIET), "minimise")
    assert one.moving is wanted


def test_effects_are_compared_as_shares_of_the_load_they_met() -> None:
    found = analysis.effects(
        windows(QUIET, moved(-500), QUIET, moved(4300), moved(5000), moved(4000), moved(5000)), "minimise"
    )
    best = analysis.best(found, "minimise")
    assert best is not None
    assert best.candidate == "b"
    assert [one.candidate for one in analysis.ranking(found, "minimise")] == ["b", "f", "d"]


def test_effects_on_nothing_are_compared_as_they_are() -> None:
    nothing = (0.0,) * 5
    found = analysis.effects(windows(nothing, (9.0,) * 5, nothing, moved(9000), moved(9500)), "maximise")
    assert [one.candidate for one in analysis.ranking(found, "maximise")] == ["d", "b"]


def test_none_is_best_where_none_is_better() -> None:
    found = analysis.effects(windows(QUIET, moved(5), QUIET, moved(900), QUIET), "minimise")
    assert analysis.best(found, "minimise") is None
    assert analysis.as_good(found, "minimise") == []


def test_candidates_that_the_noise_does_not_tell_apart() -> None:
    found = analysis.effects(windows(QUIET, moved(-900), QUIET, moved(-890), QUIET, moved(-400), QUIET), "minimise")
    assert [one.candidate for one in analysis.as_good(found, "minimise")] == ["d"]


def test_what_could_not_be_judged_has_no_rank() -> None:
    found = [Effect("3", "unknown"), Effect("2", "better", 1.0, 9.0, -8.0, 1.0)]
    assert [one.candidate for one in analysis.ranking(found, "minimise")] == ["2"]
