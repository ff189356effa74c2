# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules for limits that are set below what the host has, or below the kernel's default.

Sources: tcp_init() and tcp_metrics in net/ipv4/tcp.c (limits that grow with memory), fs/file_table.c, ipc/shm.c,
systemd's NEWS of versions 240 and 243, src/core/main.c of systemd, nf_conntrack-sysctl.rst.
"""

from __future__ import annotations

from typing import Iterator

from ansible_collections.nettune.tcp.plugins.module_utils._parameters import catalogue
from ansible_collections.nettune.tcp.plugins.module_utils._parameters.value import numbers

from .case import Case
from .row import AT_LEAST, HAZARD, LOWERS, OK, REMOVE, Finding
from .target import Kernel

# Where no kernel is named, a limit is only reported if it is below the default of this long-term kernel, too.
_USUAL = Kernel("6.12")
_LONG_MAX = 2**63 - 1
_GIB, _PAGE = 2**30, 4096
_LARGE = 1000
# The third number of tcp_mem and of udp_mem is this part of the memory (tcp_init_mem(), udp_init()).
_MEMORY_PART = {"net.ipv4.tcp_mem": 3 / 32, "net.ipv4.udp_mem": 3 / 16}
# A limit that is the default of a machine with this much memory is reported as OK.
_SERVER = 16 * _GIB
# What to write instead of a limit that is too low. Without an entry the line should be removed.
_SAFE = {"net.ipv4.tcp_max_tw_buckets": "262144", "net.core.somaxconn": "4096"}
_CONSEQUENCE = {
    "net.ipv4.tcp_max_tw_buckets": "; connections that find the table full skip TIME_WAIT, so never lower it",
    "net.ipv4.tcp_max_orphans": "; orphans beyond it are reset before their data is delivered",
}


def lowers(case: Case) -> Iterator[Finding]:
    """Report a limit below the one that the host, or any host with this kernel, has without it."""
    is_limit = case.parameter.raise_only or case.parameter.capacity
    if not is_limit or not case.numbers:
        return
    if case.setting.how == AT_LEAST:
        yield Finding(OK, "a floor: it never lowers the value of a host")
        return
    running = case.scene.host.values.get(case.name)
    if running is not None:
        yield from _below(case, running, "the host has")
    else:
        rule = _SPECIAL.get(case.name, _by_default)
        found = list(rule(case))
        known = catalogue.find(case.name)
        if case.scene.assumed and known is not None and any(one.verdict == LOWERS for one in found):
            usual = case._replace(scene=case.scene.on(_USUAL), parameter=known.on(_USUAL.release))
            if all(one.verdict == OK for one in rule(usual)):
                found = [Finding(OK, f"on Linux {case.scene.kernel.release} it {one.message}") for one in found]
        yield from found


def _below(case: Case, other: str, source: str) -> Iterator[Finding]:
    try:
        higher = numbers(other)
    except ValueError:
        return
    if any(_is_less(case, asked, had) for asked, had in zip(case.numbers, higher)):
        message = f"lowers it: {source} {other}{_CONSEQUENCE.get(case.name, '')}"
        safe = _SAFE.get(case.name)
        # The host may have even more.
        instead = REMOVE if safe is None else case.write(max(int(safe), higher[0]))
        yield Finding(LOWERS, message, instead)


def _is_less(case: Case, asked: int, had: int) -> bool:
    """Return whether a limit is lower; one less than a large one is no finding, but is never suggested."""
    return asked < had - (1 if had >= _LARGE and not case.scene.suggested else 0)


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
    consequence = _CONSEQUENCE.get(case.name, "")
    message = f"lowers it on a machine with more than {memory / _GIB:.3g} GiB of memory{consequence}"
    if memory < _SERVER:
        yield Finding(LOWERS, message, case.write(most) if case.name in _SAFE else REMOVE)
    else:
        yield Finding(OK, message)


def _conntrack_max(case: Case) -> Iterator[Finding]:
    default, memory = (262144, 4) if case.scene.kernel.has("4.9") else (65536, 1)
    if 0 < case.numbers[0] < default:
        message = f"lowers it: with more than {memory} GiB of memory the kernel's default is {default}"
        yield Finding(LOWERS, message, REMOVE)


def _file_max(case: Case) -> Iterator[Finding]:
    if not case.scene.kernel.has("4.19"):
        yield from _by_memory(case)
    elif case.numbers[0] < _LONG_MAX:
        yield Finding(LOWERS, "lowers it: systemd 240 and later sets the highest possible value at boot", REMOVE)


def _nr_open(case: Case) -> Iterator[Finding]:
    asked = case.numbers[0]
    if asked < 524288:
        message = "lowers it: services with a higher open-file limit (systemd's default is 524288) cannot start"
        yield Finding(HAZARD, message, case.write(1048576))
    elif asked < 1048576:
        yield from _by_default(case)
    elif asked < 1073741816:
        yield Finding(OK, "set it before any higher open-file limit; it lowers the value if systemd has set 1073741816")


def _pid_max(case: Case) -> Iterator[Finding]:
    if case.numbers[0] < 32768:
        yield from _by_default(case)
    elif _is_less(case, case.numbers[0], 4194304) and case.scene.kernel.has("5.4"):
        yield Finding(LOWERS, "lowers it: systemd 243 and later sets 4194304 on 64-bit systems", REMOVE)


def _by_part_of_memory(case: Case) -> Iterator[Finding]:
    """Report page limits of all sockets that machines with more memory exceed by default."""
    memory = case.numbers[-1] * _PAGE / _MEMORY_PART[case.name]
    if memory < _SERVER and case.numbers == sorted(case.numbers):
        message = f"lowers it on a machine with more than {memory / _GIB:.3g} GiB of memory"
        yield Finding(LOWERS, message, REMOVE)


def unresolved_queue(case: Case) -> Iterator[Finding]:
    """Report a shorter queue of packets that wait for the address of a neighbour."""
    if not case.name.endswith(".unres_qlen") or not case.numbers:
        return
    default = 101 if case.scene.kernel.has("4.14") else 31 if case.scene.kernel.has("3.3") else 3
    running = case.scene.host.values.get(case.name)
    if running is not None:
        yield from _below(case, running, "the host has")
    elif case.numbers[0] < default:
        yield Finding(LOWERS, f"lowers it: the kernel's default is {default} packets", REMOVE)


def _unlimited(case: Case) -> Iterator[Finding]:
    default = case.parameter.default_on(case.scene.kernel.release) or ""
    if not case.scene.kernel.has("3.16"):
        yield from _below(case, default, "the kernel's default is")
    elif case.numbers[0] < int(default):
        yield Finding(LOWERS, "lowers it: since Linux 3.16 the default is in effect unlimited", REMOVE)


def _buffers(case: Case) -> Iterator[Finding]:
    """Report the maximum of tcp_rmem and tcp_wmem; their minimum and default are a matter of taste."""
    most, memory = (4194304, "1 GiB")
    if case.name.endswith("rmem"):
        most, memory = (33554432, "4 GiB") if case.scene.kernel.has("6.16") else (6291456, "1 GiB")
    if case.numbers[-1] < most and case.scene.kernel.has("3.4"):
        message = f"lowers its maximum: with {memory} of memory the kernel's default is {most}"
        yield Finding(LOWERS, message, case.write(" ".join(map(str, [*case.numbers[:2], most]))))


def _max_dgram_qlen(case: Case) -> Iterator[Finding]:
    if case.numbers[0] < 10 or not case.scene.kernel.has("4.18"):
        yield from _by_default(case)
    elif case.numbers[0] < 512:
        yield Finding(LOWERS, "lowers it: systemd sets 512 at boot", REMOVE)


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
    "net.ipv4.tcp_mem": _by_part_of_memory,
    "net.ipv4.udp_mem": _by_part_of_memory,
    "net.ipv4.tcp_rmem": _buffers,
    "net.ipv4.tcp_wmem": _buffers,
    "net.netfilter.nf_conntrack_max": _conntrack_max,
    "net.unix.max_dgram_qlen": _max_dgram_qlen,
}

RULES = (lowers, unresolved_queue)
