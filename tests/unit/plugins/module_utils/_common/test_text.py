# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ansible_collections.nettune.tcp.plugins.module_utils._common import text


def test_columns_are_aligned_and_the_last_is_free() -> None:
    assert text.lines(("KEY", "NOW", "STATUS"), [("a", "1", "changed"), ("longer", "10 20", "")]) == [
        "KEY     NOW    STATUS",
        "a       1      changed",
        "longer  10 20",
    ]


def test_a_very_long_cell_is_cut_but_not_the_last() -> None:
    head, row = text.lines(("KEY", "STATUS"), [("k" * 60, "s" * 60)])
    assert row == "k" * 47 + "…  " + "s" * 60
    assert head == "KEY" + " " * 45 + "  STATUS"


def test_only_a_header() -> None:
    assert text.lines(("KEY", "STATUS"), []) == ["KEY  STATUS"]
