# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

pytest.importorskip("ansible", reason="filters run on the controller")

from ansible.errors import AnsibleFilterError
from ansible_collections.nettune.tcp.plugins.filter.not_in_force import FilterModule, not_in_force

DRIFT = {
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


def test_nothing_to_say_is_no_line() -> None:
    assert not_in_force({"settings": []}) == []


def test_a_difference_is_a_line_below_a_header() -> None:
    header, line = not_in_force(DRIFT, {"skipped": True})
    assert header.split()[:2] == ["WHAT", "WANTED"]
    assert line == "net.core.somaxconn  at_least 8192  128      8192     not in force"


@pytest.mark.parametrize("given", [None, "text", [DRIFT], 3])
def test_anything_else_is_refused(given: object) -> None:
    with pytest.raises(AnsibleFilterError, match="registered results"):
        not_in_force(given)


def test_the_filter_has_its_name() -> None:
    assert FilterModule().filters() == {"not_in_force": not_in_force}
