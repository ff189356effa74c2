# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.nettune.tcp.plugins.filter.as_table import as_table
from ansible_collections.nettune.tcp.plugins.filter.drift import drift

SYSCTL = {
    "settings": [
        {
            "key": "net.core.somaxconn",
            "requested": {"at_least": "8192"},
            "before": "128",
            "after": "8192",
            "boot_before": "8192",
            "boot_after": "8192",
            "status": "changed",
            "reason": None,
        }
    ]
}


def test_no_difference_is_an_empty_list():
    assert drift([{"settings": []}]) == []


def test_a_difference_is_a_row_that_can_be_drawn():
    rows = drift([SYSCTL, {"skipped": True}])
    assert [row["what"] for row in rows] == ["net.core.somaxconn"]
    _header, line = as_table(rows, layout="drift")
    assert line.startswith("net.core.somaxconn  at_least 8192  128      8192     ")


def test_limits_that_the_host_does_not_allow_count_unless_best_effort(monkeypatch):
    asked = []
    monkeypatch.setattr(
        "ansible_collections.nettune.tcp.plugins.module_utils._verify.differences.of_nofile",
        lambda result, *, best_effort: asked.append((result, best_effort)) or [],
    )
    drift([{"services": []}, {"refused": []}], best_effort=True)
    assert asked == [({"services": []}, True), ({"refused": []}, True)]


@pytest.mark.parametrize("given", [None, "text", SYSCTL, [3], [{"changed": False}], [{"settings": [{}]}]])
def test_anything_else_is_refused(given):
    with pytest.raises(AnsibleFilterError, match="takes a list of check-mode results"):
        drift(given)
