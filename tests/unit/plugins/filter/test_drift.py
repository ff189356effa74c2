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
    assert line.startswith("net.core.somaxconn  at_least 8192  128    now   ")


def test_limits_that_the_host_does_not_allow_count_unless_best_effort(monkeypatch):
    asked = []
    monkeypatch.setattr(
        "ansible_collections.nettune.tcp.plugins.module_utils._verify.differences.of_nofile",
        lambda result, *, best_effort: asked.append((result, best_effort)) or [],
    )
    drift([{"services": []}, {"refused": []}], best_effort=True)
    assert asked == [({"services": []}, True), ({"refused": []}, True)]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (None, "drift: the input has the type NoneType; it must be a list of results"),
        (SYSCTL, "drift: the input has the type dict; it must be a list of results"),
        ([object()], "drift: a value of type object"),
        ([SYSCTL, 3], "drift: result 2 is neither of sysctl_profile nor of nofile_limits: it has the type int"),
        ([{"changed": False, "msg": ""}], "drift: result 1 is neither of .*: it has the keys changed, msg"),
        ([{"settings": [{}]}], "drift: result 1 is neither of .*: it has the keys settings"),
        ([{}], "drift: result 1 is neither of .*: it is empty"),
    ],
)
def test_invalid_results(given, message):
    with pytest.raises(AnsibleFilterError, match=message):
        drift(given)
