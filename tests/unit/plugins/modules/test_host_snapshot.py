# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import InvalidOption
from ansible_collections.nettune.tcp.plugins.modules import host_snapshot
from ansible_collections.nettune.tcp.plugins.modules.host_snapshot import ARGUMENTS, check
from ansible_collections.nettune.tcp.tests.unit.support import documented


def test_options_are_those_of_the_documentation() -> None:
    assert documented.options(host_snapshot) == ARGUMENTS


def test_this_host(run_module) -> None:
    result = run_module(host_snapshot, sample=0)
    assert set(result["facts"]) == {"nettune_tcp", "nettune_sysctl", "nettune_nofile"}
    assert all(result[name] for name in ("at", "release", "python"))


@pytest.mark.parametrize(
    ("changes", "message"),
    [({"top": 0}, "top is 0; it must be between 1 and 1000"), ({"sample": -1}, "sample is -1; it must be between")],
)
def test_invalid_options_fail(changes: dict, message: str) -> None:
    with pytest.raises(InvalidOption, match=message):
        check({"sample": 5, "top": 10, **changes})
