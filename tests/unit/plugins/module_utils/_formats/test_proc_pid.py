# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import MalformedInput
from ansible_collections.nettune.tcp.plugins.module_utils._formats import proc_pid

TAIL = "S 1 812 812 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 4711 9 9 9"


@pytest.mark.parametrize("name", ["nginx", "a b", "a) S 9 (b", "(sd-pam)", ""])
def test_any_name(name):
    assert proc_pid.parse_stat(f"812 ({name}) {TAIL}\n") == (812, name, 1, 4711)


@pytest.mark.parametrize("text", ["", "812", "812 (nginx) S 1", "x (nginx) " + TAIL, "812 nginx " + TAIL])
def test_malformed(text):
    with pytest.raises(MalformedInput, match="/proc/PID/stat"):
        proc_pid.parse_stat(text)
