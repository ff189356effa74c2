# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import InvalidOption
from ansible_collections.nettune.tcp.plugins.plugin_utils.diagnosis.additional_rules import parse

ROW = {"id": "mine", "expression": "states.SYN_SENT", "title": "{found} in SYN_SENT"}


def test_a_row_with_the_required_keys():
    (rule,) = parse([ROW])
    assert (rule.rule.id, rule.expression, rule.severity) == ("mine", "states.SYN_SENT", "warning")


def test_no_rules():
    assert parse(None) == parse([]) == []


@pytest.mark.parametrize("result", [None, False, 0, "", [], {}])
def test_an_empty_result_is_no_finding(result):
    assert parse([ROW])[0].found(result) is None


@pytest.mark.parametrize(
    ("result", "evidence"), [(7, {"found": 7}), ([1], {"found": [1]}), ({"count": 7}, {"count": 7})]
)
def test_a_result_is_evidence(result, evidence):
    _rule, judgement = parse([ROW])[0].found(result)
    assert judgement.evidence == evidence


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ("x", "rules is 'x'; it must be a list of rows with id, expression, title"),
        (["x"], r"rules\[0\] is 'x'; it must be a row"),
        ([ROW, {**ROW, "ID": 1}], r"rules\[1\] has 'ID' .known: id, expression"),
        ([{**ROW, "expresion": "x"}], r"rules\[0\] has 'expresion'; did you mean expression\?"),
        ([{"id": "mine", "title": "x"}], r"rules\[0\] has no expression"),
        ([{**ROW, "title": 3}], r"rules\[0\].title is 3; it must be text"),
        ([{**ROW, "expression": ""}], r"rules\[0\].expression is ''; it must be text"),
        ([{**ROW, "cause": None}], r"rules\[0\].cause is None; it must be text"),
        ([{**ROW, "severity": "high"}], "severity is 'high'; it must be info, warning or critical"),
        ([{**ROW, "id": "Mine!"}], r"rules\[0\].id is 'Mine!'; allowed are lower-case letters"),
        ([{**ROW, "id": "close_wait"}], "which is a rule of nettune.tcp"),
        ([{**ROW, "id": "time_wait"}], "which is a rule of nettune.tcp"),
        ([ROW, ROW], "rules has 'mine' more than once"),
        ([{**ROW, "remedies": "x"}], r"rules\[0\].remedies is 'x'; it must be a list"),
        ([{**ROW, "remedies": ["x"]}], r"rules\[0\].remedies\[0\] is 'x'; it must be like"),
        ([{**ROW, "remedies": [{"text": "x", "kind": "luck"}]}], "kind is 'luck'; it must be application, sysctl"),
        ([{**ROW, "remedies": [{"text": "x", "kinds": "network"}]}], "did you mean kind"),
        ([{**ROW, "avoid": "x"}], r"rules\[0\].avoid is 'x'; it must be a list"),
    ],
)
def test_invalid_rules(rows, message):
    with pytest.raises(InvalidOption, match=message):
        parse(rows)
