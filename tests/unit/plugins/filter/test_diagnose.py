# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.nettune.tcp.plugins.filter.diagnose import diagnose

FACTS = {"nettune_tcp": {"states": {"CLOSE_WAIT": 7729, "ESTABLISHED": 471, "SYN_SENT": 80}}}
OWN = {
    "id": "no_backend",
    "expression": "states.SYN_SENT > `50` && {count: states.SYN_SENT, peers: peers.SYN_SENT}",
    "title": "{count} connections get no answer from {peer_list}",
    "remedies": [{"kind": "network", "text": "Look at {found}"}],
}


def test_findings_of_facts():
    (finding,) = diagnose(FACTS)["findings"]
    assert (finding["id"], finding["primary"]) == ("close_wait", True)


def test_thresholds_may_be_positional():
    assert diagnose(FACTS, {"close_wait": {"count": 8000}})["findings"] == []


def test_additional_rules():
    found = diagnose(FACTS, rules=[{**OWN, "severity": "info"}])["findings"]
    assert [(finding["id"], finding["primary"]) for finding in found] == [("close_wait", True), ("no_backend", False)]
    assert found[1]["title"] == "80 connections get no answer from unknown"
    assert found[1]["remedies"] == [{"kind": "network", "text": "Look at ?", "profile": None}]
    assert diagnose(FACTS, rules=[{**OWN, "expression": "states.SYN_SENT > `500`"}])["findings"] == [found[0]]


def test_rules_see_sysctl_and_nofile_facts():
    facts = {**FACTS, "nettune_sysctl": {"keys": {"net.core.somaxconn": {"value": "128"}}}}
    rule = {**OWN, "expression": 'sysctl.keys."net.core.somaxconn".value', "title": "somaxconn is {found}"}
    titles = {finding["id"]: finding["title"] for finding in diagnose(facts, rules=[rule])["findings"]}
    assert titles["no_backend"] == "somaxconn is 128"


@pytest.mark.parametrize(
    ("facts", "options", "message"),
    [
        ("x", {}, "diagnose: facts must be a dictionary, not 'x'"),
        ({}, {}, "diagnose: no facts of nettune.tcp.tcp_facts were given"),
        (FACTS, {"thresholds": {"close_wai": {}}}, "diagnose: thresholds has 'close_wai'; did you mean close_wait"),
        (FACTS, {"rules": [{**OWN, "expression": "states["}]}, "is not a valid JMESPath expression"),
        (FACTS, {"rules": [{**OWN, "expression": "sort_by(states, &x)"}]}, "cannot be evaluated"),
        (FACTS, {"rules": {"id": "x"}}, "diagnose: rules is "),
        ({"nettune_tcp": object()}, {}, "diagnose: a value of type object"),
    ],
)
def test_invalid_values_and_options(facts, options, message):
    with pytest.raises(AnsibleFilterError, match=message):
        diagnose(facts, **options)
