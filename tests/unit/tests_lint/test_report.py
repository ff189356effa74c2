# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.tests.lint.report import PAGE, SOURCES, judged, text


def test_page_is_current():
    assert PAGE.read_text() == text(), "run python -m tests.lint to update the page"


# What an experienced engineer would say, by source and file, without files in which everything is ok.
EXPECTED = {
    "000": {
        "limits": {"fs.file-max": "lowers"},
        "reuse": {"net.ipv4.tcp_tw_recycle": "removed"},
        "conntrack": {
            "net.ipv4.netfilter.ip_conntrack_tcp_timeout_time_wait": "renamed",
            "net.ipv4.netfilter.ip_conntrack_tcp_timeout_close_wait": "renamed",
            "net.ipv4.netfilter.ip_conntrack_tcp_timeout_fin_wait": "renamed",
        },
        "general": {
            "net.ipv4.tcp_tw_recyle": "typo",
            "net.ipv4.tcp_keepalive_time": "ordering",
            "net.ipv4.tcp_max_syn_backlog": "no_effect",
            "net.ipv4.tcp_tw_recycle": "removed",
            "net.ipv4.ip_local_port_range": "hazard",
            "net.ipv4.tcp_max_tw_buckets": "lowers",
        },
        "million": {"fs.file-max": "lowers", "net.ipv4.tcp_tw_recycle": "removed"},
    },
    "001": {
        "squid": {
            "net.ipv4.tcp_tw_recycle": "removed",
            "net.ipv4.ip_local_port_range": "hazard",
            "net.ipv4.tcp_max_syn_backlog": "no_effect",
            "net.ipv4.tcp_max_tw_buckets": "lowers",
        },
        "web": {"net.ipv4.tcp_tw_recycle": "removed", "net.ipv4.ip_local_port_range": "hazard"},
        "mail": {
            "net.ipv4.tcp_tw_recycle": "removed",
            "net.ipv4.ip_local_port_range": "hazard",
            "kernel.shmmax": "lowers",
        },
    },
    "002": {
        "keepalive to try": {"net.ipv4.tcp_keepalive_intvl": "hazard"},
        "time wait": {"net.ipv4.tcp_tw_recycle": "removed"},
        "last ack session": {
            "net.ipv4.netfilter.ip_conntrack_tcp_timeout_last_ack": "renamed",
            "net.ipv4.tcp_retries2": "hazard",
            "net.ipv4.tcp_syncookies": "hazard",
        },
        "close wait": {"net.ipv4.tcp_keepalive_intvl": "hazard"},
        "fin wait1": {"net.ipv4.tcp_orphan_retries": "wrong_direction"},
    },
    "003": {"defaults": {"net.ipv4.tcp_tw_recycle": "removed"}},
    "004": {
        "time wait": {
            "net.ipv4.tcp_tw_recycle": "removed",
            "net.ipv4.tcp_fin_timeout": "invalid",
            "net.ipv4.tcp_max_tw_buckets": "lowers",
        }
    },
}


@pytest.mark.parametrize("source", SOURCES)
def test_verdicts(source):
    worse = {
        name: {row["key"]: row["verdict"] for row in rows if row["verdict"] != "ok"} for name, rows in judged(source)
    }
    assert {name: found for name, found in worse.items() if found} == EXPECTED[source]
