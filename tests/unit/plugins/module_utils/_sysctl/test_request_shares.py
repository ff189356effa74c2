# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import InvalidOption
from ansible_collections.nettune.tcp.plugins.module_utils._formats.meminfo import HostMemory
from ansible_collections.nettune.tcp.plugins.module_utils._parameters import catalogue
from ansible_collections.nettune.tcp.plugins.module_utils._parameters.row import Parameter
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl import request

GIB = 2**30
MEM = Parameter("net.ipv4.tcp_mem", "vector", 0, count=3)


@pytest.mark.parametrize(
    ("given", "memory", "pages"),
    [
        ([25, 33, 50], HostMemory(16 * GIB), [1048576, 1384120, 2097152]),
        ([25, 33, 50], HostMemory(16 * GIB, page=65536), [65536, 86507, 131072]),
        (["25", "33", "50"], HostMemory(16 * GIB), [1048576, 1384120, 2097152]),
        ([1, 1, 100], HostMemory(4096 * 100), [1, 1, 100]),
        # The parameter is host-wide, so the limit of a cgroup does not matter.
        ([50, 50, 50], HostMemory(16 * GIB, limit=GIB), [2097152] * 3),
    ],
)
def test_percentages_in_pages_of_the_host(given: Any, memory: HostMemory, pages: list[int]) -> None:
    assert request.pages(MEM, given, memory) == pages


@pytest.mark.parametrize(
    "given",
    [
        *([25, 33], [25, 33, 50, 60], 25, "25 33 50", [], None, {}),
        *([0, 33, 50], [25, 33, 101], [-1, 33, 50], [50, 33, 25], [25, 12.5, 50], [True, 33, 50], ["a", 33, 50]),
    ],
)
def test_invalid_shares_are_refused(given: Any) -> None:
    with pytest.raises(InvalidOption, match="it must be 3 whole percents from 1 to 100") as refused:
        request.pages(MEM, given, HostMemory(GIB))
    assert repr(given) in str(refused.value)


def test_share_needs_a_parameter_in_pages() -> None:
    with pytest.raises(InvalidOption, match=r"net.core.somaxconn: share_of_memory is only for net.ipv4.tcp_mem and"):
        request.pages(Parameter("net.core.somaxconn"), [1, 2, 3], HostMemory(GIB))


def test_share_of_unknown_memory() -> None:
    with pytest.raises(InvalidOption, match="could not be read"):
        request.pages(MEM, [25, 33, 50], HostMemory())


def test_parameters_in_pages_are_three_numbers() -> None:
    found = [catalogue.find(name) for name in request.IN_PAGES]
    assert [(one.kind, one.count) for one in found if one] == [("vector", 3)] * 2
