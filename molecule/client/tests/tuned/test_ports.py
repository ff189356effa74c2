# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The purpose of the profile: a client that closes first need not wait a minute for its ports."""

from __future__ import annotations

from testinfra.host import Host


def test_ports_in_time_wait_are_used_again(host: Host) -> None:
    names, values = host.check_output("grep '^TcpExt:' /proc/net/netstat").splitlines()
    counters = dict(zip(names.split(), values.split()))
    assert int(counters["TWRecycled"]) > 0
