# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import fnmatch

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._formats.sshd_config import PATH, UsePam, use_pam

INCLUDED = "/etc/ssh/sshd_config.d/50.conf"


@pytest.mark.parametrize(
    ("main", "included", "found"),
    [
        ("UsePAM yes\n", "", UsePam(True, f"{PATH}:1")),
        ("usepam=no\n", "", UsePam(False, f"{PATH}:1")),
        ("# UsePAM yes\n", "", UsePam(False)),
        ('Port 22\nUsePAM "no" # as asked\nUsePAM yes\n', "", UsePam(False, f"{PATH}:2")),
        ("Match User x\nUsePAM no\n", "", UsePam(False)),
        ("Include sshd_config.d/*.conf\nUsePAM no\n", "UsePAM yes\n", UsePam(True, f"{INCLUDED}:1")),
        (f"Include {INCLUDED}\nUsePAM yes\n", "Match all\nUsePAM no\n", UsePam(True, f"{PATH}:2")),
        (f"Include {PATH}\nUsePAM yes\n", "", UsePam(True, f"{PATH}:2")),
        ("Include '/etc/ssh/sshd_config.d/*.conf'\nUsePAM no\n", "UsePAM 'yes'\n", UsePam(True, f"{INCLUDED}:1")),
    ],
)
def test_global_value(main: str, included: str, found: UsePam) -> None:
    texts = {PATH: main, INCLUDED: included}
    assert use_pam(PATH, lambda pattern: fnmatch.filter(texts, pattern), texts.get) == found
