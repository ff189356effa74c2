# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Count the sockets of a host in one of three ways, which give the same numbers at different costs.

counters+netlink: dump the rare states, compute the others from counters and check them against another counter;
netlink: dump every socket; procfs: read the rows of /proc/net/tcp and tcp6.
"""

from __future__ import annotations

import os
from collections.abc import Callable

from ..._common.errors import MalformedInput, NettuneError
from ..._formats import tcp_state
from ..._formats.inet_diag import AF_INET, AF_INET6, BASE_LENGTH
from ..._formats.proc_net import parse_section, parse_sockstat
from ..._formats.proc_net_tcp import as_messages, blocks, count_states
from ..._host.procfs import ProcFS, reason
from ..._host.sock_diag import SockDiag, feed
from ..counts import Counters, Sockets, counted, counters_of, counts_by_namespace, derived, disagreement

_READINGS = 2
_OLD_KERNEL = "before Linux 4.10 the counter of time-wait sockets is host-wide"


class _NoCounters(Exception):
    """The counters are not available; the message says why."""


class TcpSockets:
    """Counts sockets and feeds collectors. After count(), `source` is the way taken, `reason` why it is a slow one."""

    def __init__(self, procfs: ProcFS, sock_diag: SockDiag, *, release: str | None = None) -> None:
        self._procfs = procfs
        self._sock_diag = sock_diag
        self._release = release or os.uname().release
        self.source = ""
        self.reason = ""

    def count(self, *, source: str, states: int, walked: int, collectors: Callable[[], list]) -> Sockets:
        """Return the numbers of sockets whose state is in the mask `states`.

        Sockets of the states in `walked`, a part of `states`, are passed to the collectors. If `source` is auto, the
        numbers of the other states may come from counters. `collectors` makes new ones for each attempt. Raises
        NettuneError if `source` asks for a way that is not available.
        """
        self.reason = ""
        if source == "procfs":
            return self._from_proc(collectors())
        try:
            proved = self._from_counters(walked, collectors) if source == "auto" and walked != states else None
            return proved or self._dump(states, collectors())
        except (OSError, NettuneError) as error:
            refusal = f"netlink is not available: {reason(error)}"
            if source == "exact":
                raise NettuneError(f"source is exact, but {refusal}") from error
            self.reason = refusal
            return self._from_proc(collectors())

    def _from_counters(self, walked: int, collectors: Callable[[], list]) -> Sockets | None:
        """Return derived numbers that agree with CurrEstab, or None if two attempts do not give any."""
        self.source = "counters+netlink"
        if not counts_by_namespace(self._release):
            self.reason = _OLD_KERNEL
            return None
        try:
            for _reading in range(_READINGS):
                before = self._counters()
                rows = self._sock_diag.walk(walked, collectors())
                after = self._counters()
                sockets = derived(rows, after, time_wait=bool(walked >> tcp_state.TIME_WAIT & 1))
                self.reason = disagreement(sockets, before, after) or ""
                if not self.reason:
                    return sockets
        except _NoCounters as error:
            self.reason = str(error)
        return None

    def _counters(self) -> Counters:
        try:
            sockstat, sockstat6, snmp = map(self._procfs.read_net, ("sockstat", "sockstat6", "snmp"))
            return counters_of(
                parse_sockstat(sockstat or ""), parse_sockstat(sockstat6 or ""), parse_section(snmp or "", "Tcp")
            )
        except (OSError, MalformedInput) as error:
            raise _NoCounters(f"the counters are not available: {reason(error)}") from error

    def _dump(self, states: int, collectors: list) -> Sockets:
        self.source = "netlink"
        return counted(self._sock_diag.walk(states, collectors))

    def _from_proc(self, collectors: list) -> Sockets:
        self.source = "procfs"
        by_family = {
            AF_INET: self._table("tcp", AF_INET, collectors),
            AF_INET6: self._table("tcp6", AF_INET6, collectors),
        }
        return Sockets(by_family)

    def _table(self, name: str, family: int, collectors: list) -> list[int]:
        """Return the numbers of one table by state. A host without IPv6 has no tcp6; tcp is required."""
        counts = [0] * tcp_state.NUMBERS.stop
        for collector in collectors:
            collector.over = False
        try:
            for first_line, block in blocks(self._procfs.net_pieces(name)):
                count_states(block, first_line=first_line, counts=counts)
                if not all(collector.over for collector in collectors):
                    messages = as_messages(block, first_line=first_line, family=family)
                    feed(messages, range(0, len(messages), BASE_LENGTH), collectors)
        except FileNotFoundError:
            if family == AF_INET:
                raise NettuneError("/proc/net/tcp does not exist; check that /proc is mounted") from None
        return counts
