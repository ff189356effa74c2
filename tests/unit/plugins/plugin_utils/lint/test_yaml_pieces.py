# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Large texts in YAML: they are read in pieces, and no setting is lost between two of them."""

from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.plugin_utils.lint import engine, yaml_pieces, yaml_text

N = "net.ipv4."
ENTRY = f"- name: {N}tcp_fin_timeout\n  value: 30\n"
TASK = f"  - ansible.posix.sysctl:\n      name: {N}tcp_fin_timeout\n      value: 30\n\n"
GONE = f"  - ansible.posix.sysctl:\n      name: {N}tcp_sack\n      state: absent\n      value: 0\n"


@pytest.mark.parametrize(
    ("before", "entry", "after"),
    [
        ("", ENTRY, ""),
        ("---\n# settings\nsysctls:\n", ENTRY, "other: 1\n"),
        ("- hosts: all\n  tasks:\n", TASK, GONE),
        ("a:\n  b: 1\nsettings:\n", f"    {ENTRY}".replace("\n  ", "\n      "), "c: [1]\n"),
        ("text: |\n", f"  {N}tcp_fin_timeout = 30\n", "other: 1\n"),
    ],
)
def test_each_entry_is_read_once(monkeypatch, before, entry, after):
    monkeypatch.setattr(yaml_text, "_LONGEST", 2000)
    many = 200
    rows = engine.check(before + entry * many + after, name="x.yml").rows
    assert {(row["key"], row["value"]) for row in rows} == {(f"{N}tcp_fin_timeout", "30")}
    first = before.count("\n") + entry[: entry.index("tcp_fin")].count("\n") + 1
    assert [row["line"] for row in rows] == [first + entry.count("\n") * number for number in range(many)]


@pytest.mark.parametrize(
    "text", ["", "\n" * 50, "a:\n" * 50, " - - a\n" * 50, "a: |\n" + " x\n" * 50, "#\n" * 50 + "a: 1"]
)
def test_pieces_have_each_line_once(text):
    raw = text.split("\n")
    found = list(yaml_pieces.pieces(raw, 40))
    assert [line for begin, end in found for line in range(begin, end)] == list(range(len(raw)))


def test_deep_text_is_not_divided_level_by_level():
    raw = [f"{' ' * depth}a:" for depth in range(300)]
    assert len(list(yaml_pieces.pieces(raw, 40))) < 20


@pytest.mark.long
def test_text_above_the_largest_piece():
    rows = engine.check(ENTRY * 6000, name="x.yml").rows
    assert len(rows) == 6000
