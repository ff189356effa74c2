# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._formats.ufw_conf import sysctl_file


@pytest.mark.parametrize(
    ("default", "own", "path"),
    [
        ("IPT_SYSCTL=/etc/ufw/sysctl.conf\n", "ENABLED=yes\n", "/etc/ufw/sysctl.conf"),
        ("IPT_SYSCTL='/etc/sysctl.conf' # x\n", 'ENABLED="yes"\n', "/etc/sysctl.conf"),
        ("IPT_SYSCTL=/a\nIPT_SYSCTL=/b\n", "ENABLED=YES\n", "/b"),
        ("#IPT_SYSCTL=/a\n", "ENABLED=yes\n", ""),
        ("IPT_SYSCTL=/a\n", "ENABLED=no\n", ""),
        ("IPT_SYSCTL=\n", "ENABLED=yes\n", ""),
        ("", "", ""),
    ],
)
def test_file_that_ufw_applies(default: str, own: str, path: str) -> None:
    assert sysctl_file(default, own) == path
