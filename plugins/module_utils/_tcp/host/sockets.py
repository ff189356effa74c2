# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The sockets of a host, counted in one of three ways, which answer alike at different prices.

counters+netlink: a walk past the rare states, the others derived, and proved against a counter of their own;
netlink: every socket dumped; procfs: the rows of /proc/net/tcp{,6}.
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
_OLD_KERNEL = "before Linux 4.10 the counter of time-wait sockets is that of the whole machine"


class _NoCounters(Exception):
    """The counters cannot be had; says why."""


class TcpSockets:
    """Walks the sockets once, feeding collectors on the way; `source` and `why` tell how it was done in the end."""

    def __init__(self, procfs: ProcFS, sock_diag: SockDiag, *, release: str | None = None) -> None:
        self._procfs = procfs
        self._sock_diag = sock_diag
        self._release = release or os.uname().release
        self.source = ""
        self.why = ""

    def count(self, *, source: str, states: int, derivable: int, collectors: Callable[[], list]) -> Sockets:
        """The sockets of the states in the mask `states`; those walked to are shown to collectors.

        With `source` auto the states in the mask `derivable` may come from counters, unseen by any collector.
        `collectors` makes new ones for each attempt. Raises NettuneError where a forced way cannot be gone.
        """
        self.why = ""
        if source == "procfs":
            return self._rows(collectors())
        try:
            proved = self._proved(states & ~derivable, collectors) if source == "auto" and derivable else None
            return proved or self._dump(states, collectors())
        except (OSError, NettuneError) as error:
            refusal = f"netlink cannot be had: {reason(error)}"
            if source == "exact":
                raise NettuneError(f"source 'exact' was asked for, but {refusal}") from error
            self.why = refusal
            return self._rows(collectors())

    def _proved(self, states: int, collectors: Callable[[], list]) -> Sockets | None:
        """Derived numbers that agree with CurrEstab, or None where they do not, also at a second reading."""
        self.source = "counters+netlink"
        if not counts_by_namespace(self._release):
            self.why = _OLD_KERNEL
            return None
        try:
            for _reading in range(_READINGS):
                before = self._counters()
                walked = self._sock_diag.walk(states, collectors())
                after = self._counters()
                sockets = derived(walked, after, time_wait=bool(states >> tcp_state.TIME_WAIT & 1))
                self.why = disagreement(sockets, before, after) or ""
                if not self.why:
                    return sockets
        except _NoCounters as error:
            self.why = str(error)
        return None

    def _counters(self) -> Counters:
        try:
            sockstat, sockstat6, snmp = map(self._procfs.read_net, ("sockstat", "sockstat6", "snmp"))
            return counters_of(
                parse_sockstat(sockstat or ""), parse_sockstat(sockstat6 or ""), parse_section(snmp or "", "Tcp")
            )
        except (OSError, MalformedInput) as error:
            raise _NoCounters(f"the counters cannot be had: {reason(error)}") from error

    def _dump(self, states: int, collectors: list) -> Sockets:
        self.source = "netlink"
        return counted(self._sock_diag.walk(states, collectors))

    def _rows(self, collectors: list) -> Sockets:
        self.source = "procfs"
        by_family = {
            AF_INET: self._table("tcp", AF_INET, collectors),
            AF_INET6: self._table("tcp6", AF_INET6, collectors),
        }
        return Sockets(by_family)

    def _table(self, name: str, family: int, collectors: list) -> list[int]:
        """Counts of one table; none where there is no such table, but TCP itself must have one."""
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
                raise NettuneError("there is no /proc/net/tcp: is /proc mounted, and has this kernel TCP?") from None
        return counts
