# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules are data: check them against the roles, the sets of remedies, the guide, and each other."""

from __future__ import annotations

from pathlib import Path

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import InvalidOption
from ansible_collections.nettune.tcp.plugins.module_utils._diagnosis import rules
from ansible_collections.nettune.tcp.plugins.module_utils._diagnosis.rule import SEVERITIES, Rule
from ansible_collections.nettune.tcp.plugins.module_utils._diagnosis.rules import (
    AVOID,
    DEFAULTS,
    FAMILIES,
    NOTES,
    ORDER,
    RULES,
    thresholds,
)

ROOT = Path(__file__).resolve().parents[5]
REMEDIES = [(rule, remedy) for rule in RULES for remedy in rule.remedies]
# Remedies that name something in `avoid`, but do not propose it.
NO_PROPOSAL = {("paws", "tcp_tw_recycle"): "tcp_tw_recycle = 0"}


def named(value):
    return getattr(value, "id", None) or getattr(value, "text", None) or str(value)


def test_the_order_names_every_rule_once():
    ids = [rule.id for family in FAMILIES for rule in family.RULES]
    assert len(ids) == len(set(ids)), f"two rules have the same id: {sorted(ids)}"
    missing, unknown = set(ids) - set(ORDER), set(ORDER) - set(ids)
    assert not missing, f"add {sorted(missing)} to ORDER in rules.py: causes before their effects"
    assert not unknown, (
        f"ORDER in rules.py names {sorted(unknown)}, which is in RULES of no rules_*.py: add or remove it"
    )
    assert len(ORDER) == len(set(ORDER)), "ORDER in rules.py names a rule twice"


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.__name__.rpartition(".")[2])
def test_a_family_lists_all_of_its_rules(family):
    defined = {value.id for value in vars(family).values() if isinstance(value, Rule)}
    assert defined == {rule.id for rule in family.RULES}, "add it to RULES at the end of the file"


def test_every_family_is_imported():
    folder = Path(rules.__file__).parent
    files = {path.stem for path in folder.glob("rules_*.py")}
    imported = {family.__name__.rpartition(".")[2] for family in FAMILIES}
    assert files == imported, f"add to FAMILIES in rules.py: {sorted(files - imported)}"


def test_rules_and_notes_share_no_id():
    assert not {rule.id for rule in RULES} & {note.id for note in NOTES}


@pytest.mark.parametrize("rule", RULES, ids=named)
def test_a_rule_is_complete(rule):
    assert rule.title
    assert rule.figures
    assert rule.cause.endswith(".")
    assert rule.remedies
    assert rule.sources
    assert set(rule.avoid) <= set(AVOID), "explain in AVOID in rules.py why it does not help"
    bounds = [rule.thresholds[name] for name in SEVERITIES if name in rule.thresholds]
    assert bounds == sorted(bounds)


def test_avoid_is_used():
    assert set(AVOID) == {token for rule in RULES for token in rule.avoid}


@pytest.mark.parametrize(("rule", "remedy"), REMEDIES, ids=named)
def test_no_remedy_proposes_what_to_avoid(rule, remedy):
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
def test_avoid_names_popular_advice_that_does_not_help(rule, hopeless):
    (found,) = [row for row in RULES if row.id == rule]
    assert hopeless in found.avoid


@pytest.mark.parametrize(
    ("rule", "remedy"), [pair for pair in REMEDIES if pair[1].kind == "sysctl" and pair[1].profile], ids=named
)
def test_the_profile_manages_the_parameters(rule, remedy):
    yaml = pytest.importorskip("yaml")
    sets = yaml.safe_load((ROOT / "roles/tuning/vars/main.yml").read_text())["__tuning_remedy_sets"]
    role = ROOT / "roles" / remedy.profile / "defaults" / "main.yml"
    held = (
        sets[remedy.profile]
        if remedy.profile in sets
        else yaml.safe_load(role.read_text())[f"{remedy.profile}_settings"]
    )
    assert remedy.keys
    assert set(remedy.keys) <= set(held), f"{remedy.profile} does not set {set(remedy.keys) - set(held)}"


@pytest.mark.parametrize(("rule", "remedy"), REMEDIES, ids=named)
def test_a_parameter_without_a_profile_names_tuning_settings(rule, remedy):
    if remedy.kind == "sysctl" and not remedy.profile:
        assert "tuning_settings" in remedy.text


def test_given_thresholds_replace_defaults():
    found = thresholds({"emfile": {"warning": "80", "seconds": 0.5}})
    assert found["emfile"] == {**DEFAULTS["emfile"], "warning": 80, "seconds": 0.5}
    assert {name: found[name] for name in found if name != "emfile"} == {
        name: DEFAULTS[name] for name in DEFAULTS if name != "emfile"
    }


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"emfiles": {}}, "thresholds has 'emfiles'; did you mean emfile"),
        ({"emfile": {"warnings": 1}}, "thresholds.emfile has 'warnings'; did you mean warning"),
        ({"emfile": 80}, "thresholds.emfile is 80; it must be like"),
        ({"emfile": {"warning": "high"}}, "thresholds.emfile.warning is 'high'; it must be a number, 0 or more"),
        ({"emfile": {"warning": -1}}, "it must be a number, 0 or more"),
        ({"emfile": {"warning": True}}, "it must be a number, 0 or more"),
        ({"emfile": {"warning": None}}, "it must be a number, 0 or more"),
        ([1], "thresholds is "),
    ],
)
def test_thresholds_that_are_refused(given, message):
    with pytest.raises(InvalidOption, match=message):
        thresholds(given)
