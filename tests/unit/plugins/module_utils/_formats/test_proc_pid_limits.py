# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import MalformedInput
from ansible_collections.nettune.tcp.plugins.module_utils._formats import proc_pid
from ansible_collections.nettune.tcp.plugins.module_utils._formats.rlimit import INFINITY, Limit

HEAD = "Limit                     Soft Limit           Hard Limit           Units     \n"


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("Max open files            1024                 524288               files     \n", Limit(1024, 524288)),
        ("Max open files            unlimited            unlimited            files\n", Limit(INFINITY, INFINITY)),
        ("Max open files            0                    0                    files\n", Limit(0, 0)),
    ],
)
def test_row(row, expected):
    assert proc_pid.open_files(HEAD + row) == expected


@pytest.mark.parametrize(
    "text", ["", HEAD, HEAD + "Max open files\n", HEAD + "Max open files 1 x files", "Max open files -1 2"]
)
def test_malformed(text):
    with pytest.raises(MalformedInput, match="/proc/PID/limits"):
        proc_pid.open_files(text)
