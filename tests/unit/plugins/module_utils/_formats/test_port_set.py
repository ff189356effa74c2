# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import MalformedInput
from ansible_collections.nettune.tcp.plugins.module_utils._formats import port_set


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("", ""),
        (" ", ""),
        (",", ""),
        ("80", "80"),
        ("0", "0"),
        ("65535", "65535"),
        ("1-4", "1-4"),
        ("1,2,3,4", "1-4"),
        ("4,3,2,1", "1-4"),
        ("1-4,2-6", "1-6"),
        ("8001-8100,7005", "7005,8001-8100"),
        ("7005, 8001 ,8101", "7005,8001,8101"),
        ("80,80,80-80", "80"),
        ("1,2", "1-2"),
        ("00080", "80"),
        ("0-65535", "0-65535"),
        ("80,", "80"),
        ("80\n", "80"),
    ],
)
def test_set_is_rendered_as_the_kernel_prints_it(text: str, normal: str) -> None:
    ports = port_set.parse(text)
    assert port_set.render(ports) == normal
    assert port_set.parse(normal) == ports


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("65536", "outside the ports 0 to 65535"),
        ("1-65536", "outside"),
        ("99999", "outside"),
        ("100000", "'100000' is neither a port"),
        ("9-8", "reversed"),
        ("8001 - 8100", "'8001 - 8100' is neither a port"),
        ("80 443", "'80 443' is neither a port"),
        ("80;443", "neither a port"),
        ("-80", "neither a port"),
        ("80-", "neither a port"),
        ("1-2-3", "neither a port"),
        ("http", "'http' is neither a port"),
        ("80,http,443", "'http' is neither a port"),
        ("0x50", "neither a port"),
        ("8O", "neither a port"),
        ("٨٠", "neither a port"),
        ("80 # web", "neither a port"),
    ],
)
def test_invalid_item_is_named(text: str, message: str) -> None:
    with pytest.raises(MalformedInput) as refused:
        port_set.parse(text)
    assert message in str(refused.value)
