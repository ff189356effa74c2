# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Facts of a healthy host, as tcp_facts returns them with all subsets and a sample, and variations of them."""

from __future__ import annotations

import copy
from typing import Any

from ansible_collections.nettune.tcp.plugins.module_utils._diagnosis.engine import diagnose
from ansible_collections.nettune.tcp.plugins.module_utils._formats.proc_net import TCP, TCP_EXT
from ansible_collections.nettune.tcp.plugins.module_utils._formats.tcp_state import NAMES

_HEALTHY: dict[str, Any] = {
    "nettune_tcp": {
        "states": {**dict.fromkeys(NAMES, 0), "ESTABLISHED": 400, "TIME_WAIT": 300, "LISTEN": 4},
        "total": 704,
        "listeners": [
            {"address": "0.0.0.0", "port": 22, "backlog": 128, "queued": 0},
            {"address": "::", "port": 80, "backlog": 511, "queued": 3},
        ],
        "counters": {"Tcp": dict.fromkeys(TCP, 1000), "TcpExt": dict.fromkeys(TCP_EXT, 10)},
        "rates": {
            "Tcp": {**dict.fromkeys(TCP, 0.0), "InSegs": 800.0, "OutSegs": 900.0},
            "TcpExt": dict.fromkeys(TCP_EXT, 0.0),
            "states": dict.fromkeys(NAMES, 0.0),
            "unowned": {},
            "seconds": 5.0,
            "processes": [{"pid": 711, "descriptors": 0.0, "ghosts": 0.0, "states": dict.fromkeys(NAMES, 0.0)}],
        },
        "ports": [{"port": 80, "states": {**dict.fromkeys(NAMES, 0), "ESTABLISHED": 390, "TIME_WAIT": 300}}],
        "peers": {"ESTABLISHED": [{"address": "192.0.2.7", "count": 40}]},
        "ephemeral": {
            "range": [32768, 60999],
            "reserved": [],
            "available": 28232,
            "busiest": [
                {
                    "source": "192.0.2.1",
                    "destination": "192.0.2.9",
                    "port": 5432,
                    "used": 20,
                    "ratio": 0.0007,
                    "time_wait": 0,
                }
            ],
        },
        "queues": {
            "ESTABLISHED": {
                "recv_q": {"bytes": 2000, "sockets": 3},
                "send_q": {"bytes": 90000, "sockets": 20},
                "timers": {"off": 300, "on": 20, "keepalive": 80, "timewait": 0, "persist": 0},
                "inbound": 390,
                "unowned": 3,
                "unanswered": 1,
            }
        },
        "processes": [
            {
                "pid": 711,
                "name": "nginx",
                "unit": "nginx.service",
                "container": None,
                "states": {**dict.fromkeys(NAMES, 0), "ESTABLISHED": 390, "LISTEN": 2},
                "descriptors": 420,
                "nofile": {"soft": 1024, "hard": 524288},
                "ghosts": 0,
                "lingering": {"CLOSE_WAIT": 0},
            }
        ],
        "orphans": {"count": 12, "max": 131072},
        "time_wait": {"count": 300, "max": 131072, "bytes": 76800},
        "conntrack": {"count": 2000, "max": 262144, "buckets": 65536},
        "memory": {"pages": 300, "low": 92199, "pressure": 122935, "high": 184398},
        "source": "netlink",
        "partial": [],
    },
    "nettune_sysctl": {"keys": {"net.ipv4.tcp_syncookies": {"value": "1"}}},
    "nettune_nofile": {
        "system": {"file_max": 2466177, "nr_open": 1048576, "allocated": 4000},
        "processes": [{"pid": 1, "name": "systemd", "unit": None, "descriptors": 90, "soft": 1048576, "ghosts": 0}],
    },
}


def host(**changes: Any) -> dict[str, Any]:
    """Return healthy facts with changes, e.g. host(states__CLOSE_WAIT=7, sysctl__tcp_tw_reuse="1")."""
    facts = copy.deepcopy(_HEALTHY)
    for path, value in changes.items():
        names: list[Any] = [int(name) if name.isdigit() else name for name in path.split("__")]
        place: Any = facts
        if names[0] == "sysctl":
            names = ["nettune_sysctl", "keys", f"net.ipv4.{names[1]}", "value"]
        elif names[0] == "nofile":
            names[0] = "nettune_nofile"
        else:
            names.insert(0, "nettune_tcp")
        for name in names[:-1]:
            place = place.setdefault(name, {}) if isinstance(place, dict) else place[name]
        place[names[-1]] = value
    return facts


def queue(
    unanswered: int = 0, unowned: int = 0, inbound: int = 0, sent: int = 0, received: int = 0, **timers: int
) -> dict:
    """Return one state of the fact queues."""
    return {
        "recv_q": {"bytes": received, "sockets": bool(received) * 10},
        "send_q": {"bytes": sent, "sockets": unanswered},
        "timers": {"off": 0, "on": 0, "keepalive": 0, "timewait": 0, "persist": 0, **timers},
        "inbound": inbound,
        "unowned": unowned,
        "unanswered": unanswered,
    }


def found(facts, **options):
    """Return the findings by id."""
    return {finding["id"]: finding for finding in diagnose(facts, **options)["findings"]}
