# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.plugin_utils.watch import sparkline


@pytest.mark.parametrize(
    ("values", "width", "drawn"),
    [
        ([], 8, ""),
        ([5], 8, "▁"),
        ([5, 5, 5], 8, "▁▁▁"),
        ([0, 1, 2, 3, 4, 5, 6, 7], 8, "▁▂▃▄▅▆▇█"),
        ([1000, 1007, 1000], 8, "▁█▁"),
        ([0, 0, 10, 10, 20, 20, 70, 70], 4, "▁▂▃█"),
        ([0.0, 2.0, 1.0, 9.0], 2, "▁█"),
    ],
)
def test_values_are_scaled_from_the_least_to_the_greatest(values: list[float], width: int, drawn: str) -> None:
    assert sparkline.draw(values, width=width) == drawn


def test_a_long_series_fits_the_width() -> None:
    drawn = sparkline.draw(range(1000), width=24)
    assert len(drawn) == 24
    assert list(drawn) == sorted(drawn)


@pytest.mark.parametrize(
    ("encoding", "levels"),
    [("UTF-8", sparkline.BLOCKS), ("utf8", sparkline.BLOCKS), ("ANSI_X3.4-1968", sparkline.ASCII)],
)
def test_without_utf_8_it_is_ascii(monkeypatch: pytest.MonkeyPatch, encoding: str, levels: str) -> None:
    monkeypatch.setattr(sparkline.locale, "getpreferredencoding", lambda _set: encoding)
    assert sparkline.characters() == levels
    assert sparkline.ASCII.isascii()
    assert len(set(sparkline.ASCII)) == len(sparkline.BLOCKS)


@pytest.mark.parametrize(
    ("change", "seconds", "text"),
    [
        (122, 5, "+24.4/s"),
        (-1400, 1, "-1400/s"),
        (0, 5, "0/s"),
        (1, 10, "+0.1/s"),
        (-1, 60, "-1.0/min"),
        (1, 3600, "+1.0/h"),
        (-1, 36000, "-0.1/h"),
        (3, 0, ""),
    ],
)
def test_a_rate_has_the_unit_that_suits_it(change: float, seconds: float, text: str) -> None:
    assert sparkline.rate(change, seconds) == text
