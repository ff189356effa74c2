# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import InvalidOption
from ansible_collections.nettune.tcp.plugins.module_utils._trial import expression

NUMBERS = {"a": 6.0, "b.c": 4.0, "b.C_2": 0.5, "none": None, "zero": 0.0, "huge": 1e308}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("7", 7.0),
        ("0.25", 0.25),
        ("a", 6.0),
        (" a\t", 6.0),
        ("b.C_2", 0.5),
        ("a + b.c * 2", 14.0),
        ("(a + b.c) * 2", 20.0),
        ("a - b.c - 1", 1.0),
        ("a / b.c / 2", 0.75),
        ("a/b.c", 1.5),
        ("-a + 1", -5.0),
        ("2 * -(a - b.c)", -4.0),
        ("- - a", 6.0),
        ("a >= 1.5 * b.c", 1.0),
        ("a > 1.5 * b.c", 0.0),
        ("a < 7", 1.0),
        ("a <= 5", 0.0),
        ("a == 6", 1.0),
        ("a != 6", 0.0),
        ("none", None),
        ("none + 1", None),
        ("none > 1", None),
        ("unheard.of", None),
        ("a / zero", None),
        ("a / (b.c - 4) > 1", None),
        ("huge * huge", None),
        ("huge * huge - huge * huge", None),
        ("+".join(["a"] * 190), 1140.0),
    ],
)
def test_values(text: str, wanted: float | None) -> None:
    assert expression.evaluate(expression.parse(text), NUMBERS.get) == wanted


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "'' is not an expression; allowed are paths such as states.LAST_ACK"),
        ("  ", "is not an expression"),
        (None, "None is not an expression"),
        (5, "5 is not an expression"),
        ("a +", "'a +' is malformed: missing number or path at its end"),
        ("+ a", "missing number or path at '+ a' (character 1)"),
        ("a b", "missing operator at 'b' (character 3)"),
        ("0.8a", "missing operator at 'a' (character 4)"),
        ("1.5.2", "missing operator at '.2' (character 4)"),
        ("a..b", "missing operator at '..b' (character 2)"),
        ("a.", "missing operator at '.' (character 2)"),
        (".a", "missing number or path at '.a' (character 1)"),
        ("(a", "missing closing parenthesis at its end"),
        ("(a > 1) + 2", "missing closing parenthesis at '> 1) + 2' (character 4)"),
        ("a)", "missing operator at ')' (character 2)"),
        ("()", "missing number or path at ')' (character 2)"),
        ("a > 1 > 0", "unexpected second comparison at '> 0' (character 7)"),
        ("a = 1", "missing operator at '= 1' (character 3)"),
        ("a and b", "missing operator at 'and b'"),
        ("a ** 2", "missing number or path at '* 2' (character 4)"),
        ("a // 2", "missing number or path at '/ 2'"),
        ("a[0]", "missing operator at '[0]'"),
        ("f(a)", "missing operator at '(a)'"),
        ("__import__('os')", "missing operator at \"('os')\""),
        ("a; b", "missing operator at '; b'"),
        ("größe", "missing operator at 'öße' (character 3)"),
        ("٣", "missing number or path at '٣'"),
        ("1e5", "missing operator at 'e5'"),
        ("a\n+", "missing number or path at its end"),
        ("-" * 21 + "a", "more than 20 nested levels"),
        ("(" * 200, "more than 20 nested levels"),
        ("a" * 401, "an expression of 401 characters is too long; allowed are 400"),
    ],
    ids=lambda text: repr(text)[:30],
)
def test_errors_name_the_place_on_one_line(text: str, message: str) -> None:
    with pytest.raises(InvalidOption) as caught:
        expression.parse(text)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_paths_from_left_to_right() -> None:
    assert list(expression.paths(expression.parse("b.c * (a - 3) > a"))) == ["b.c", "a", "a"]


@pytest.mark.parametrize(("text", "wanted"), [("a > 1", True), ("a", False), ("a + 1", False), ("1", False)])
def test_is_comparison(text: str, wanted: bool) -> None:
    assert expression.is_comparison(expression.parse(text)) is wanted
