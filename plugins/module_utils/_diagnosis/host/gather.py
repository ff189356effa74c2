# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Gather the facts that a diagnosis judges: all TCP facts in two samples, open files, and a few kernel parameters."""

from __future__ import annotations

from typing import Any

from ..._common.errors import MalformedInput
from ..._host.files import HostFiles
from ..._nofile import open_files
from ..._nofile.host.descriptors import Descriptors
from ..._nofile.open_files import NR_OPEN, OpenFiles
from ..._tcp.host.facts import TcpHost
from ..._tcp.rates import per_second
from ..._tcp.subsets import NAMES
from .tracking import Tracking

SUBSETS = set(NAMES) - {"families"}
# They decide whether a remedy is in place already, or what a counter means.
KEYS = (
    "net.core.somaxconn",
    "net.core.bypass_prot_mem",
    "net.ipv4.tcp_keepalive_time",
    "net.netfilter.nf_conntrack_tcp_timeout_established",
    *(f"net.ipv4.tcp_{name}" for name in ("tw_reuse", "tw_recycle", "orphan_retries", "fin_timeout", "syncookies")),
)


class DiagnosedHost:
    """Gathers the facts of one host. files: None to leave out the open files of the whole host."""

    def __init__(self, host: TcpHost, files: HostFiles | None) -> None:
        self._host = host
        self._files = files
        self._tracking = Tracking(host)

    def gather(self, *, sample: float, top: int) -> dict[str, Any]:
        """Return {nettune_tcp, nettune_sysctl, nettune_nofile}, with rates if `sample` is not 0.

        Raises NettuneError.
        """
        before, tracked = (self._open_files(top), self._tracking.counts()) if sample else (None, {})
        tcp = self._host.gather(SUBSETS, source="auto", top=top, sample=sample)
        after, seconds = self._open_files(top), (tcp.get("rates") or {}).get("seconds")
        sysctl = {"keys": {key: {"value": value} for key, value in self._host.sysctls(KEYS).items()}}
        if seconds:
            tcp["rates"]["conntrack"] = per_second(tracked, self._tracking.counts(), seconds=seconds)
            if self._tracking.missing:
                tcp["partial"].append({"what": "rates.conntrack", "reason": self._tracking.missing})
        facts = {"nettune_tcp": tcp, "nettune_sysctl": sysctl}
        return facts if after is None else {**facts, "nettune_nofile": _with_rates(before, after, seconds)}

    def _open_files(self, top: int) -> dict[str, Any] | None:
        """Return the open files of the system, and of the processes nearest to their limit."""
        if self._files is None:
            return None
        held = open_files.nearest(Descriptors(self._files).all())
        system = {name: self._number(file) for name, file in (("file_max", "file-max"), ("allocated", "file-nr"))}
        return {"system": system, "processes": [_row(one) for one in held[:top]]}

    def _number(self, file: str) -> int | None:
        try:
            text = self._files and self._files.read_text(f"/proc/sys/fs/{file}")
            return open_files.first_number(text) if text else None
        except (OSError, MalformedInput):
            return None


def _row(process: OpenFiles) -> dict[str, Any]:
    return open_files.process_row(process, ghosts=None, nr_open=NR_OPEN)


def _with_rates(before: dict[str, Any] | None, after: dict[str, Any], seconds: float | None) -> dict[str, Any]:
    if not before or not seconds:
        return after
    then, now = ({row["pid"]: row["descriptors"] for row in reading["processes"]} for reading in (before, after))
    grown = per_second(then, now, seconds=seconds)
    processes = [{"pid": pid, "descriptors": grown[pid]} for pid in grown]
    allocated = per_second(before["system"], after["system"], seconds=seconds)["allocated"]
    return {**after, "rates": {"allocated": allocated, "processes": processes}}
