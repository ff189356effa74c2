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
def test_an_expression_has_a_value(text: str, wanted: float | None) -> None:
    assert expression.evaluate(expression.parse(text), NUMBERS.get) == wanted


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "'' is no expression; allowed are paths such as states.LAST_ACK"),
        ("  ", "is no expression"),
        (None, "None is no expression"),
        (5, "5 is no expression"),
        ("a +", "'a +' cannot be read: a number or a path is missing at its end"),
        ("+ a", "a number or a path is missing at '+ a' (character 1)"),
        ("a b", "an operator is missing at 'b' (character 3)"),
        ("0.8a", "an operator is missing at 'a' (character 4)"),
        ("1.5.2", "an operator is missing at '.2' (character 4)"),
        ("a..b", "an operator is missing at '..b' (character 2)"),
        ("a.", "an operator is missing at '.' (character 2)"),
        (".a", "a number or a path is missing at '.a' (character 1)"),
        ("(a", "a closing parenthesis is missing at its end"),
        ("(a > 1) + 2", "a closing parenthesis is missing at '> 1) + 2' (character 4)"),
        ("a)", "an operator is missing at ')' (character 2)"),
        ("()", "a number or a path is missing at ')' (character 2)"),
        ("a > 1 > 0", "a second comparison stands at '> 0' (character 7)"),
        ("a = 1", "an operator is missing at '= 1' (character 3)"),
        ("a and b", "an operator is missing at 'and b'"),
        ("a ** 2", "a number or a path is missing at '* 2' (character 4)"),
        ("a // 2", "a number or a path is missing at '/ 2'"),
        ("a[0]", "an operator is missing at '[0]'"),
        ("f(a)", "an operator is missing at '(a)'"),
        ("__import__('os')", "an operator is missing at \"('os')\""),
        ("a; b", "an operator is missing at '; b'"),
        ("größe", "an operator is missing at 'öße' (character 3)"),
        ("٣", "a number or a path is missing at '٣'"),
        ("1e5", "an operator is missing at 'e5'"),
        ("a\n+", "a number or a path is missing at its end"),
        ("-" * 21 + "a", "more than 20 levels are nested"),
        ("(" * 200, "more than 20 levels are nested"),
        ("a" * 401, "an expression of 401 characters is too long; allowed are 400"),
    ],
    ids=lambda text: repr(text)[:30],
)
def test_a_malformed_expression_is_one_line_that_says_where(text: str, said: str) -> None:
    with pytest.raises(InvalidOption) as caught:
        expression.parse(text)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_names_come_from_left_to_right() -> None:
    assert list(expression.paths(expression.parse("b.c * (a - 3) > a"))) == ["b.c", "a", "a"]


@pytest.mark.parametrize(("text", "wanted"), [("a > 1", True), ("a", False), ("a + 1", False), ("1", False)])
def test_a_comparison_is_told_apart(text: str, wanted: bool) -> None:
    assert expression.is_comparison(expression.parse(text)) is wanted
