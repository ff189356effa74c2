# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A limit is nearly reached: descriptors, open files, tracked connections.

Host-wide limits of this machine are never changed: in the host, a private file replaces them. The counts compared with
them are the kernel's own.
"""

from __future__ import annotations

import os
import shutil

from case import Between, Phases, case
from testbed import PORT, Testbed

_LIMIT = 400
_PROCESSES, _FILES_EACH = 8, 15000
_CONNTRACK_COUNT = "/proc/sys/net/netfilter/nf_conntrack_count"
_CONNTRACK_MAX = "net.netfilter.nf_conntrack_max"
_LARGE = "262144"


@case(finding="emfile", fixed_by="a higher limit for the process")
def emfile(bed: Testbed) -> Phases:
    """A process has nearly reached its open-file limit."""
    bed.app.call("limit", soft=_LIMIT)
    bed.serve("answer", into="served")
    yield
    bed.connect(100)
    bed.app.call("open", number=_LIMIT - 10)
    yield lambda: {"pid": bed.app.pid, "descriptors": _LIMIT - 10, "nofile": _LIMIT}
    bed.app.call("limit", soft=4096)


@case(
    finding="enfile",
    fixed_by="those processes are ended (the limit is a private file here, because fs.file-max is host-wide)",
    fakes={"fs.file-max": str(2**63 - 1)},
    quick=False,
)
def enfile(bed: Testbed) -> Phases:
    """Processes keep files open until the host-wide limit is nearly reached."""
    yield
    processes = [bed.process(bed.host) for _process in range(_PROCESSES)]
    for process in processes:
        process.call("limit", soft=_FILES_EACH * 4 // 3)
        process.call("open", number=_FILES_EACH)
    allocated = int(bed.host.run("cat", "/proc/sys/fs/file-nr").stdout.split()[0])
    most = allocated * 100 // 95
    bed.set("fs.file-max", str(most))
    # Files opened by other processes of this machine are counted too.
    yield lambda: {"allocated": Between(allocated * 0.75, allocated * 1.25), "file_max": most}
    for process in processes:
        bed.stop(process)


def _no_conntrack() -> str:
    if not os.path.exists(_CONNTRACK_COUNT):
        return "nf_conntrack is not loaded, and loading it would change this machine"
    if not shutil.which("iptables"):
        return "the kernel tracks connections only if a rule of iptables requires it: apt-get install iptables"
    return ""


@case(
    finding="conntrack",
    fixed_by="a higher nf_conntrack_max (a private file here, because the real one is host-wide)",
    fakes={_CONNTRACK_MAX: _LARGE},
    traffic=False,  # entries of closed connections would expire at any time
    why_not=_no_conntrack,
)
def conntrack(bed: Testbed) -> Phases:
    """The connection tracking table is nearly full; soon the kernel drops packets of new connections."""
    bed.host.run("iptables", "-A", "INPUT", "-m", "conntrack", "--ctstate", "INVALID")
    bed.serve("answer", port=PORT)
    bed.connect(20, port=PORT)
    yield
    bed.connect(300, port=PORT)
    tracked = int(bed.host.run("cat", _CONNTRACK_COUNT).stdout)
    most = tracked * 100 // 96
    bed.set(_CONNTRACK_MAX, str(most))
    yield lambda: {"count": tracked, "max": most}
    bed.set(_CONNTRACK_MAX, _LARGE)
