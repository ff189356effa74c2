# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._parameters import catalogue
from ansible_collections.nettune.tcp.plugins.module_utils._parameters.row import Parameter
from ansible_collections.nettune.tcp.plugins.module_utils._parameters.value import may_become

BUCKETS, PIPE, LIMIT = "net.netfilter.nf_conntrack_buckets", "fs.pipe-max-size", "net.ipv4.icmp_ratelimit"


@pytest.mark.parametrize(
    ("name", "written", "found", "is_same"),
    [
        (BUCKETS, "2000500", "2000896", True),
        (BUCKETS, "2000500", "2000897", False),
        (BUCKETS, "2000896", "2000500", False),
        (PIPE, "1000000", "1048576", True),
        (PIPE, "1000000", "2097152", False),
        (LIMIT, "1001", "1004", True),
        (LIMIT, "1001", "1011", False),
        (LIMIT, "1001", "1001", True),
        ("net.ipv4.neigh.default.locktime", "-1", "-0", False),
        ("net.ipv4.tcp_fin_timeout", "30", "31", False),
    ],
)
def test_values_that_the_kernel_makes_of_another(name: str, written: str, found: str, is_same: bool) -> None:
    assert may_become(catalogue.find(name) or Parameter(name), written, found) is is_same


def test_no_value_becomes_none() -> None:
    assert not may_become(Parameter(LIMIT, rounds=True), None, "4")
