# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""TCP facts worked out on the controller, from what a small module has read on the host.

It is done by the code that does it on a host: what was read stands for the host's files and sockets.
"""

from __future__ import annotations

import operator
import os
import struct
from typing import Any

from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import NettuneError
from ansible_collections.nettune.tcp.plugins.module_utils._formats.inet_diag import BASE_LENGTH, dump_request, sockets
from ansible_collections.nettune.tcp.plugins.module_utils._formats.tcp_state import LISTEN
from ansible_collections.nettune.tcp.plugins.module_utils._host.netlink import OwnNamespace, Tally
from ansible_collections.nettune.tcp.plugins.module_utils._host.procfs import ProcFS
from ansible_collections.nettune.tcp.plugins.module_utils._host.sock_diag import feed
from ansible_collections.nettune.tcp.plugins.module_utils._tcp.host.facts import TcpHost, derivable_of, states_of

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
# Some 500 listeners; where there are more, the host itself looks for the fullest.
_MOST_BYTES = 1 << 16
# MAX_ERRNO of include/linux/err.h.
_ERRNOS = range(1, 4096)
_NO_DUMP = (LookupError, TypeError, ValueError, OSError, struct.error, NettuneError)


class NotRead(Exception):
    """The facts take what was not read, or could not be: it needs a module that can look further."""


def wanted(subset: set[str]) -> dict[str, Any]:
    """What the module tcp_reading is to read for subsets that are all READABLE: its options."""
    frame = _frame(subset)
    files = [path for name in sorted(subset & set(_FILES)) for path in _FILES[name]]
    return {
        "before": frame,
        "dumps": [
            {"request": dump_request(states).hex(), "least": BASE_LENGTH, "keep": keep}
            for states, keep in _parts(subset)
        ],
        "after": list(dict.fromkeys([*frame, *files])),
    }


def facts(reading: dict[str, Any], subset: set[str], *, top: int) -> dict[str, Any]:
    """The facts of tcp_facts for the same `subset` and `top`. Raises NotRead."""
    host = ReadHost(reading, subset)
    tcp = TcpHost(host, OwnNamespace(), sock_diag=host, release=host.release)
    return tcp.gather(subset, source="auto", top=top)


def _frame(subset: set[str]) -> list[str]:
    """The files that are read before the walk and after it."""
    return _FRAME if derivable_of(subset) else []


def _parts(subset: set[str]) -> list[tuple[int, int]]:
    """The dumps that one walk is made of: masks of states, and up to how many bytes to keep their messages."""
    states = states_of(subset) & ~derivable_of(subset) if subset & _WALKED else 0
    listening = 1 << LISTEN if "listeners" in subset else 0
    return [(mask, keep) for mask, keep in ((listening, _MOST_BYTES), (states & ~listening, 0)) if mask]


class ReadHost(ProcFS):
    """Stands for the /proc, /sys and sock_diag of a host, as far as they were read; a walk can be gone but once.

    `reading` is one of what is wanted() for `subset`. Raises NotRead for any other, there or in what it does.
    """

    def __init__(self, reading: dict[str, Any], subset: set[str]) -> None:
        super().__init__()
        try:
            self.release = str(reading["release"])
            self._after = dict(reading["after"])
            self._now = {**self._after, **{path: reading["before"][path] for path in _frame(subset)}}
            self._dumps = list(zip(_parts(subset), reading["dumps"]))
        except (LookupError, TypeError, ValueError) as error:
            raise NotRead("anything at all") from error
        self._states = sum(mask for (mask, _keep), _dump in self._dumps)

    def read(self, path: str) -> str | None:
        """The text of a file as it was at this point; None and OSError as the host would answer."""
        found = self._now.get(path, NotRead)
        if isinstance(found, int) and found in _ERRNOS:
            raise OSError(found, os.strerror(found), path)
        if found is None or isinstance(found, str):
            return found
        raise NotRead(path)

    def walk(self, states: int, collectors: list) -> list[list]:
        """The sockets that were dumped, with the messages that were kept shown to the collectors."""
        dumps, self._dumps = self._dumps, []
        if not dumps or states != self._states:
            raise NotRead(f"sockets of the states in {states:#x}")
        self._now = self._after
        try:
            for (mask, keep), dump in dumps:
                if keep:
                    _show(bytes.fromhex(dump["kept"]), mask, collectors)
            return [row for _part, dump in dumps for row in _rows(dump)]
        except _NO_DUMP as error:
            raise NotRead("a dump") from error

    def net_pieces(self, name: str) -> Any:
        """Tables of sockets are not read: they grow with their number."""
        raise NotRead(name)


def _rows(dump: dict[str, Any]) -> list[list]:
    return sockets(
        (bytes.fromhex(message), [(head, operator.index(number)) for head, number in numbers])
        for message, numbers in dump["by_length"]
    )


def _show(messages: bytes, states: int, collectors: list) -> None:
    offsets = Tally(dump_request(states), least=BASE_LENGTH).locate(memoryview(messages))
    feed(messages, offsets, collectors)
