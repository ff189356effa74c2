# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The kernel's TCP counters, and its limits: memory, orphans, time-wait sockets and tracked connections."""

from __future__ import annotations

from collections.abc import Callable

from ..._common.errors import MalformedInput
from ..._formats.proc_net import TCP, TCP_EXT, parse_section, parse_sockstat, select
from ..._host.netlink import OwnNamespace
from ..._host.procfs import ProcFS, reason


class TcpLimits:
    """Reads facts. A value that is not available is None, and a row {what, reason} is added to `partial`."""

    def __init__(self, procfs: ProcFS, namespace: OwnNamespace, partial: list[dict]) -> None:
        self._procfs = procfs
        self._namespace = namespace
        self._partial = partial

    def counters(self) -> dict:
        """Return {'Tcp': {name: count}, 'TcpExt': ...}, counted since the network namespace was created."""
        return {
            section: self._section(file, section, names)
            for section, file, names in (("Tcp", "snmp", TCP), ("TcpExt", "netstat", TCP_EXT))
        }

    def _section(self, file: str, section: str, names: list[str]) -> dict | None:
        found = self._net(f"counters.{section}", file, lambda text: parse_section(text, section))
        if found is None:
            return None
        counters = select(found, names)
        unknown = [name for name, count in counters.items() if count is None]
        if unknown:
            self.note(f"counters.{section}", f"this kernel does not count {', '.join(unknown)}")
        return counters

    def limits(self) -> dict:
        """Return the facts memory (in pages), orphans and time_wait; memory and orphans are host-wide."""
        used = (self._net("memory", "sockstat", parse_sockstat) or {}).get("TCP", {})
        low, pressure, high = self.sysctl("memory.high", "net.ipv4.tcp_mem", numbers=3)
        orphans_max = self.sysctl("orphans.max", "net.ipv4.tcp_max_orphans")[0]
        time_wait_max = self.sysctl("time_wait.max", "net.ipv4.tcp_max_tw_buckets")[0]
        waiting = used.get("tw")
        return {
            "memory": {"pages": used.get("mem"), "low": low, "pressure": pressure, "high": high},
            "orphans": {"count": used.get("orphan"), "max": orphans_max},
            "time_wait": {"count": waiting, "max": time_wait_max, "bytes": waiting and self._bytes(waiting)},
        }

    def conntrack(self) -> dict | None:
        """Return {count, max, buckets} of connection tracking, or None without it."""
        count = self.sysctl("conntrack", "net.netfilter.nf_conntrack_count")[0]
        if count is None:
            return None
        names = ("max", "buckets")
        return {
            "count": count,
            **{name: self.sysctl("conntrack", f"net.netfilter.nf_conntrack_{name}")[0] for name in names},
        }

    def note(self, what: str, reason: str, *, count: int = 0) -> None:
        """Record the reason why a fact, or a part of it such as memory.high, is not available or not complete.

        count: the number of processes that may not be inspected.
        """
        self._partial.append({"what": what, "reason": reason, **({"count": count} if count else {})})

    def _bytes(self, waiting: int) -> int | None:
        """Return the kernel memory of that many time-wait sockets, from the size of its objects."""
        path = "kernel/slab/tw_sock_TCP/slab_size"
        try:
            size = self._procfs.read_sys(path)
            if size is not None:
                return int(size) * waiting
            self.note("time_wait.bytes", f"/sys/{path} is absent")
        except (OSError, ValueError) as error:
            self.note("time_wait.bytes", f"/sys/{path}: {reason(error)}")
        return None

    def _net(self, what: str, file: str, parse: Callable[[str], dict]) -> dict | None:
        try:
            text = self._procfs.read_net(file)
            if text is not None:
                return parse(text)
            self.note(what, f"/proc/net/{file} is absent")
        except (OSError, MalformedInput) as error:
            self.note(what, f"/proc/net/{file}: {reason(error)}")
        return None

    def sysctl(self, what: str, key: str, *, numbers: int = 1) -> list[int] | list[None]:
        """Return the numbers of a kernel parameter in the namespace; None, and a note on `what`, without them."""
        text = self.sysctl_text(what, key)
        try:
            return _numbers(text, numbers) if text is not None else [None] * numbers
        except ValueError as error:
            self.note(what, f"{key}: {error}")
            return [None] * numbers

    def sysctl_text(self, what: str, key: str) -> str | None:
        """Return the text of a kernel parameter in the namespace; None, and a note on `what`, without it."""
        try:
            with self._namespace:
                text = self._procfs.read_text("sys/" + key.replace(".", "/"))
        except OSError as error:
            self.note(what, f"{key}: {reason(error)}")
            return None
        if text is None:
            self.note(what, f"{key} is absent in this network namespace")
        return text


def _numbers(text: str, expected: int) -> list[int]:
    fields = text.split()
    if len(fields) != expected:
        raise ValueError(f"{text!r} is not {expected} numbers")
    return [int(field) for field in fields]
