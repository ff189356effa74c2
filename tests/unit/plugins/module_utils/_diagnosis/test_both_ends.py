# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json

from ansible_collections.nettune.tcp.plugins.module_utils._diagnosis.both_ends import trimmed
from ansible_collections.nettune.tcp.plugins.module_utils._diagnosis.facts import facts_of
from ansible_collections.nettune.tcp.tests.unit.support.diagnosed import host


def test_the_facts_keep_their_shape():
    facts = host(addresses=["192.0.2.1"], states__CLOSE_WAIT=7, processes__0__listens=[80], processes__0__unread=3)
    kept = trimmed(facts)["nettune_tcp"]
    facts_of(kept)
    assert kept["addresses"] == ["192.0.2.1"]
    assert kept["states"]["CLOSE_WAIT"] == 7
    assert kept["ports"] == [{"port": 80, "states": {"ESTABLISHED": 390, "TIME_WAIT": 300}}]
    assert kept["processes"] == [
        {
            "pid": 711,
            "name": "nginx",
            "unit": "nginx.service",
            "container": None,
            "unread": 3,
            "listens": [80],
            "states": {"ESTABLISHED": 390},
        }
    ]
    assert not {"counters", "rates", "memory"} & set(kept)


def test_facts_that_are_not_available():
    names = ("peers", "ports", "ephemeral", "queues", "processes", "addresses")
    kept = trimmed(host(**dict.fromkeys(names, None)))["nettune_tcp"]
    assert set(names) & set(kept) == {"addresses"}
    assert set(trimmed({"nettune_tcp": {"partial": []}})["nettune_tcp"]) == set()


def test_a_busy_host_has_few_bytes():
    peers = [{"address": f"2001:db8:1234:5678::{number:x}", "count": 10000 + number} for number in range(10)]
    states = ("ESTABLISHED", "SYN_RECV", "FIN_WAIT1", "FIN_WAIT2", "TIME_WAIT", "CLOSE_WAIT", "LAST_ACK")
    row = host()["nettune_tcp"]["processes"][0]
    process = {**row, "states": dict.fromkeys(states, 1000), "unread": 1000, "listens": [80, 443]}
    busy = host(peers=dict.fromkeys(states, peers), processes=[process] * 10)
    assert len(json.dumps(trimmed(busy))) < 10_000
