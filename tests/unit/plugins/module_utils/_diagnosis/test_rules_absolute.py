# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Large numbers beside still more connections in use, in the states that test_rules_unanswered.py does not judge."""

from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.tests.unit.support.diagnosed import found, host, queue
from ansible_collections.nettune.tcp.tests.unit.support.incident_threads import busy, process, towards, waiting


@pytest.mark.parametrize(
    ("count", "lingering", "is_found"), [(2000, 1990, True), (1999, 1990, False), (2000, 1599, False)]
)
def test_close_wait_that_lingers(count, lingering, is_found):
    facts = host(
        **busy(20000, 300.0),
        **process("app", 1048576, 24000, {"CLOSE_WAIT": lingering}, CLOSE_WAIT=count, ESTABLISHED=20000),
        states__CLOSE_WAIT=count,
    )
    assert ("close_wait" in found(facts)) is is_found


@pytest.mark.parametrize(("opened", "is_found"), [(500.0, True), (500.1, False), (None, False)])
def test_close_wait_of_unknown_processes_outlasts_the_turnover(opened, is_found):
    facts = host(**busy(20000, opened), processes=None, states__CLOSE_WAIT=2500, rates__states__CLOSE_WAIT=-1.0)
    assert ("close_wait" in found(facts)) is is_found


@pytest.mark.parametrize(
    ("destinations", "changes", "is_found"),
    [
        ([50] * 4, {}, True),
        ([50] * 3 + [49] * 3, {}, False),
        ([3] * 10, {}, False),
        # Single requests are lost everywhere.
        ([50] * 4, {"opened": 6100.0}, False),
        # Most of the outgoing connections fail.
        ([3] * 10, {"unanswered": 1000, "outgoing": 2000}, True),
        ([3] * 10, {"unanswered": 1000, "outgoing": 2001}, False),
        ([3] * 10, {"unanswered": 999, "outgoing": 100}, False),
    ],
)
def test_requests_without_an_answer(destinations, changes, is_found):
    unanswered = changes.get("unanswered", 300)
    facts = host(
        **busy(20000, 300.0, inbound=20000 - changes.get("outgoing", 5000)),
        **waiting("SYN_SENT", unanswered + 100, unanswered),
        **towards(*destinations),
        rates__Tcp__ActiveOpens=changes.get("opened", 100.0),
    )
    assert ("syn_sent" in found(facts)) is is_found


@pytest.mark.parametrize(
    ("unanswered", "completed", "growth", "is_found"),
    [
        (1000, 100.0, 0.0, True),
        (999, 10.0, 0.0, False),
        (3000, 300.1, 0.0, False),
        (3000, None, 0.0, False),
        (3000, 10.0, -40.0, False),
    ],
)
def test_handshakes_that_do_not_complete(unanswered, completed, growth, is_found):
    facts = host(
        **busy(9000, completed),
        **waiting("SYN_RECV", unanswered + 20, unanswered),
        listeners=[{"address": "::", "port": 443, "backlog": 65535, "queued": 0}],
        ports=[{"port": 443, "states": {"SYN_RECV": unanswered + 20}}],
        rates__states__SYN_RECV=growth,
    )
    assert ("syn_queue" in found(facts)) is is_found


@pytest.mark.parametrize(("requests", "is_found"), [(1022, True), (1021, False)])
def test_listeners_that_share_an_address_share_its_requests(requests, is_found):
    rows = [{"address": "::", "port": 443, "backlog": 511, "queued": 0}] * 2
    other = {"address": "127.0.0.1", "port": 443, "backlog": 128, "queued": 0}
    facts = host(
        rates=None,
        states__SYN_RECV=requests,
        listeners=[*rows, other],
        ports=[{"port": 443, "states": {"SYN_RECV": requests}}],
    )
    assert ("syn_queue" in found(facts)) is is_found


def test_half_closed_connections_explain_the_limit_that_they_fill():
    facts = host(
        **busy(2000, 900.0),
        **process("proxyd", 4096, 4090, {"FIN_WAIT2": 1990}, FIN_WAIT2=2000, ESTABLISHED=2000),
        states__FIN_WAIT2=2000,
        queues__FIN_WAIT2=queue(unowned=0),
    )
    findings = found(facts)
    assert {name: row["because_of"] for name, row in findings.items()} == {
        "fin_wait2_owned": None,
        "emfile": "fin_wait2_owned",
    }
