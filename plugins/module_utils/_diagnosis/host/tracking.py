# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The counters of packets that connection tracking refuses, from /proc or from ctnetlink.

Kernels without CONFIG_NF_CONNTRACK_PROCFS, such as Ubuntu's, have no /proc/net/stat/nf_conntrack. There the kernel
loads its module nf_conntrack_netlink for the answer, as it loads tcp_diag for a dump of sockets.
"""

from __future__ import annotations

from ..._common.errors import MalformedInput
from ..._formats.ctnetlink import STATS_REQUEST, Stats
from ..._formats.proc_net import parse_stat
from ..._host.netlink_answer import NETLINK_NETFILTER, receive
from ..._host.procfs import reason
from ..._tcp.host.facts import TcpHost

_COUNT = "net.netfilter.nf_conntrack_count"
_NAMES = ("drop", "early_drop", "insert_failed")


class Tracking:
    """Reads the counters. `missing` is the reason why there are none, "" if there are or nothing is tracked."""

    def __init__(self, host: TcpHost) -> None:
        self._host = host
        self.missing = ""

    def counts(self) -> dict[str, int]:
        """Return the counts since boot of packets that were refused; empty without connection tracking."""
        self.missing = ""
        try:
            text = self._host.read_net("stat/nf_conntrack")
            found = parse_stat(text) if text else self._from_netlink()
        except (OSError, MalformedInput) as error:
            self.missing = f"the drops of connection tracking are not available: {reason(error)}"
            return {}
        return {name: found[name] for name in _NAMES if name in found}

    def _from_netlink(self) -> dict[str, int]:
        """Return the counts of ctnetlink; empty without connection tracking. Raises OSError and MalformedInput."""
        if not self._host.sysctls([_COUNT]):
            return {}
        stats = Stats()
        receive(STATS_REQUEST, self._host.namespace, protocol=NETLINK_NETFILTER, into=stats)
        return stats.counts
