# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A profile of 25 parameters, none of which a fresh network namespace has, and plays that set it in two ways."""

from __future__ import annotations

from typing import Any

PROFILE = {
    "net.core.somaxconn": "8192",
    "net.ipv4.ip_local_port_range": "1024 65535",
    "net.ipv4.ip_local_reserved_ports": "7005,8001-8100",
    "net.ipv4.tcp_adv_win_scale": "2",
    "net.ipv4.tcp_base_mss": "1200",
    "net.ipv4.tcp_ecn": "1",
    "net.ipv4.tcp_fastopen": "3",
    "net.ipv4.tcp_fin_timeout": "30",
    "net.ipv4.tcp_keepalive_intvl": "15",
    "net.ipv4.tcp_keepalive_probes": "3",
    "net.ipv4.tcp_keepalive_time": "1200",
    "net.ipv4.tcp_max_syn_backlog": "16384",
    "net.ipv4.tcp_max_tw_buckets": "600000",
    "net.ipv4.tcp_mtu_probing": "1",
    "net.ipv4.tcp_no_metrics_save": "1",
    "net.ipv4.tcp_notsent_lowat": "131072",
    "net.ipv4.tcp_orphan_retries": "3",
    "net.ipv4.tcp_retries2": "8",
    "net.ipv4.tcp_rfc1337": "1",
    "net.ipv4.tcp_rmem": "4096 131072 8388608",
    "net.ipv4.tcp_slow_start_after_idle": "0",
    "net.ipv4.tcp_syn_retries": "4",
    "net.ipv4.tcp_synack_retries": "3",
    "net.ipv4.tcp_tw_reuse": "1",
    "net.ipv4.tcp_wmem": "4096 65536 8388608",
}
OUR_FILE = "/etc/sysctl.d/99-zz-nettune-bench.conf"
OUR_JOURNAL = "/var/lib/nettune"
THEIR_FILE = "/etc/sysctl.d/90-bench.conf"

_SS = "ss -tan | awk 'NR > 1 {++S[$1]} END {for (s in S) print s, S[s]}'"


def one_run() -> list[dict[str, Any]]:
    """The play that sets all of them in one run of sysctl_profile."""
    options = {"name": "bench", "settings": PROFILE}
    return _play({"name": "Set the profile", "nettune.tcp.sysctl_profile": options})


def looped_runs() -> list[dict[str, Any]]:
    """The play that loops over them with ansible.posix.sysctl, whose other options are left at their defaults."""
    options = {"name": "{{ item.key }}", "value": "{{ item.value }}", "sysctl_file": THEIR_FILE}
    return _play(
        {"name": "Set a parameter", "ansible.posix.sysctl": options, "loop": "{{ settings | dict2items }}"},
        settings=PROFILE,
    )


def single_runs() -> list[dict[str, Any]]:
    """The play that sets each of them in a task of its own with ansible.posix.sysctl."""
    options = [{"name": key, "value": value, "sysctl_file": THEIR_FILE} for key, value in PROFILE.items()]
    return _play(*({"name": f"Set {one['name']}", "ansible.posix.sysctl": one} for one in options))


def gathering() -> dict[str, list[dict[str, Any]]]:
    """Plays of one task each: a module that does nothing, the TCP facts, and the usual pipeline."""
    return {
        "ping": _play({"name": "Do nothing", "ansible.builtin.ping": {}}),
        "tcp_facts": _play({"name": "Gather TCP facts", "nettune.tcp.tcp_facts": {}}),
        "ss": _play({"name": "Count sockets", "ansible.builtin.shell": _SS, "changed_when": False}),
    }


def _play(*tasks: dict[str, Any], **variables: Any) -> list[dict[str, Any]]:
    return [{"name": "Benchmark", "hosts": "web", "gather_facts": False, "vars": variables, "tasks": list(tasks)}]
