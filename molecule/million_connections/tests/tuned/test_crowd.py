# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The purpose of the profile: the server holds more connections than its original limit of 1024 descriptors."""

from __future__ import annotations

import pytest
from testinfra.host import Host

# Opens connections, sends a line on each, and prints how many were echoed.
_CROWD = """
import resource, socket
most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
held = [socket.create_connection(("127.0.0.1", 8000), timeout=10) for _ in range(2000)]
for one in held:
    one.sendall(b"hello\\n")
print(sum(one.recv(6) == b"hello\\n" for one in held))
"""


def test_the_server_holds_more_connections_than_before(host: Host, ceiling: int) -> None:
    if ceiling < 3000:
        pytest.skip(f"the hard open-file limit of this machine is {ceiling}")
    assert host.check_output("python3 -c %s", _CROWD) == "2000"


def test_the_connections_of_the_peer_stay_open(host: Host) -> None:
    held = host.check_output("grep -c ':1F40 .* 01 ' /proc/net/tcp")
    assert int(held) >= 500


def test_host_wide_parameters_have_no_line(host: Host) -> None:
    text = host.file("/etc/sysctl.d/99-zz-nettune-million_connections.conf").content_string
    assert not [line for line in text.splitlines() if line.startswith(("fs.", "net.ipv4.tcp_mem", "net.netfilter"))]
    assert not host.file("/etc/modules-load.d/99-zz-nettune-million_connections.conf").exists
