# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import MalformedInput
from ansible_collections.nettune.tcp.plugins.module_utils._formats import meminfo
from ansible_collections.nettune.tcp.plugins.module_utils._formats.meminfo import HostMemory

MEMINFO = "MemTotal:       24684092 kB\nMemFree:        15006492 kB\nMemAvailable:   21034352 kB\n"


def test_total() -> None:
    assert meminfo.total(MEMINFO) == 24684092 * 1024


@pytest.mark.parametrize(
    "text", ["", "MemFree: 1 kB\n", "MemTotal: kB\n", "MemTotal: 16 MB\n", "xMemTotal: 1 kB\n", "MemTotal: -1 kB\n"]
)
def test_text_without_memtotal_is_refused(text: str) -> None:
    with pytest.raises(MalformedInput, match="has no line such as 'MemTotal"):
        meminfo.total(text)


@pytest.mark.parametrize(
    ("text", "limit"), [("max\n", None), ("1073741824\n", 2**30), ("9223372036854771712\n", 9223372036854771712)]
)
def test_cgroup_limit(text: str, limit: int | None) -> None:
    assert meminfo.limit(text) == limit


@pytest.mark.parametrize("text", ["", "none", "-1", "1G", "1 2", "²"])
def test_invalid_limit_is_refused(text: str) -> None:
    with pytest.raises(MalformedInput, match="is not a cgroup memory limit"):
        meminfo.limit(text)


@pytest.mark.parametrize(
    ("memory", "usable"),
    [
        (HostMemory(), 0),
        (HostMemory(8), 8),
        (HostMemory(8, 4), 4),
        (HostMemory(8, 9223372036854771712), 8),
    ],
)
def test_usable_memory_is_the_lower_of_both(memory: HostMemory, usable: int) -> None:
    assert memory.usable == usable


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (0, "0 bytes"),
        (1023, "1023 bytes"),
        (1024, "1.0 KiB"),
        (12288000000, "11.4 GiB"),
        (2**41, "2.0 TiB"),
        (2**51, "2048.0 TiB"),
    ],
)
def test_size_for_people(size: int, text: str) -> None:
    assert meminfo.shown(size) == text
