# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read a host's own kernel parameters and limits: the lines of its files, and which of them take effect."""

from __future__ import annotations

from typing import Any, Mapping

from ..._common.text import printable
from ..._formats import limits_conf, sysctl_conf
from ..._host.files import HostFiles
from ..._host.procfs import reason
from ..._host.sock_diag import SockDiag
from ..._nofile import facts as nofile_facts
from ..._nofile import profile_files as nofile_files
from ..._nofile.host import pam
from ..._nofile.open_files import NR_OPEN
from ..._parameters import catalogue
from ..._sysctl import admit, boot, boot_programs, facts, profile_files
from ..._sysctl.host import read
from ..._sysctl.host.proc_sys import ProcSys
from ..._sysctl.snapshot import ABSENT, Host
from .. import lines

_NR_OPEN = "/proc/sys/fs/nr_open"


def gather(files: HostFiles, sock_diag: SockDiag | None = None) -> dict[str, Any]:
    """Return the fields of RETURN in modules/host_settings.py. Drop-ins of this collection are left out."""
    partial: list[dict[str, str]] = []
    loader = read.loader(files)
    texts = _without_ours(read.boot_files(files, loader))
    in_order = boot.files_in_order(texts, loader=loader)
    # If the loader does not read it, another program may.
    order = [*in_order, *(path for path in texts if path == boot.SYSCTL_CONF and path not in in_order)]
    found = [line for path in order for line in sysctl_conf.assignments(path, texts[path])]
    names = lines.names(found, ProcSys(files).names())
    host = _host(files, [*names, *catalogue.real_names()], sock_diag)
    partial += [{"what": path, "reason": why} for path, why in host.programs.unread.items()]
    read_ = order if boot_programs.applies_sysctl_conf(host.programs) else in_order
    # Two paths of one file have one text.
    once = {texts[path]: path for path in reversed(read_)}.values()
    refused = (row for path in read_ if path in once for row in lines.refused(path, texts[path]))
    above = {path: lines.comments(texts[path]) for path in order}
    rows = (lines.line_row(line, above[line.path].get(line.line, "")) for line in found if line.path in read_)
    keys = facts.parameter_facts([*names, *catalogue.real_names()], host)
    return printable(
        {
            "kernel": host.kernel,
            "loader": loader,
            "keys": {name: keys.pop(name) for name in names},
            "running": {name: {"value": fact["value"], "reason": fact["reason"]} for name, fact in keys.items()},
            "unknown": [name for name in names if admit.is_unknown(name) and host.reading(name) == ABSENT],
            "lines": lines.limited(rows, "lines of sysctl.d", partial),
            "refused": lines.limited(refused, "lines of sysctl.d that no loader accepts", partial),
            "unused": lines.unused(texts, read_, loader=loader),
            "listeners": sorted(host.listeners),
            "limits": _limits(files, partial),
            "partial": partial,
        }
    )


def _host(files: HostFiles, names: list[str], sock_diag: SockDiag | None) -> Host:
    """Return a snapshot of the host as it would be without the drop-ins of this collection."""
    host = read.take(files, names, with_listeners=True, with_all_names=True, sock_diag=sock_diag)
    return host._replace(boot_files=_without_ours(host.boot_files))


def _without_ours(texts: Mapping[str, str]) -> dict[str, str]:
    return {path: text for path, text in texts.items() if profile_files.profile_of(path) is None}


def _limits(files: HostFiles, partial: list[dict[str, str]]) -> dict[str, Any]:
    unread: dict[str, str] = {}
    try:
        found = pam.read(files, pam.debian_version(files, unread), unread)
    except OSError as error:  # its directory cannot be searched
        found = ()
        unread[limits_conf.MAIN] = f"{limits_conf.MAIN} cannot be read: {reason(error)}"
    partial += [{"what": path, "reason": why} for path, why in unread.items()]
    kept = [(path, text) for path, text in found if nofile_files.profile_of(path) is None]
    number = files.try_text(_NR_OPEN)[0].strip()
    nr_open = int(number) if number.isdigit() else NR_OPEN
    entries = (entry for path, text in kept for entry in limits_conf.entries(path, text))
    others = (row for path, text in kept for row in lines.other_limits(path, text))
    return {
        "entries": lines.limited(
            (nofile_facts.entry_row(entry, nr_open=nr_open) for entry in entries), "lines about nofile", partial
        ),
        "others": lines.limited(others, "other lines of limits.d", partial),
        "nr_open": nr_open,
    }
