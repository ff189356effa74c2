# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._parameters import sysctl_secret

KEY = "net.ipv4.tcp_fastopen_key"


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("net.ipv4.tcp_fin_timeout", "30", "30"),
        ("net.vendor.x", "30", "30"),
        (KEY, "1-2-3-4", "(secret)"),
        ("net.ipv6.conf.eth0/100.stable_secret", "2001:db8::", "(secret)"),
    ],
)
def test_a_value_as_it_may_be_shown(name: str, value: str, shown: str) -> None:
    assert sysctl_secret.shown(name, value) == shown


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("", ""),
        ("# c\nnet.ipv4.tcp_fin_timeout = 30\n", "# c\nnet.ipv4.tcp_fin_timeout = 30\n"),
        (f"a.b = 1\n{KEY} = 1-2-3-4\nc.d = 2\n", f"a.b = 1\n{KEY} = (secret)\nc.d = 2\n"),
        ("-net/ipv4/tcp_fastopen_key=1-2-3-4", "-net/ipv4/tcp_fastopen_key= (secret)"),
        (f"# {KEY} = 5\n", f"# {KEY} = 5\n"),
    ],
)
def test_a_text_without_its_secrets(text: str, masked: str) -> None:
    assert sysctl_secret.masked(text) == masked
