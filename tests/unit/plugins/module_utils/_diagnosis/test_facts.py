# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Any facts lead to a diagnosis or to one error."""

from __future__ import annotations

import copy

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import MalformedInput, NettuneError
from ansible_collections.nettune.tcp.plugins.module_utils._diagnosis.engine import diagnose
from ansible_collections.nettune.tcp.plugins.module_utils._diagnosis.rules import RULES
from ansible_collections.nettune.tcp.plugins.module_utils._formats.proc_net import TCP_EXT
from ansible_collections.nettune.tcp.plugins.module_utils._formats.tcp_state import NAMES
from ansible_collections.nettune.tcp.tests.unit.support.diagnosed import found, host, queue

IDS = [rule.id for rule in RULES]
DESTINATION = {"source": "192.0.2.1", "destination": "192.0.2.9", "port": 443}


@pytest.mark.parametrize(
    ("facts", "message"),
    [
        (None, "facts must be a dictionary, not None"),
        ([], "facts must be a dictionary, not a list"),
        ("x" * 500, "facts must be a dictionary, not 'xxx"),
        ({}, "no facts of nettune.tcp.tcp_facts were given"),
        ({"ansible_hostname": "web1"}, "no facts of nettune.tcp.tcp_facts were given"),
        ({"nettune_tcp": None}, "nettune_tcp must be a dictionary, not None"),
        ({"states": 3}, "nettune_tcp.states must be a dictionary, not 3"),
        (
            {"states": {"CLOSE_WAIT": "many"}},
            "nettune_tcp.states.CLOSE_WAIT must be a whole number, 0 or more, not 'many'",
        ),
        ({"total": 1.5}, "nettune_tcp.total must be a whole number, 0 or more, not 1.5"),
        ({"total": 10**400}, "nettune_tcp.total must be a whole number, 0 or more, not 1000"),
        ({"states": {"CLOSE_WAIT": -1}}, "nettune_tcp.states.CLOSE_WAIT must be a whole number, 0 or more, not -1"),
        ({"states": {"CLOSE_WAIT": True}}, "nettune_tcp.states.CLOSE_WAIT must be a whole number, 0 or more, not True"),
        ({"rates": {"TcpExt": {"TW": float("nan")}}}, "nettune_tcp.rates.TcpExt.TW must be a number, not nan"),
        ({"processes": {"pid": 1}}, "nettune_tcp.processes must be a list, not a dictionary"),
        ({"processes": [{"pid": 1}, None]}, r"nettune_tcp.processes\[1\] is null"),
        ({"peers": {"LAST_ACK": [{"address": 7}]}}, r"nettune_tcp.peers.LAST_ACK\[0\].address must be text, not 7"),
    ],
)
def test_malformed_facts_are_one_error(facts, message):
    with pytest.raises(MalformedInput, match=message):
        diagnose(facts)


def places(value, path=()):
    """Yield the path of every value in nested facts."""
    for key, held in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield (*path, key)
        yield from places(held, (*path, key))


def changed(facts, path, value):
    facts = copy.deepcopy(facts)
    place = facts
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    return facts


# Nearly every rule applies.
EVERYTHING = host(
    states={**dict.fromkeys(NAMES, 9000), "TIME_WAIT": 4000, "ESTABLISHED": 20000},
    processes__0={
        "pid": 711,
        "name": "x",
        "unit": None,
        "container": "abc",
        "descriptors": 1020,
        "ghosts": 400,
        "states": {"CLOSE_WAIT": 500},
        "lingering": {"CLOSE_WAIT": 499},
        "nofile": {"soft": 1024, "hard": 4096},
    },
    queues={state: queue(unanswered=8000, unowned=9000, sent=70000, received=9, on=9000) for state in NAMES},
    peers={state: [{"address": "192.0.2.1", "count": 9}] for state in NAMES},
    ports=[{"port": 80, "states": {"SYN_RECV": 900, "TIME_WAIT": 4000}}],
    listeners=[{"address": "0.0.0.0", "port": 80, "backlog": 128, "queued": 129}],
    ephemeral__busiest=[{**DESTINATION, "used": 27000, "ratio": 0.95, "time_wait": 4000}],
    ephemeral__sources=[{"source": "192.0.2.2", "ports": 28000, "sockets": 28000, "ratio": 0.99}],
    ephemeral__unanswered=[{**DESTINATION, "count": 8000}],
    orphans={"count": 90000, "max": 100000},
    time_wait={"count": 5000, "max": 5000, "bytes": 9},
    conntrack={"count": 262000, "max": 262144, "buckets": 65536},
    memory__pages=180000,
    rates__states__CLOSE_WAIT=4.0,
    rates__processes__0={"pid": 711, "descriptors": 9.0, "ghosts": 1.0, "states": {"CLOSE_WAIT": 4.0}},
    rates__TcpExt=dict.fromkeys(TCP_EXT, 9.0),
    rates__Tcp__InSegs=1.0,
    rates__Tcp__RetransSegs=300.0,
    sysctl__tcp_tw_recycle="1",
    nofile__system={"file_max": 1000, "allocated": 990},
    nofile__rates={"allocated": 3.0, "processes": [{"pid": 1, "descriptors": 5.0}]},
    partial=[{"what": "memory.low", "reason": "absent"}],
)


def test_nearly_every_rule_can_apply_at_once():
    assert len(found(EVERYTHING)) >= len(IDS) - 2


@pytest.mark.long
@pytest.mark.parametrize("value", [None, 0, 10**12, -3.5, "text", [], {}, [None], {"x": {"y": []}}], ids=repr)
def test_any_value_leads_to_a_diagnosis_or_an_error(value):
    for path in places(EVERYTHING):
        try:
            answer = diagnose(changed(EVERYTHING, path, value))
        except NettuneError:
            continue
        assert [finding["primary"] for finding in answer["findings"]][:1] in ([], [True])


@pytest.mark.long
def test_any_fact_may_be_missing():
    for path in places(EVERYTHING["nettune_tcp"]):
        without = copy.deepcopy(EVERYTHING)
        place = without["nettune_tcp"]
        for key in path[:-1]:
            place = place[key]
        del place[path[-1]]
        assert set(diagnose(without)) == {"findings", "notes", "unjudged"}


@pytest.mark.parametrize("wrapped", [lambda facts: facts, lambda facts: {"ansible_facts": facts, "changed": False}])
def test_facts_in_a_result(wrapped):
    assert "emfile" in found(wrapped(host(processes__0__descriptors=1001)))


def test_bare_facts():
    assert "emfile" in found(host(processes__0__descriptors=1001)["nettune_tcp"])
