# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._diagnosis.finding_text import filled
from ansible_collections.nettune.tcp.tests.unit.support.diagnosed import found, host, queue
from ansible_collections.nettune.tcp.tests.unit.support.sick_hosts import SICK


@pytest.mark.parametrize(
    ("facts", "finding", "profiles"),
    [
        (host(states__LAST_ACK=120, queues__LAST_ACK=queue(unanswered=110, unowned=120)), "last_ack", {"orphans"}),
        (
            host(
                states__LAST_ACK=120,
                queues__LAST_ACK=queue(unanswered=110, unowned=120),
                sysctl__tcp_orphan_retries="2",
            ),
            "last_ack",
            set(),
        ),
        (host(states__LAST_ACK=120, queues__LAST_ACK=queue(unanswered=110, unowned=0)), "last_ack", set()),
        (SICK["ports nearly used up"][2], "port_exhaustion", {"client"}),
        (
            host(states__FIN_WAIT1=120, queues__FIN_WAIT1=queue(unanswered=120, unowned=120, sent=9000, persist=110)),
            "fin_wait1",
            set(),
        ),
        (
            host(states__FIN_WAIT1=120, queues__FIN_WAIT1=queue(unanswered=120, unowned=120, sent=9000, persist=10)),
            "fin_wait1",
            {"orphans"},
        ),
    ],
)
def test_only_remedies_that_help_here(facts, finding, profiles):
    remedies = found(facts)[finding]["remedies"]
    assert remedies
    assert {remedy["profile"] for remedy in remedies if remedy["profile"]} == profiles


@pytest.mark.parametrize(
    ("text", "evidence", "expected"),
    [
        ("{count} of {max}", {"count": 7.0}, "7 of ?"),
        ("{who}", {}, "the application"),
        ("{who}", {"pid": 7, "name": "x", "container": "abc"}, "x (PID 7, container abc)"),
        ("{who}", {"pid": 7, "unit": "x.service", "processes": 3}, "a process (PID 7 and 2 more, x.service)"),
        ("{owner}", {"pid": 7, "unit": "x.service"}, "x.service"),
        ("{where}", {"port": 80, "address": "::"}, "[::]:80"),
        ("{where}", {"port": 80, "address": "0.0.0.0"}, "0.0.0.0:80"),
        ("{where}", {}, "a listener"),
        ("{waiting}", {"queued": 129, "backlog": 128}, "129 queued, backlog 128"),
        ("{waiting}", {"overflows_per_second": 2.5}, "2.5 overflows/s"),
        ("{peer_list}", {"peers": [{"address": "192.0.2.1", "count": 3}]}, "192.0.2.1 (3)"),
        ("{peer_list}", {}, "unknown"),
        ("{fullest}", {"fullest_state": "LAST_ACK", "fullest_bytes": 9}, "sockets in LAST_ACK (9 bytes)"),
        ("{fullest}", {}, "queues that are not visible here"),
    ],
)
def test_texts_are_filled_with_evidence(text, evidence, expected):
    assert filled(text, evidence) == expected
