# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whose kernel parameters below net.* are meant: those of this process's network namespace, or of another's.

/proc/sys/net shows the namespace of the task that opens it (fs/proc/proc_sysctl.c, sysctl_is_seen() and net_ctl_root of
net/sysctl_net.c), so that another one's files can only be reached from inside it.
"""

from __future__ import annotations

from ..._host.netlink import OwnNamespace


class Network:
    """The network namespace this process is in. process: whose directory below /proc shows it."""

    process = "self"
    is_other = False

    def __init__(self, namespace: OwnNamespace) -> None:
        self.namespace = namespace

    def check(self, *, persistent: bool) -> None:
        """Raise InvalidOption for what cannot be done there."""


HERE = Network(OwnNamespace())
