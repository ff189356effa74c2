# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Counts again and again while connections come and go, and holds each answer against the kernel's own counters.

churn_reader.py DIRECTORY SECONDS prints a JSON line for each reading: its way, and by how many sockets ESTABLISHED and
TIME_WAIT lie outside of what the counters said right before and right after what the reading is of: the moment of its
last look at the counters, or where it takes none all of its time. TIME_WAIT goes up and, in bursts, down, so over a
longer time the counters at both ends do not bound what they were in between. Other states are those of connections
that open and close.
"""

import json
import sys
import time

sys.path.insert(0, sys.argv[1])

from module_utils._host.netlink import OwnNamespace  # noqa: E402
from module_utils._host.procfs import ProcFS  # noqa: E402  # the path comes first
from module_utils._tcp.host.facts import TcpHost  # noqa: E402


def counters():
    """CurrEstab and ActiveOpens of /proc/net/snmp, and tw of /proc/net/sockstat."""
    with open("/proc/net/sockstat") as stream:
        words = next(line for line in stream if line.startswith("TCP:")).split()
    with open("/proc/net/snmp") as stream:
        names, numbers = [line.split() for line in stream if line.startswith("Tcp:")]
    row = dict(zip(names, numbers))
    return int(row["CurrEstab"]), int(row["ActiveOpens"]), int(words[words.index("tw") + 1])


class Framed(ProcFS):
    """Takes the counters itself, before and after each look that a reading takes at them: sockstat first, snmp last."""

    then = now = ()

    def read_net(self, name):
        """Read on between the two."""
        if name == "sockstat":
            self.then = counters()
        text = super().read_net(name)
        if name == "snmp":
            self.now = counters()
        return text


def outside(value, before, after):
    """How far a value lies outside of two others."""
    return value - min(max(value, min(before, after)), max(before, after))


began, opened = time.monotonic(), counters()[1]
while time.monotonic() - began < float(sys.argv[2]):
    for source in ("auto", "auto", "auto", "auto", "exact"):
        procfs, then = Framed(), counters()
        facts = TcpHost(procfs, OwnNamespace()).gather({"min"}, source=source, top=1)
        now = counters()
        if facts["source"] == "counters+netlink":
            then, now = procfs.then, procfs.now
        states = facts["states"]
        # Since Linux 6.10 CurrEstab has CLOSE_WAIT in it; what is time-waiting in FIN_WAIT2 is in tw.
        established = [states["ESTABLISHED"], states["ESTABLISHED"] + states["CLOSE_WAIT"]]
        row = {
            "asked": source,
            "source": facts["source"],
            "opens_a_second": (now[1] - opened) / (time.monotonic() - began),
            "sockets": facts["total"],
            "established": min((outside(number, then[0], now[0]) for number in established), key=abs),
            "time_wait": outside(states["TIME_WAIT"] + states["FIN_WAIT2"], then[2], now[2]),
        }
        print(json.dumps(row), flush=True)
        time.sleep(0.05)
