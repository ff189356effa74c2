# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The bounds of the catalogue, compared with those that kernels enforce (tests/fixtures/kernel_bounds.json)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Iterator

from ansible_collections.nettune.tcp.plugins.module_utils._parameters import catalogue
from ansible_collections.nettune.tcp.plugins.module_utils._parameters.row import Parameter

FIXTURE = json.loads((Path(__file__).resolve().parents[4] / "fixtures" / "kernel_bounds.json").read_text("utf-8"))
# The kernels were not asked for more.
HIGHEST_TRIED = 2**64 - 2
# Rows that allow more than the kernels of the fixture did, because a bound depends on the host.
ON_THE_HOST = {
    "fs.pipe-max-size": "the value is rounded to a power of two, so it did not read back",
    "kernel.sem": "the bound is that of the fourth number",
    "net.core.netdev_budget_usecs": "two ticks, which are 8000 at CONFIG_HZ=250 and 2000 at 1000",
    "net.ipv4.ip_local_port_range": "the range must be above ip_unprivileged_port_start",
    "net.ipv4.ip_unprivileged_port_start": "the start must be below ip_local_port_range",
    "net.ipv4.ipfrag_high_thresh": "it must be above ipfrag_low_thresh",
    "net.ipv4.ipfrag_low_thresh": "it must be below ipfrag_high_thresh",
    "net.ipv4.neigh.default.unres_qlen": "it is a number of packets, stored as bytes",
    "net.ipv4.tcp_reordering": "it must be at most tcp_max_reordering",
    "net.ipv6.ip6frag_high_thresh": "it must be above ip6frag_low_thresh",
    "net.ipv6.ip6frag_low_thresh": "it must be below ip6frag_high_thresh",
    "net.ipv6.neigh.default.unres_qlen": "it is a number of packets, stored as bytes",
    "net.netfilter.nf_conntrack_frag6_high_thresh": "it must be above nf_conntrack_frag6_low_thresh",
    "net.netfilter.nf_conntrack_frag6_low_thresh": "it must be below nf_conntrack_frag6_high_thresh",
}
# Not in the kernel that was asked, although its version has it.
NOT_BUILT_IN = {"net.mptcp.enabled", "net.netfilter.nf_conntrack_frag6_high_thresh"}


def measured() -> Iterator[tuple[str, Parameter, tuple[int, int] | None]]:
    """Yield (kernel, row on that kernel, the bounds it enforces, or None if it does not have the parameter)."""
    for name, per_kernel in FIXTURE["bounds"].items():
        for kernel, bounds in zip(FIXTURE["kernels"], per_kernel * (4 // len(per_kernel))):
            row = catalogue.find(name)
            assert row is not None, name
            yield kernel, row.on(kernel), bounds and (bounds[0], bounds[1])


def allowed(row: Parameter) -> tuple[int, int]:
    return row.low, min(row.high, HIGHEST_TRIED)


def sure(row: Parameter) -> tuple[int, int]:
    return row.sure or allowed(row)


def test_no_row_refuses_what_its_kernel_accepts():
    narrower = [
        (kernel, row.name, allowed(row), bounds)
        for kernel, row, bounds in measured()
        if bounds and not (allowed(row)[0] <= bounds[0] and bounds[1] <= allowed(row)[1])
    ]
    assert narrower == []


def test_no_row_is_sure_of_what_its_kernel_refuses():
    wider = [
        (kernel, row.name, sure(row), bounds)
        for kernel, row, bounds in measured()
        if bounds and row.name not in ON_THE_HOST and not (bounds[0] <= sure(row)[0] and sure(row)[1] <= bounds[1])
    ]
    assert wider == []


def test_each_exception_is_still_needed():
    wider = {row.name for _kernel, row, bounds in measured() if bounds and allowed(row) != bounds}
    assert set(ON_THE_HOST) - wider == set()


def test_rows_say_which_kernels_have_the_parameter():
    wrong = [
        (kernel, row.name)
        for kernel, row, bounds in measured()
        if row.name not in NOT_BUILT_IN and not row.removed and (bounds is None) != may_be_missing(row, kernel)
    ]
    assert wrong == []


def may_be_missing(row: Parameter, kernel: str) -> bool:
    return row.is_missing_on(kernel) and not row.is_in_stable(kernel)
