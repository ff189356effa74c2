# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""TCP facts worked out on the controller, from what a small module has read on the host.

It is done by the code that does it on a host: what was read stands for the host's files and sockets.
"""

from __future__ import annotations

import os
from typing import Any

from ansible_collections.nettune.tcp.plugins.module_utils._edge.procfs import ProcFS
from ansible_collections.nettune.tcp.plugins.module_utils._edge.sock_diag import OwnNamespace
from ansible_collections.nettune.tcp.plugins.module_utils._edge.tcp_host import (
    TcpHost,
    derivable_of,
    listeners_limit,
    states_of,
)

_FRAME = ["/proc/self/net/sockstat", "/proc/self/net/sockstat6", "/proc/self/net/snmp"]
_WALKED = {"min", "families", "listeners"}
_FILES = {
    "counters": ["/proc/self/net/snmp", "/proc/self/net/netstat"],
    "memory": [
        "/proc/self/net/sockstat",
        *(f"/proc/sys/net/ipv4/tcp_{name}" for name in ("mem", "max_orphans", "max_tw_buckets")),
        "/sys/kernel/slab/tw_sock_TCP/slab_size",
    ],
    "conntrack": [f"/proc/sys/net/netfilter/nf_conntrack_{name}" for name in ("count", "max", "buckets")],
}
READABLE = _WALKED | set(_FILES)


class NotRead(Exception):
    """The facts take what was not read, or could not be: it needs a module that can look further."""


def wanted(subset: set[str], *, top: int) -> dict[str, Any]:
    """What the module tcp_reading is to read for subsets that are all READABLE: its options."""
    walked = bool(subset & _WALKED)
    derivable = derivable_of(subset)
    frame = _FRAME if derivable else []
    files = [path for name in sorted(subset & set(_FILES)) for path in _FILES[name]]
    return {
        "before": frame,
        "states": states_of(subset) & ~derivable if walked else 0,
        "listeners": listeners_limit(top) if "listeners" in subset else 0,
        "after": list(dict.fromkeys([*frame, *files])),
    }


def facts(reading: dict[str, Any], subset: set[str], *, top: int) -> dict[str, Any]:
    """The facts of tcp_facts for the same `subset` and `top`. Raises NotRead."""
    host = ReadHost(reading, states=wanted(subset, top=top)["states"])
    tcp = TcpHost(host, OwnNamespace(), sock_diag=host, release=reading["release"])
    return tcp.gather(subset, source="auto", top=top)


class ReadHost(ProcFS):
    """Stands for the /proc, /sys and sock_diag of a host, as far as they were read; a walk can be gone but once."""

    def __init__(self, reading: dict[str, Any], *, states: int) -> None:
        super().__init__()
        self._now = {**reading["after"], **reading["before"]}
        self._after = reading["after"]
        self._walk = reading["walk"]
        self._states = states

    def read(self, path: str) -> str | None:
        """The text of a file as it was at this point; None and OSError as the host would answer."""
        if path not in self._now:
            raise NotRead(path)
        found = self._now[path]
        if isinstance(found, int):
            raise OSError(found, os.strerror(found), path)
        return found

    def walk(self, states: int, collectors: list) -> list[list]:
        """The sockets walked past; what was collected on the way is handed to the collector of listeners."""
        walk, self._walk = self._walk, None
        if walk is None or states != self._states:
            raise NotRead(f"sockets of the states in {states:#x}")
        for collector in collectors:
            collector.recall(**walk["listeners"])
        self._now = self._after
        return walk["sockets"]

    def net_pieces(self, name: str) -> Any:
        """Tables of sockets are not read: they grow with their number."""
        raise NotRead(name)
