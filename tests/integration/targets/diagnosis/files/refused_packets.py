# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""refused_packets.py COLLECTIONS: let connection tracking refuse packets, and compare ctnetlink with /proc.

Four of five flows get an address and port that another flow has, which connection tracking refuses. Run it with
unshare(1) in a network namespace of its own. Prints the counts of both, or why there are none.
"""

from __future__ import annotations

import contextlib
import shutil
import socket
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, sys.argv[1])
from ansible_collections.nettune.tcp.plugins.module_utils._diagnosis.host.tracking import Tracking
from ansible_collections.nettune.tcp.plugins.module_utils._host.netlink import OwnNamespace
from ansible_collections.nettune.tcp.plugins.module_utils._host.procfs import ProcFS
from ansible_collections.nettune.tcp.plugins.module_utils._tcp.host.facts import TcpHost

STATS = "stat/nf_conntrack"
FLOWS = 5


class WithoutStats(TcpHost):
    """The host as a kernel without CONFIG_NF_CONNTRACK_PROCFS shows it."""

    def read_net(self, name: str) -> str | None:
        return None if name == STATS else super().read_net(name)


def refuse_packets() -> None:
    """Send a packet of each flow. All get the same source port, so only the first can be told from the others."""
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    rule = ["POSTROUTING", "-p", "udp", "-j", "SNAT", "--to-source", "127.0.0.1:5000"]
    subprocess.run(["iptables", "-t", "nat", "-A", *rule], check=True)
    for number in range(FLOWS):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as flow, contextlib.suppress(PermissionError):
            flow.bind(("127.0.0.1", 6000 + number))
            flow.sendto(b"x", ("127.0.0.2", 53))


def main() -> None:
    """Print `refused: N` if both agree."""
    if not shutil.which("iptables") or not Path(f"/proc/self/net/{STATS}").exists():
        print("cannot: iptables or /proc/net/stat/nf_conntrack is missing")
        return
    refuse_packets()
    by_proc, by_netlink = (Tracking(host(ProcFS(), OwnNamespace())) for host in (TcpHost, WithoutStats))
    expected, found = by_proc.counts(), by_netlink.counts()
    agree = expected == found and not by_netlink.missing
    print(
        f"refused: {found['insert_failed']}" if agree else f"/proc: {expected}, ctnetlink: {found} {by_netlink.missing}"
    )


if __name__ == "__main__":
    main()
