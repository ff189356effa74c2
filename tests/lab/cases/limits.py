# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Something runs out: descriptors, files, tracked connections, memory.

What belongs to the whole machine is not touched: in its place there is a private file of the host's, which nobody but
those who read it there believe. The counts that are held against it are the kernel's own.
"""

from __future__ import annotations

import os
import shutil
from typing import Any

from case import PORT, Between, Case, connect

_APP = 8080
_SOFT = 400
_HOARDERS, _HOARD = 8, 15000
_PLENTY = str(2**63 - 1)
_CONNTRACK = "/proc/sys/net/netfilter/nf_conntrack_count"


class Emfile(Case):
    """A process has nearly as many descriptors as it may have."""

    finding = "emfile"
    cured_by = "a higher limit for the process"

    def begin(self) -> None:
        super().begin()
        self.app = self.puppet(self.host)
        self.app.tell("limit", soft=_SOFT)
        self.app.tell("serve", port=_APP, manner="answer", into="served")

    def sicken(self) -> None:
        connect(self.clients, self, {"": 100}, port=_APP)
        self.app.tell("open", number=_SOFT - 10)

    def figures(self) -> dict[str, Any]:
        return {"pid": self.app.pid, "descriptors": _SOFT - 10, "nofile": _SOFT}

    def mend(self) -> None:
        self.app.tell("limit", soft=4096)


class Enfile(Case):
    """Processes hoard open files, until there are nearly as many as the machine may have."""

    quick = False
    finding = "enfile"
    cured_by = "they are ended; the limit is a private stand-in here, as fs.file-max belongs to the whole machine"
    fakes = {"fs.file-max": _PLENTY}

    def sicken(self) -> None:
        self.hoarders = [self.puppet(self.host) for _process in range(_HOARDERS)]
        for hoarder in self.hoarders:
            hoarder.tell("limit", soft=_HOARD * 4 // 3)
            hoarder.tell("open", number=_HOARD)
        self.allocated = int(self.host.run("cat", "/proc/sys/fs/file-nr").stdout.split()[0])
        self.most = self.allocated * 100 // 95
        self.set("fs.file-max", str(self.most))

    def figures(self) -> dict[str, Any]:
        # What others open on this machine meanwhile is counted too.
        return {"allocated": Between(self.allocated * 0.75, self.allocated * 1.25), "file_max": self.most}

    def mend(self) -> None:
        for hoarder in self.hoarders:
            self.dismiss(hoarder)


class Conntrack(Case):
    """The table of tracked connections is nearly full, and will drop packets of new ones."""

    finding = "conntrack"
    cured_by = (
        "a higher nf_conntrack_max; here it is a private stand-in, as the kernel's own belongs to the whole machine"
    )
    fakes = {"net.netfilter.nf_conntrack_max": "262144"}

    @classmethod
    def why_not(cls) -> str:
        if not os.path.exists(_CONNTRACK):
            return "nf_conntrack is not loaded, and to load it would change the machine"
        if not shutil.which("iptables"):
            return "connections are tracked where a rule asks for it: apt-get install iptables"
        return ""

    def begin(self) -> None:
        self.host.run("iptables", "-A", "INPUT", "-m", "conntrack", "--ctstate", "INVALID")
        self.server, self.clients = self.puppet(self.host), self.puppet(self.peer)
        self.server.tell("serve", port=PORT, manner="answer")
        # Nobody comes and goes, whose entries would go some time after.
        connect(self.clients, self, {"": 20})

    def sicken(self) -> None:
        connect(self.clients, self, {"": 300})
        self.tracked = int(self.host.run("cat", _CONNTRACK).stdout)
        self.most = self.tracked * 100 // 96
        self.set("net.netfilter.nf_conntrack_max", str(self.most))

    def figures(self) -> dict[str, Any]:
        return {"count": self.tracked, "max": self.most}

    def mend(self) -> None:
        self.set("net.netfilter.nf_conntrack_max", "262144")


class TcpMemory(Case):
    """TCP holds nearly as much memory as it may."""

    finding = "tcp_memory"

    @classmethod
    def why_not(cls) -> str:
        return "tcp_mem and what it limits belong to the whole machine: every connection of it would suffer"
