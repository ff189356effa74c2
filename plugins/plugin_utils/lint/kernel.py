# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The kernel that settings are judged for."""

from __future__ import annotations

import re
from typing import Any, Iterator, NamedTuple

from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import InvalidOption
from ansible_collections.nettune.tcp.plugins.module_utils._parameters.row import Parameter

_RELEASE = re.compile(r"(\d{1,3})\.(\d{1,3})(?:\.(\d{1,3}))?(?:[-+.~_][\w.+~-]*)?", re.ASCII)
_SINCE = re.compile(r"\d+", re.ASCII)
_OLDEST = (2, 6, 0)


class Kernel(NamedTuple):
    """release: as `uname -r` writes it. version: its numbers."""

    release: str
    version: tuple[int, int, int]

    def has(self, since: str) -> bool:
        """Whether what came, or went, with Linux `since`, such as `4.12`, has come or gone in this one."""
        numbers = tuple(map(int, _SINCE.findall(since)))
        return self.version[: len(numbers)] >= numbers

    def __str__(self) -> str:
        return f"Linux {self.release}"


# The newest whose parameters the catalogue was compared with.
NEWEST = Kernel("6.19", (6, 19, 0))


def of(given: Any) -> Kernel:
    """The kernel of a release such as `3.10`, `6.8.0-31-generic`. Raises InvalidOption for anything else."""
    if isinstance(given, float):
        raise InvalidOption(f"kernel is the number {given!r}; write it in quotes, for as a number 3.10 is 3.1")
    found = _RELEASE.fullmatch(given.strip()) if isinstance(given, str) else None
    version = tuple(int(part or 0) for part in found.groups()) if found else ()
    if found is None or version < _OLDEST:
        raise InvalidOption(
            f"kernel is {given!r}; it must be a release of Linux 2.6 or later, such as 3.10, 5.15 or 6.8.0-31-generic"
        )
    return Kernel(found.group(), (version[0], version[1], version[2]))


# What kernels had when: parameters that came late, that do nothing any more, and defaults that changed.
#
# Sources: the kernel's history, ip-sysctl.rst, tcp(7).

# The first kernel with the parameter.
SINCE = {
    "fs.nr_open": "2.6.25",
    "net.core.busy_poll": "3.11",
    "net.core.default_qdisc": "3.12",
    "net.core.netdev_budget_usecs": "4.12",
    "net.ipv4.ip_autobind_reuse": "5.7",
    "net.ipv4.ip_local_reserved_ports": "2.6.35",
    "net.ipv4.ip_unprivileged_port_start": "4.11",
    "net.ipv4.tcp_autocorking": "3.14",
    "net.ipv4.tcp_backlog_ack_defer": "6.7",
    "net.ipv4.tcp_challenge_ack_limit": "3.6",
    "net.ipv4.tcp_child_ehash_entries": "6.1",
    "net.ipv4.tcp_comp_sack_delay_ns": "4.18",
    "net.ipv4.tcp_comp_sack_nr": "4.18",
    "net.ipv4.tcp_ecn_fallback": "4.2",
    "net.ipv4.tcp_fastopen": "3.6",
    "net.ipv4.tcp_limit_output_bytes": "3.6",
    "net.ipv4.tcp_max_reordering": "3.19",
    "net.ipv4.tcp_migrate_req": "5.14",
    "net.ipv4.tcp_min_snd_mss": "5.2",
    "net.ipv4.tcp_notsent_lowat": "3.12",
    "net.ipv4.tcp_pingpong_thresh": "6.7",
    "net.ipv4.tcp_plb_cong_thresh": "6.2",
    "net.ipv4.tcp_plb_enabled": "6.2",
    "net.ipv4.tcp_plb_idle_rehash_rounds": "6.2",
    "net.ipv4.tcp_plb_rehash_rounds": "6.2",
    "net.ipv4.tcp_plb_suspend_rto_sec": "6.2",
    "net.ipv4.tcp_reflect_tos": "5.10",
    "net.ipv4.tcp_rto_max_ms": "6.15",
    "net.ipv4.tcp_rto_min_us": "6.11",
    "net.ipv4.tcp_shrink_window": "6.5",
    "net.ipv4.tcp_syn_linear_timeouts": "6.5",
    "net.ipv4.tcp_thin_linear_timeouts": "2.6.34",
    "net.ipv4.tcp_tw_reuse_delay": "6.14",
    "net.netfilter.nf_conntrack_helper": "3.5",
    "net.netfilter.nf_conntrack_tcp_ignore_invalid_rst": "5.14",
    "net.netfilter.nf_hooks_lwtunnel": "5.15",
}

# The first kernel that lets it be written, and what to do before.
WRITABLE = {"net.netfilter.nf_conntrack_buckets": ("4.8", "use the module parameter hashsize of nf_conntrack")}

# The first kernel in which it does nothing.
IDLE = {
    "net.ipv4.ipfrag_secret_interval": "3.17",
    "net.ipv4.route.gc_elasticity": "3.6",
    "net.ipv4.route.gc_interval": "3.6",
    "net.ipv4.route.gc_min_interval": "3.6",
    "net.ipv4.route.gc_min_interval_ms": "3.6",
    "net.ipv4.route.gc_thresh": "3.6",
    "net.ipv4.route.gc_timeout": "3.6",
    "net.ipv4.route.max_size": "3.6",
    "net.ipv4.tcp_adv_win_scale": "6.6",
    "net.ipv4.tcp_fack": "4.15",
    "net.ipv4.tcp_low_latency": "4.14",
    "net.ipv6.ip6frag_secret_interval": "3.17",
}

# The oldest kernel that the catalogue's own defaults are of.
_CATALOGUED = "4.18"
# Name, first kernel with the default, the default; the newest first.
_DEFAULTS = (
    ("fs.nr_open", "2.6", "1048576"),
    ("kernel.pid_max", "2.6", "32768"),
    ("kernel.sem", "3.19", "32000 1024000000 500 32000"),
    ("kernel.sem", "2.6", "250 32000 32 128"),
    ("kernel.shmall", "3.16", "18446744073692774399"),
    ("kernel.shmall", "2.6", "2097152"),
    ("kernel.shmmax", "3.16", "18446744073692774399"),
    ("kernel.shmmax", "2.6", "33554432"),
    ("net.core.netdev_max_backlog", "2.6", "1000"),
    ("net.core.optmem_max", "6.8", "131072"),
    ("net.core.optmem_max", "2.6", "20480"),
    ("net.core.rmem_max", "6.18", "4194304"),
    ("net.core.rmem_max", "3.4", "212992"),
    ("net.core.somaxconn", "5.4", "4096"),
    ("net.core.somaxconn", "2.6", "128"),
    ("net.core.wmem_max", "6.18", "4194304"),
    ("net.core.wmem_max", "3.4", "212992"),
)

# Names of algorithms, and the kernel they came with.
CONGESTION_CONTROLS = {
    "bbr": "4.9",
    "bic": "2.6",
    "cdg": "4.2",
    "cubic": "2.6",
    "dctcp": "3.18",
    "highspeed": "2.6",
    "htcp": "2.6",
    "hybla": "2.6",
    "illinois": "2.6",
    "lp": "2.6",
    "nv": "4.8",
    "reno": "2.6",
    "scalable": "2.6",
    "vegas": "2.6",
    "veno": "2.6",
    "westwood": "2.6",
    "yeah": "2.6",
}


def default(parameter: Parameter, kernel: Kernel) -> str | None:
    """The kernel's default; None where it depends on more than the version, or is not known of this one."""
    usual = parameter.default if kernel.has(_CATALOGUED) else None
    return next(_defaults(parameter.name, kernel), usual)


def _defaults(name: str, kernel: Kernel) -> Iterator[str]:
    return (value for known, since, value in _DEFAULTS if known == name and kernel.has(since))
