# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Count repeatedly while connections open and close, and compare each reading with the kernel's own counters.

churn_reader.py DIRECTORY SECONDS prints a JSON line for each reading: its source, and by how many sockets ESTABLISHED
and TIME_WAIT are outside the interval between the counters right before and right after. A reading from counters is
compared at the moment it reads them, a dump over its whole duration, in which bursts of TIME_WAIT may end unnoticed by
both readings of the counters.
"""

import json
import sys
import time

sys.path.insert(0, sys.argv[1])

from module_utils._host.netlink import OwnNamespace
from module_utils._host.procfs import ProcFS
from module_utils._tcp.host.facts import TcpHost


def counters():
    """Return CurrEstab and ActiveOpens of /proc/net/snmp, and tw of /proc/net/sockstat."""
    with open("/proc/net/sockstat") as stream:
        words = next(line for line in stream if line.startswith("TCP:")).split()
    with open("/proc/net/snmp") as stream:
        names, numbers = [line.split() for line in stream if line.startswith("Tcp:")]
    row = dict(zip(names, numbers))
    return int(row["CurrEstab"]), int(row["ActiveOpens"]), int(words[words.index("tw") + 1])


class CountersAround(ProcFS):
    """Notes the counters right before and after a reading reads them (sockstat first, snmp last)."""

    then = now = ()

    def read_net(self, name):
        """Read a file, and the counters before or after it."""
        if name == "sockstat":
            self.then = counters()
        text = super().read_net(name)
        if name == "snmp":
            self.now = counters()
        return text


def outside(value, before, after):
    """Return how far a value is outside the interval between two others."""
    return value - min(max(value, min(before, after)), max(before, after))


began, opened = time.monotonic(), counters()[1]
while time.monotonic() - began < float(sys.argv[2]):
    for source in ("auto", "auto", "auto", "auto", "exact"):
        procfs, then = CountersAround(), counters()
        facts = TcpHost(procfs, OwnNamespace()).gather({"min"}, source=source, top=1)
        now = counters()
        if facts["source"] == "counters+netlink":
            then, now = procfs.then, procfs.now
        states = facts["states"]
        # Since Linux 6.10 CurrEstab includes CLOSE_WAIT; tw includes orphans in FIN_WAIT2.
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
