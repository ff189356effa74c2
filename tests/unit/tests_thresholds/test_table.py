# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ansible_collections.nettune.tcp.plugins.module_utils._diagnosis.rules import DEFAULTS, NOTES, RULES
from ansible_collections.nettune.tcp.tests.thresholds import table


def test_the_guide_is_current():
    guide = table.GUIDE.read_text()
    assert guide == table.updated(guide), "run python -m tests.thresholds to update guide_diagnosing.rst"


def test_every_rule_and_note_is_described():
    assert {name for ids, _when, _bounds in table.FINDINGS for name in ids} == {rule.id for rule in RULES}
    assert {name for name, _says in table.NOTES} == {note.id for note in NOTES}


def test_rules_of_one_row_have_the_same_thresholds():
    for ids, _when, _bounds in table.FINDINGS:
        assert all(DEFAULTS.get(name) == DEFAULTS.get(ids[0]) for name in ids)
