# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._diagnosis.engine import diagnose
from ansible_collections.nettune.tcp.tests.unit.support.diagnosed import found, host
from ansible_collections.nettune.tcp.tests.unit.support.sick_hosts import HEALTHY

DESTINATION = {"source": "192.0.2.1", "destination": "192.0.2.9", "port": 443}


@pytest.mark.parametrize(
    ("facts", "side", "says"),
    [
        (HEALTHY["TIME_WAIT of a server"], "server", "20000 in TIME_WAIT: leave it alone;"),
        (host(states__TIME_WAIT=9000, ports=[{"port": 80, "states": {"TIME_WAIT": 8000}}]), "server", "uses no port"),
        (HEALTHY["TIME_WAIT of a client with enough ports"], "client", "enough ports are free"),
        (host(states__TIME_WAIT=9000, ports=None), None, "enough ports are free"),
        (host(states__TIME_WAIT=9000, ports=None, ephemeral=None), None, "which was not judged"),
    ],
)
def test_time_wait_is_left_alone(facts, side, says):
    (note,) = diagnose(facts)["notes"]
    assert (note["id"], note["evidence"].get("side")) == ("time_wait", side)
    assert says in note["text"]


@pytest.mark.parametrize(("most", "profile"), [(5000, "squid"), (262144, None), (300000, None)])
def test_the_role_is_named_if_it_sets_more_buckets(most, profile):
    facts = host(rates__TcpExt__TCPTimeWaitOverflow=2.0, time_wait={"count": most, "max": most, "bytes": None})
    remedy = found(facts)["tw_overflow"]["remedies"][0]
    assert (remedy["kind"], remedy["profile"]) == ("sysctl", profile)


@pytest.mark.parametrize("time_wait", [{"time_wait": 10}, {}], ids=["reported", "fewer in TIME_WAIT"])
def test_tcp_tw_reuse_does_not_help_with_open_connections(time_wait):
    row = {**DESTINATION, "used": 27000, "ratio": 0.9564, **time_wait}
    facts = host(ephemeral__busiest=[row])
    assert not any("tw_reuse" in remedy["text"] for remedy in found(facts)["port_exhaustion"]["remedies"])
