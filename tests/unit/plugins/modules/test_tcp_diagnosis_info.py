# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import InvalidOption
from ansible_collections.nettune.tcp.plugins.modules import tcp_diagnosis_info
from ansible_collections.nettune.tcp.plugins.modules.tcp_diagnosis_info import ARGUMENTS, check

GOOD = {"top": 10, "sample": 5, "pid": None, "thresholds": {}, "idle_timeout": 0}


@pytest.mark.parametrize(
    "changes", [{}, {"sample": 0}, {"sample": 3600}, {"thresholds": {"emfile": {"warning": "80"}}}]
)
def test_valid_options(changes):
    check({**GOOD, **changes})


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"top": 0}, "top is 0; it must be between 1 and 1000"),
        ({"sample": -1}, "sample is -1; it must be between 0 and 3600 seconds"),
        ({"sample": float("nan")}, "sample is nan;"),
        ({"pid": 0}, "pid is 0;"),
        ({"idle_timeout": -1}, "idle_timeout is -1; it must be a number of seconds"),
        ({"thresholds": {"emfiles": {}}}, "thresholds has 'emfiles'; did you mean emfile"),
    ],
)
def test_invalid_options_fail(changes, message):
    with pytest.raises(InvalidOption, match=message):
        check({**GOOD, **changes})


def test_options_are_those_of_the_documentation():
    yaml = pytest.importorskip("yaml")
    documented = yaml.safe_load(tcp_diagnosis_info.DOCUMENTATION)["options"]
    assert {name: {key: option.get(key) for key in ARGUMENTS[name]} for name, option in documented.items()} == ARGUMENTS
