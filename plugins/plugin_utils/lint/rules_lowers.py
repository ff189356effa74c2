# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Limits set below what the host has, or what the kernel gives by itself.

Sources: tcp_init() and tcp_metrics in net/ipv4/tcp.c (limits that grow with memory), fs/file_table.c, ipc/shm.c,
systemd's NEWS of versions 240 and 243, nf_conntrack-sysctl.rst.
"""

from __future__ import annotations

from typing import Iterator

from ansible_collections.nettune.tcp.plugins.module_utils._parameters.value import numbers

from .case import Case
from .row import AT_LEAST, GO, HAZARD, LOWERS, OK, Finding

_LONG_MAX = 2**63 - 1
_GIB = 2**30
# Where a machine needs more memory than this to have more by default, a number is no reproach.
_SERVER = 16 * _GIB
_SAFE = {"net.ipv4.tcp_max_tw_buckets": "262144", "net.core.somaxconn": "4096"}
_WHY = {
    "net.ipv4.tcp_max_tw_buckets": "; what finds the table full skips TIME_WAIT, and its documentation forbids it",
    "net.ipv4.tcp_max_orphans": "; orphans beyond it are reset before their data is delivered",
}


def lowers(case: Case) -> Iterator[Finding]:
    """A limit below the one that the host, or any host of the kernel, has without it."""
    is_limit = case.parameter.raise_only or case.parameter.capacity
    if not is_limit or not case.numbers:
        return
    if case.setting.how == AT_LEAST:
        yield Finding(OK, "a floor: it never lowers what a host has")
        return
    running = case.scene.host.values.get(case.name)
    if running is not None:
        yield from _below(case, running, "the host has")
    else:
        yield from _SPECIAL.get(case.name, _by_default)(case)


def _below(case: Case, other: str, whose: str) -> Iterator[Finding]:
    try:
        higher = numbers(other)
    except ValueError:
        return
    if any(asked < had for asked, had in zip(case.numbers, higher)):
        message = f"lowers it: {whose} {other}{_WHY.get(case.name, '')}"
        yield Finding(LOWERS, message, case.write(_SAFE[case.name]) if case.name in _SAFE else GO)


def _by_default(case: Case) -> Iterator[Finding]:
    default = case.parameter.default_on(case.scene.kernel.release)
    if default:
        yield from _below(case, default, "the kernel's default is")


def _by_memory(case: Case) -> Iterator[Finding]:
    each, most = case.parameter.by_memory or (0, 0)
    asked = case.numbers[0]
    if not 0 < asked < most:
        return
    memory = asked * each
    message = f"lowers it on a machine with more than {memory / _GIB:.3g} GiB of memory{_WHY.get(case.name, '')}"
    if memory < _SERVER:
        yield Finding(LOWERS, message, case.write(most) if case.name in _SAFE else GO)
    else:
        yield Finding(OK, message)


def _conntrack_max(case: Case) -> Iterator[Finding]:
    asked, most = case.numbers[0], 262144 if case.scene.kernel.has("4.9") else 65536
    if 0 < asked < most:
        memory = 4 if most == 262144 else 1
        yield Finding(LOWERS, f"lowers it: with more than {memory} GiB of memory the kernel's default is {most}", GO)


def _file_max(case: Case) -> Iterator[Finding]:
    if not case.scene.kernel.has("4.19"):
        yield from _by_memory(case)
    elif case.numbers[0] < _LONG_MAX:
        said = "lowers it: systemd 240 and later sets the highest value at boot"
        yield Finding(LOWERS, said, GO)


def _nr_open(case: Case) -> Iterator[Finding]:
    asked = case.numbers[0]
    if asked < 524288:
        said = "lowers it: services with a higher nofile limit (systemd gives 524288) cannot start"
        yield Finding(HAZARD, said, case.write(1048576))
    elif asked < 1048576:
        yield from _by_default(case)
    elif asked < 1073741816:
        said = "set it before any nofile limit above it; where systemd has set 1073741816 this lowers it"
        yield Finding(OK, said)


def _pid_max(case: Case) -> Iterator[Finding]:
    if case.numbers[0] < 32768:
        yield from _by_default(case)
    elif case.numbers[0] < 4194304 and case.scene.kernel.has("5.4"):
        yield Finding(LOWERS, "lowers it: systemd 243 and later sets 4194304 on 64 bits", GO)


def _unlimited(case: Case) -> Iterator[Finding]:
    default = case.parameter.default_on(case.scene.kernel.release) or ""
    if not case.scene.kernel.has("3.16"):
        yield from _below(case, default, "the kernel's default is")
    elif case.numbers[0] < int(default):
        yield Finding(LOWERS, "lowers it: it has no limit in effect since Linux 3.16", GO)


def _buffers(case: Case) -> Iterator[Finding]:
    """The most that a buffer can grow to; the other two are a matter of taste."""
    most = 6291456 if case.name.endswith("rmem") else 4194304
    if case.numbers[-1] < most and case.scene.kernel.has("3.4"):
        said = f"lowers its maximum: the kernel's default is {most} or more with 1 GiB of memory"
        yield Finding(LOWERS, said, case.write(" ".join(map(str, [*case.numbers[:2], most]))))


def _nothing(case: Case) -> Iterator[Finding]:
    yield from ()


_SPECIAL = {
    "fs.file-max": _file_max,
    "fs.nr_open": _nr_open,
    "kernel.pid_max": _pid_max,
    "kernel.shmall": _unlimited,
    "kernel.shmmax": _unlimited,
    "net.ipv4.tcp_max_orphans": _by_memory,
    "net.ipv4.tcp_max_syn_backlog": _nothing,
    "net.ipv4.tcp_max_tw_buckets": _by_memory,
    "net.ipv4.tcp_rmem": _buffers,
    "net.ipv4.tcp_wmem": _buffers,
    "net.netfilter.nf_conntrack_max": _conntrack_max,
}

RULES = (lowers,)
