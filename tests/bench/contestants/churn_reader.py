# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Counts again and again while connections come and go, and holds each answer against the kernel's own counters.

churn_reader.py DIRECTORY SECONDS prints a JSON line for each reading: its way, and by how many sockets ESTABLISHED and
TIME_WAIT differ from what the counters say right after it. The other states are of those who open and close.
"""

import json
import sys
import time

sys.path.insert(0, sys.argv[1])

from module_utils._edge.tcp_host import open_host  # noqa: E402  # the path comes first


def fields(path, start):
    """{name: number} of a line of names and numbers."""
    with open(path) as stream:
        line = next(line for line in stream if line.startswith(start)).split()
    return dict(zip(line[1::2], map(int, line[2::2])))


def current():
    """CurrEstab of /proc/net/snmp, whose two lines begin alike."""
    with open("/proc/net/snmp") as stream:
        names, numbers = [line.split() for line in stream if line.startswith("Tcp:")]
    row = dict(zip(names, numbers))
    return int(row["CurrEstab"]), int(row["ActiveOpens"])


began, (_, opened) = time.monotonic(), current()
while time.monotonic() - began < float(sys.argv[2]):
    for source in ("auto", "exact"):
        facts = open_host(None).gather({"min"}, source=source, top=1)
        waiting = fields("/proc/net/sockstat", "TCP:")["tw"]
        established, opens = current()
        states = facts["states"]
        row = {
            "asked": source,
            "source": facts["source"],
            "opens_a_second": (opens - opened) / (time.monotonic() - began),
            "sockets": facts["total"],
            # Since Linux 6.10 CurrEstab has CLOSE_WAIT in it; what is time-waiting in FIN_WAIT2 is in tw.
            "established": min((states["ESTABLISHED"] + n - established for n in (0, states["CLOSE_WAIT"])), key=abs),
            "time_wait": states["TIME_WAIT"] + states["FIN_WAIT2"] - waiting,
        }
        print(json.dumps(row), flush=True)
    time.sleep(0.1)
