# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a diagnosis takes of a host: all TCP facts at two readings, open files, and a few kernel parameters."""

from __future__ import annotations

from typing import Any

from .._core import nofile_state
from .._core.errors import MalformedInput
from .._core.nofile_state import NR_OPEN, Held
from .descriptors import Descriptors
from .files import HostFiles
from .tcp_host import TcpHost

SUBSETS = {"min", "counters", "listeners", "memory", "conntrack"}
SUBSETS |= {"ports", "peers", "ephemeral", "queues", "processes"}
# What decides whether a remedy is at work already, or what a counter means.
KEYS = tuple(
    f"net.ipv4.tcp_{name}" for name in ("tw_reuse", "tw_recycle", "orphan_retries", "fin_timeout", "syncookies")
)


class DiagnosedHost:
    """Reads what _core.diagnosis judges. `files` is None where processes of the whole machine are not asked about."""

    def __init__(self, host: TcpHost, files: HostFiles | None) -> None:
        self._host = host
        self._files = files

    def gather(self, *, sample: float, top: int) -> dict[str, Any]:
        """{nettune_tcp, nettune_sysctl, nettune_nofile}, with rates where `sample` is not 0. Raises NettuneError."""
        before = self._open_files(top) if sample else None
        tcp = self._host.gather(SUBSETS, source="auto", top=top, sample=sample)
        after = self._open_files(top)
        sysctl = {"keys": {key: {"value": value} for key, value in self._host.sysctls(KEYS).items()}}
        facts = {"nettune_tcp": tcp, "nettune_sysctl": sysctl}
        if after is None:
            return facts
        return {**facts, "nettune_nofile": _with_rates(before, after, (tcp.get("rates") or {}).get("seconds"))}

    def _open_files(self, top: int) -> dict[str, Any] | None:
        """Those of the system, and of the processes nearest to their limit."""
        if self._files is None:
            return None
        held = nofile_state.nearest(Descriptors(self._files).all())
        system = {name: self._number(file) for name, file in (("file_max", "file-max"), ("allocated", "file-nr"))}
        return {"system": system, "processes": [_row(one) for one in held[:top]]}

    def _number(self, file: str) -> int | None:
        try:
            text = self._files and self._files.read_text(f"/proc/sys/fs/{file}")
            return nofile_state.first_number(text) if text else None
        except (OSError, MalformedInput):
            return None


def _row(held: Held) -> dict[str, Any]:
    return nofile_state.process_row(held, ghosts=None, nr_open=NR_OPEN)


def _with_rates(before: dict[str, Any] | None, after: dict[str, Any], seconds: float | None) -> dict[str, Any]:
    if not before or not seconds:
        return after
    then = {row["pid"]: row["descriptors"] for row in before["processes"]}
    pairs = ((row["pid"], then.get(row["pid"]), row["descriptors"]) for row in after["processes"])
    processes = [{"pid": pid, "descriptors": _rate(was, now_, seconds)} for pid, was, now_ in pairs]
    allocated = _rate(before["system"]["allocated"], after["system"]["allocated"], seconds)
    return {**after, "rates": {"allocated": allocated, "processes": processes}}


def _rate(before: int | None, after: int | None, seconds: float) -> float | None:
    return None if before is None or after is None else round((after - before) / seconds, 3)
