# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Work out TCP facts on the controller from what tcp_facts_fast recorded on the host.

The code that gathers facts on a host runs here, on a stand-in for the host's files and sockets.
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
from ansible_collections.nettune.tcp.plugins.module_utils._tcp.host.facts import TcpHost
from ansible_collections.nettune.tcp.plugins.module_utils._tcp.subsets import files_of, states_of

# The counters that are read before and after a dump.
_COUNTERS = [f"/proc/self/net/{name}" for name in ("sockstat", "sockstat6", "snmp")]
# Some 500 listeners; if there are more, tcp_facts selects those with the fullest queues on the host.
_MOST_BYTES = 1 << 16
# MAX_ERRNO of include/linux/err.h.
_ERRNOS = range(1, 4096)
_MALFORMED = (LookupError, TypeError, ValueError, OSError, struct.error, NettuneError)


class NotRecorded(Exception):
    """The facts need something that was not recorded; tcp_facts has to run on the host."""


def options_for(subset: set[str]) -> dict[str, Any]:
    """Return the options of tcp_facts_fast for subsets that are all in subsets.FAST."""
    counters = _counters(subset)
    return {
        "before": counters,
        "dumps": [
            {"request": dump_request(states).hex(), "least": BASE_LENGTH, "keep": keep}
            for states, keep in _dumps(subset)
        ],
        "after": list(dict.fromkeys([*counters, *files_of(subset)])),
    }


def facts_of(recording: dict[str, Any], subset: set[str], *, top: int) -> dict[str, Any]:
    """Return the facts of tcp_facts for `subset` and `top`. Raises NotRecorded."""
    host = RecordedHost(recording, subset)
    tcp = TcpHost(host, OwnNamespace(), sock_diag=host, release=host.release)
    return tcp.gather(subset, source="auto", top=top)


def _counters(subset: set[str]) -> list[str]:
    states, walked = states_of(subset)
    return _COUNTERS if states != walked else []


def _dumps(subset: set[str]) -> list[tuple[int, int]]:
    """Return the dumps that make up one walk: masks of states, and how many bytes of messages to keep."""
    walked = states_of(subset)[1]
    listening = 1 << LISTEN if "listeners" in subset else 0
    return [(mask, keep) for mask, keep in ((listening, _MOST_BYTES), (walked & ~listening, 0)) if mask]


class RecordedHost(ProcFS):
    """Stands in for the /proc, /sys and sock_diag of a host. The sockets can be walked only once.

    `recording` is the result of tcp_facts_fast with options_for(`subset`). Raises NotRecorded if it is malformed, and
    in any method if something was not recorded.
    """

    def __init__(self, recording: dict[str, Any], subset: set[str]) -> None:
        super().__init__()
        try:
            self.release = str(recording["release"])
            self._after = dict(recording["after"])
            self._files = {**self._after, **{path: recording["before"][path] for path in _counters(subset)}}
            self._dumps = list(zip(_dumps(subset), recording["dumps"]))
        except (LookupError, TypeError, ValueError) as error:
            raise NotRecorded("anything at all") from error
        self._states = sum(mask for (mask, _keep), _dump in self._dumps)

    def read(self, path: str) -> str | None:
        """Return the text of a file before the walk or after it; raise the OSError that the host had."""
        found = self._files.get(path, NotRecorded)
        if isinstance(found, int) and found in _ERRNOS:
            raise OSError(found, os.strerror(found), path)
        if found is None or isinstance(found, str):
            return found
        raise NotRecorded(path)

    def walk(self, states: int, collectors: list) -> list[list]:
        """Return the rows of the dumped sockets, and feed the messages that were kept to the collectors."""
        dumps, self._dumps = self._dumps, []
        if not dumps or states != self._states:
            raise NotRecorded(f"sockets of the states in {states:#x}")
        self._files = self._after
        try:
            for (mask, keep), dump in dumps:
                if keep:
                    _feed(bytes.fromhex(dump["kept"]), mask, collectors)
            return [row for _part, dump in dumps for row in _rows(dump)]
        except _MALFORMED as error:
            raise NotRecorded("a dump") from error

    def net_pieces(self, name: str) -> Any:
        """Raise NotRecorded: the socket tables are too large to record."""
        raise NotRecorded(name)


def _rows(dump: dict[str, Any]) -> list[list]:
    return sockets(
        (bytes.fromhex(message), [(head, operator.index(number)) for head, number in numbers])
        for message, numbers in dump["by_length"]
    )


def _feed(messages: bytes, states: int, collectors: list) -> None:
    offsets = Tally(dump_request(states), least=BASE_LENGTH).locate(memoryview(messages))
    feed(messages, offsets, collectors)
