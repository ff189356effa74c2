# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The guides name the thresholds, verdicts and variables that the code has."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._diagnosis.rules import NOTES, RULES
from ansible_collections.nettune.tcp.plugins.plugin_utils.lint.row import VERDICTS

ROOT = Path(__file__).parents[2]
GUIDES = ROOT / "docs/docsite/rst"


def guide(name):
    return (GUIDES / f"guide_{name}.rst").read_text()


def rows(text):
    """Return the rows of all list tables."""
    return [row.split("\n\n")[0] for row in text.split("\n   * - ")[1:]]


def thresholds(text):
    return {name: float(value) for name, value in re.findall(r"``(\w+)`` (\d[\d.]*)", text)}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_thresholds_of_rules(rule):
    (row,) = (row for row in rows(guide("diagnosing")) if f"``{rule.id}``" in row.split("\n")[0])
    assert thresholds(row) == rule.thresholds


@pytest.mark.parametrize("note", NOTES, ids=lambda note: note.id)
def test_thresholds_of_notes(note):
    paragraph = next(text for text in guide("diagnosing").split("\n\n") if text.startswith("Notes need no action."))
    own = re.search(rf"``{note.id}`` \((.*?)\)", paragraph)[1]
    assert thresholds(own) == note.thresholds


def test_verdicts_of_the_linter_in_their_order():
    named = [row[2:].partition("``")[0] for row in rows(guide("lint")) if row.startswith("``")]
    assert named == list(VERDICTS)


@pytest.mark.parametrize("path", sorted(GUIDES.glob("guide_*.rst")), ids=lambda path: path.stem)
def test_variables_exist(path):
    sources = [*ROOT.glob("playbooks/*.yml"), *ROOT.glob("roles/*/meta/argument_specs.yml")]
    code = "\n".join(source.read_text() for source in sources)
    named = set(re.findall(r"""-e '?(?:\{")?(\w+)|``(tuning_\w+|million_connections_\w+)""", path.read_text()))
    assert [name for pair in named for name in pair if name and not re.search(rf"\b{name}\b", code)] == []
