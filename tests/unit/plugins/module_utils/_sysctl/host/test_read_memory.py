# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import os
from pathlib import Path

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._formats.meminfo import HostMemory
from ansible_collections.nettune.tcp.plugins.module_utils._host.files import HostFiles
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.host import read

PAGE = os.sysconf("SC_PAGE_SIZE")
MEMINFO = "MemTotal:       1000 kB\nMemFree:        1 kB\n"
UNIFIED, LEGACY = "sys/fs/cgroup/memory.max", "sys/fs/cgroup/memory/memory.limit_in_bytes"


@pytest.mark.parametrize(
    ("files", "memory"),
    [
        ({}, HostMemory()),
        ({"proc/meminfo": "nonsense"}, HostMemory()),
        ({"proc/meminfo": MEMINFO}, HostMemory(1024000, None, PAGE)),
        ({"proc/meminfo": MEMINFO, UNIFIED: "max\n"}, HostMemory(1024000, None, PAGE)),
        ({"proc/meminfo": MEMINFO, UNIFIED: "4096\n"}, HostMemory(1024000, 4096, PAGE)),
        ({"proc/meminfo": MEMINFO, LEGACY: "8192\n"}, HostMemory(1024000, 8192, PAGE)),
        ({"proc/meminfo": MEMINFO, UNIFIED: "4096\n", LEGACY: "8192\n"}, HostMemory(1024000, 4096, PAGE)),
        ({UNIFIED: "4096\n"}, HostMemory()),
    ],
)
def test_memory_of_a_host(tmp_path: Path, files: dict[str, str], memory: HostMemory) -> None:
    for path, text in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    assert read.host_memory(HostFiles(str(tmp_path))) == memory


def test_memory_of_this_machine() -> None:
    assert read.host_memory(HostFiles()).usable > 2**20
