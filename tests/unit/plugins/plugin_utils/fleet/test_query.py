# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import InvalidOption
from ansible_collections.nettune.tcp.plugins.plugin_utils.fleet import query
from ansible_collections.nettune.tcp.plugins.plugin_utils.fleet.query import EXAMPLE, Query


def test_search_returns_the_matches():
    assert Query("hosts[?total > `1`].host").search(
        {"hosts": [{"host": "a", "total": 1}, {"host": "b", "total": 2}]}
    ) == ["b"]


@pytest.mark.parametrize(
    ("expression", "part"),
    [
        ("", "'' is not a valid JMESPath expression: it is empty"),
        ("hosts[?total", "'hosts[?total' is not a valid JMESPath expression: unexpected end at position 13"),
        ("hosts[?total > 5]", "unexpected 5 at position 16"),
        ("hosts]", "unexpected ']' at position 6"),
        ("hosts %", "Unknown token % at position 7"),
        ("a `b", "Unclosed ` delimiter at position 3"),
        ("!" * 100000 + "a", "it is nested too deeply"),
    ],
    ids=lambda text: text[:20],
)
def test_a_malformed_expression_is_one_line_with_its_position(expression, part):
    with pytest.raises(InvalidOption) as caught:
        Query(expression)
    message = str(caught.value)
    assert part in message
    assert f"An example: {EXAMPLE}" in message
    assert "\n" not in message


@pytest.mark.parametrize("expression", [None, 5, ["hosts"]])
def test_a_query_must_be_text(expression):
    with pytest.raises(InvalidOption, match="it must be a JMESPath expression"):
        Query(expression)


@pytest.mark.parametrize(
    ("expression", "part"),
    [
        ("sort_by(hosts, &nope)", "sort_by() takes string or number, not null. Exclude hosts without the value"),
        ("nope(hosts)", "Unknown function: nope()"),
        ("length()", "Expected 1 argument for function length(), received 0"),
        ("hosts[::0]", "slice step cannot be zero"),
    ],
)
def test_an_expression_that_cannot_be_evaluated(expression, part):
    with pytest.raises(InvalidOption) as caught:
        Query(expression).search({"hosts": [{"host": "web1"}]})
    assert f"{expression!r} cannot be evaluated: " in str(caught.value)
    assert part in str(caught.value)
    assert "\n" not in str(caught.value)


def test_the_missing_package_is_named(monkeypatch):
    monkeypatch.setattr(query, "jmespath", None)
    with pytest.raises(InvalidOption, match="need the package jmespath"):
        Query("hosts")
