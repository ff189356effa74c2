# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tables of Markdown, and figures as people read them."""

from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.tests.bench.paired import Ratio
from ansible_collections.nettune.tcp.tests.bench.tables import figure, precise, size, spread, table


def test_table():
    assert table(["× floor", "10k"], [["counts", "0.24"], ["`ss | awk`", "2.3"]]) == (
        "| × floor | 10k |\n| --- | ---: |\n| counts | 0.24 |\n| `ss \\| awk` | 2.3 |\n"
    )


def test_a_row_that_does_not_fit_is_refused():
    with pytest.raises(ValueError, match="the head, which has 2"):
        table(["a", "b"], [["1", "2"], ["1"]])


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, "–"), (0.244, "0.24"), (0.994, "0.99"), (0.996, "1.0"), (9.94, "9.9"), (9.96, "10"), (109.4, "109")],
)
def test_figure(value, text):
    assert figure(value) == text


def test_what_is_held_against_a_bound_is_precise():
    assert [precise(1.3549), precise(None)] == ["1.35", "–"]
    assert spread(Ratio(8.5, 8.25, 9, 3)) == "8.50 (8.25 to 9.00)"
    assert spread(None) == "–"


@pytest.mark.parametrize(
    ("number", "text"), [(500, "500"), (10_000, "10k"), (1_500, "1500"), (1_000_000, "1M"), (1_500_000, "1500k")]
)
def test_size(number, text):
    assert size(number) == text
