# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Take a snapshot of a host: the facts that a diagnosis judges, the managed kernel parameters, and drift.

A report, a recording or metrics are computed from snapshots on the controller.
"""

from __future__ import annotations

import platform
import time
from typing import Any, Callable

from ..._common.errors import NettuneError
from ..._confirm.host.waiting import PendingChange
from ..._host.files import HostFiles
from ..._host.netlink import OwnNamespace
from ..._host.procfs import reason
from ..._host.sock_diag import SockDiag
from ..._nofile.host.profiles import NofileProfiles
from ..._sysctl.host import facts as sysctl_facts
from ..._sysctl.host.profiles import SysctlProfiles
from ..._verify.host import drop_ins
from ..._verify.host.profiles import ProfileDrift
from .gather import KEYS, DiagnosedHost

# The kernel parameters that roles, remedies and rules name.
MANAGED_KEYS = (
    *KEYS,
    *("fs.file-max", "fs.nr_open"),
    *(f"net.ipv4.ip_local_{name}" for name in ("port_range", "reserved_ports")),
    *(f"net.ipv4.tcp_keepalive_{name}" for name in ("intvl", "probes")),
    *(f"net.ipv4.tcp_{name}" for name in ("max_syn_backlog", "max_tw_buckets", "mem", "rmem", "wmem")),
    *(f"net.ipv4.tcp_{name}" for name in ("synack_retries", "timestamps", "max_orphans")),
    *(f"net.netfilter.nf_conntrack_{name}" for name in ("buckets", "max")),
    *(f"net.netfilter.nf_conntrack_tcp_timeout_{name}" for name in ("close_wait", "fin_wait", "time_wait")),
)
_KEPT = ("value", "boot_value", "boot_source", "drift")


def take(host: DiagnosedHost, files: HostFiles, *, sample: float, top: int) -> dict[str, Any]:
    """Return {at, release, python, facts, profiles, partial}; `at` is the time in UTC.

    `partial` lists what cannot be read: if it has "profiles", `profiles` is None; if it has "sysctl", the facts
    have running values only, of fewer parameters. sample, top: as for DiagnosedHost.gather(). Raises NettuneError.
    """
    partial: list[dict[str, str]] = []
    facts = host.gather(sample=sample, top=top)
    sysctl = _unless_refused("sysctl", lambda: _sysctl(files), partial)
    return {
        "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "release": platform.release(),
        "python": platform.python_version(),
        "facts": {**facts, "nettune_sysctl": sysctl or facts["nettune_sysctl"]},
        "profiles": _unless_refused("profiles", lambda: _profiles(files), partial),
        "partial": partial,
    }


def _sysctl(files: HostFiles) -> dict[str, Any]:
    found = sysctl_facts.gather(files, MANAGED_KEYS)
    keys = {
        name: {field: fact[field] for field in _KEPT}
        for name, fact in found["keys"].items()
        if fact["value"] is not None or fact["boot_value"] is not None
    }
    return {**found, "keys": keys}


def _profiles(files: HostFiles) -> dict[str, Any]:
    sysctl, nofile = SysctlProfiles(files, SockDiag(OwnNamespace())), NofileProfiles(files)
    try:
        return {**ProfileDrift(sysctl, nofile, PendingChange(files)).gather(), "partial": []}
    except PermissionError:  # the journal is for root only
        return drop_ins.gather(files)


def _unless_refused(
    what: str, read: Callable[[], dict[str, Any]], partial: list[dict[str, str]]
) -> dict[str, Any] | None:
    """Return what `read` returns, or None with the reason in `partial`."""
    try:
        return read()
    except (NettuneError, OSError) as error:
        partial.append({"what": what, "reason": reason(error)})
        return None
