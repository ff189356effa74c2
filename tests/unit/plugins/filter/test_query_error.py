# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.filter.query_error import query_error


@pytest.mark.parametrize("expression", ["@", "hosts[].host", "sort_by(hosts, &nope)"])
def test_nothing_is_said_of_what_can_be_parsed(expression):
    assert query_error(expression) == ""


@pytest.mark.parametrize(
    ("expression", "said"),
    [("hosts[", "it ends too early, at position 7"), ("", "it is empty"), (None, "None is no query")],
)
def test_what_is_wrong(expression, said):
    assert said in query_error(expression)
