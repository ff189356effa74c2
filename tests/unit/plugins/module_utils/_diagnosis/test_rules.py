# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules are data, so they are held against what they speak of: roles, sets of remedies, the guide, and each other."""

from __future__ import annotations

from pathlib import Path

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._diagnosis.rule import SEVERITIES
from ansible_collections.nettune.tcp.plugins.module_utils._diagnosis.rules import AVOID, NOTES, RULES
from ansible_collections.nettune.tcp.plugins.module_utils._diagnosis.thresholds import DEFAULTS

ROOT = Path(__file__).resolve().parents[5]
IDS = {
    *("port_exhaustion", "tw_overflow", "close_wait", "ghost_descriptors", "last_ack", "fin_wait1", "closing"),
    *("fin_wait2_orphaned", "fin_wait2_owned", "syn_queue", "accept_queue", "emfile", "enfile", "conntrack"),
    *("tcp_memory", "paws", "idle_established"),
}
REMEDIES = [(rule, remedy) for rule in RULES for remedy in rule.remedies]
# What would be taken for proposing what stands in `avoid`, and is not.
NO_PROPOSAL = {("paws", "tcp_tw_recycle"): "tcp_tw_recycle = 0"}


def named(value):
    return getattr(value, "id", None) or getattr(value, "text", None) or str(value)


def test_there_are_these_rules():
    assert {rule.id for rule in RULES} == IDS
    assert len({row.id for row in (*RULES, *NOTES)}) == len(RULES) + len(NOTES)


@pytest.mark.parametrize("rule", RULES, ids=named)
def test_a_rule_says_everything(rule):
    assert rule.title
    assert rule.cause.endswith(".")
    assert rule.remedies
    assert rule.sources
    assert set(rule.avoid) <= set(AVOID)
    bounds = [rule.thresholds[name] for name in SEVERITIES if name in rule.thresholds]
    assert bounds == sorted(bounds)


def test_everything_to_avoid_is_told_of_somewhere():
    assert set(AVOID) == {token for rule in RULES for token in rule.avoid}


@pytest.mark.parametrize(("rule", "remedy"), REMEDIES, ids=named)
def test_no_remedy_proposes_what_is_to_be_avoided(rule, remedy):
    assert remedy.kind in ("application", "sysctl", "nofile", "network")
    for token in rule.avoid:
        text = remedy.text.replace(NO_PROPOSAL.get((rule.id, token), "-"), "")
        assert token not in text
        assert token != remedy.profile
        assert not any(key.endswith(token) for key in remedy.keys)


@pytest.mark.parametrize(
    ("rule", "hopeless"),
    [
        ("close_wait", "keepalive"),
        ("ghost_descriptors", "keepalive"),
        ("port_exhaustion", "tcp_fin_timeout"),
        ("tw_overflow", "tcp_fin_timeout"),
        ("port_exhaustion", "tcp_tw_recycle"),
        ("last_ack", "conntrack_timeouts"),
        ("last_ack", "tcp_retries2"),
        ("fin_wait1", "tcp_retries2"),
        ("closing", "tcp_fin_timeout"),
        ("fin_wait2_owned", "tcp_fin_timeout"),
        ("close_wait", "conntrack_timeouts"),
    ],
)
def test_what_cannot_help_is_named(rule, hopeless):
    (found,) = [row for row in RULES if row.id == rule]
    assert hopeless in found.avoid


@pytest.mark.parametrize(
    ("rule", "remedy"), [pair for pair in REMEDIES if pair[1].kind == "sysctl" and pair[1].profile], ids=named
)
def test_a_role_or_a_set_of_remedies_holds_the_parameters(rule, remedy):
    yaml = pytest.importorskip("yaml")
    sets = yaml.safe_load((ROOT / "roles/tuning/vars/main.yml").read_text())["tuning_remedy_sets"]
    role = ROOT / "roles" / remedy.profile / "defaults" / "main.yml"
    held = (
        sets[remedy.profile]
        if remedy.profile in sets
        else yaml.safe_load(role.read_text())[f"{remedy.profile}_settings"]
    )
    assert remedy.keys
    assert set(remedy.keys) <= set(held)


@pytest.mark.parametrize(("rule", "remedy"), REMEDIES, ids=named)
def test_what_no_role_holds_has_its_variable(rule, remedy):
    if remedy.kind == "sysctl" and not remedy.profile:
        assert "tuning_settings" in remedy.text


@pytest.mark.parametrize("row", [*RULES, *NOTES], ids=named)
def test_the_guide_tells_of_it_and_its_thresholds(row):
    guide = (ROOT / "docs/docsite/rst/guide_diagnosing.rst").read_text()
    told = next(part for part in guide.split("\n   * - ") if f"``{row.id}``" in part or row in NOTES)
    for name, value in DEFAULTS.get(row.id, {}).items():
        assert f"``{name}`` {value}" in (guide if row in NOTES else told)
