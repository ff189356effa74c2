# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The hosts of a pattern, with and without --limit and an inventory."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.parsing.dataloader import DataLoader
from ansible_collections.nettune.tcp.plugins.plugin_utils.options import playbooks

GROUPS = {"all": ["web1", "web2", "db1"], "web": ["web1", "web2"], "db": ["db1"], "ungrouped": []}
NONE: dict[str, list[str]] = {"all": [], "ungrouped": []}


@pytest.mark.parametrize(
    ("pattern", "groups", "limit", "expected"),
    [
        ("all", GROUPS, None, ["web1", "web2", "db1"]),
        ("web", GROUPS, None, ["web1", "web2"]),
        ("web:!web1", GROUPS, None, ["web2"]),
        ("web,db", GROUPS, None, ["web1", "web2", "db1"]),
        ("web", GROUPS, "web2,db1", ["web2"]),
        ("web", GROUPS, "db", []),
        ("nowhere", GROUPS, None, []),
        ("~(", GROUPS, None, []),
        ("", GROUPS, None, []),
        (" ", GROUPS, None, []),
        ("all", NONE, None, []),
        ("localhost", NONE, None, ["localhost"]),
        ("localhost", GROUPS, None, ["localhost"]),
        ("localhost", GROUPS, "web", []),
    ],
)
def test_matching(pattern: str, groups: Any, limit: str | None, expected: list[str]) -> None:
    assert playbooks.matching(pattern, groups, limit, DataLoader()) == expected


def test_limit_from_a_file(tmp_path: Any) -> None:
    (tmp_path / "retry").write_text("web2\ndb1\n")
    assert playbooks.matching("web", GROUPS, f"@{tmp_path}/retry", DataLoader()) == ["web2"]
    assert playbooks.matching("db1", GROUPS, f"@{tmp_path}/retry", DataLoader()) == ["db1"]
