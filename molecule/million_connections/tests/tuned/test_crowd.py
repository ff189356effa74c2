# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the profile is for: the server takes more connections than the 1024 descriptors it was started with."""

from __future__ import annotations

import pytest
from testinfra.host import Host

# Opens connections, speaks over each, and says how many answered.
_CROWD = """
import resource, socket
most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
held = [socket.create_connection(("127.0.0.1", 8000), timeout=10) for _ in range(2000)]
for one in held:
    one.sendall(b"hello\\n")
print(sum(one.recv(6) == b"hello\\n" for one in held))
"""


def test_the_server_holds_more_than_it_could_before(host: Host, ceiling: int) -> None:
    if ceiling < 3000:
        pytest.skip(f"this machine grants no more than {ceiling} descriptors")
    assert host.check_output("python3 -c %s", _CROWD) == "2000"


def test_its_peer_holds_its_connections_all_the_while(host: Host) -> None:
    held = host.check_output("grep -c ':1F40 .* 01 ' /proc/net/tcp")
    assert int(held) >= 500


def test_what_belongs_to_the_machine_has_no_line(host: Host) -> None:
    text = host.file("/etc/sysctl.d/99-zz-nettune-million_connections.conf").content_string
    assert not [line for line in text.splitlines() if line.startswith(("fs.", "net.ipv4.tcp_mem", "net.netfilter"))]
    assert not host.file("/etc/modules-load.d/99-zz-nettune-million_connections.conf").exists
