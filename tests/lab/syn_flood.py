# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Asks a server for connections in the name of 254 addresses that know nothing of it (raw(7)), until its input ends.

python3 tests/lab/syn_flood.py 10.77.0.1 80 203.0.113.0 --per-second 100
"""

from __future__ import annotations

import argparse
import ipaddress
import itertools
import select
import socket
import sys
import time

from silent_peer import SYN, Connection, packet


def main() -> None:
    """One SYN after the other."""
    parser = argparse.ArgumentParser(description="SYNs from addresses that do not answer.")
    parser.add_argument("address")
    parser.add_argument("port", type=int)
    parser.add_argument("net", help="the first address of a /24, in whose name it is asked")
    parser.add_argument("--per-second", type=float, default=100)
    options = parser.parse_args()
    users = [str(address) for address in ipaddress.ip_network(f"{options.net}/24").hosts()]
    with socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW) as mouth:
        began = time.monotonic()
        for number in itertools.count():
            user, port = users[number % len(users)], 1024 + number // len(users) % 60000
            request = Connection(socket.AF_INET, options.address, options.port, user, port, 0)
            mouth.sendto(packet(request, SYN), (options.address, 0))
            due = began + (number + 1) / options.per_second
            if select.select([sys.stdin], [], [], max(0, due - time.monotonic()))[0]:
                return


if __name__ == "__main__":
    main()
