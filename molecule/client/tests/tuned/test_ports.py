# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the profile is for: a client that closes its connections itself does not wait a minute for their ports."""

from __future__ import annotations

from testinfra.host import Host


def test_connections_take_over_ports_in_time_wait(host: Host) -> None:
    names, values = host.check_output("grep '^TcpExt:' /proc/net/netstat").splitlines()
    counters = dict(zip(names.split(), values.split()))
    assert int(counters["TWRecycled"]) > 0
