# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values of any type, given with -e as JSON and in an inventory: those that are refused, and those that are right."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.nettune.tcp.plugins.plugin_utils.fleet import query
from ansible_collections.nettune.tcp.tests.unit.support.playbook_inputs import INVENTORY, Inputs, assert_one

TRIAL = {
    "nettune_trial_key": "net.ipv4.tcp_orphan_retries",
    "nettune_trial_candidates": [3, 5],
    "nettune_trial_minimise": "states.LAST_ACK",
}
# Playbook, variables, and words of the sentence. They are given as JSON with -e, and in a YAML inventory.
VALUES: list[tuple[Any, ...]] = [
    ("facts", {"nettune_top": [[1]]}, "nettune_top is [[1]]; it must be a whole number"),
    ("facts", {"nettune_top": True}, "nettune_top is true; it must be a whole number"),
    ("facts", {"nettune_top": "{{ nope }}"}, "nettune_top: its template cannot be evaluated: 'nope' is undefined"),
    ("facts", {"nettune_sample": {"a": 1}}, "nettune_sample is {", "it must be a number"),
    ("facts", {"nettune_subset": {"min": True}}, "nettune_subset is {", "it must be a list"),
    ("facts", {"nettune_subset": [None]}, "nettune_subset contains null; each element must be text"),
    ("facts", {"nettune_output": ["a.json"]}, "nettune_output is [", "it must be text"),
    ("facts", {"nettune_allow_variables": {"a": 1}}, "nettune_allow_variables is {", "it must be a list"),
    ("query", {"nettune_query": ["hosts"]}, "nettune_query is [", "it must be text"),
    ("lint", {"nettune_file": {}}, "nettune_file is {}; it must be text"),
    ("lint", {"nettune_file": None}, "nettune_file is required"),
    ("diagnose", {"nettune_thresholds": {"emfil": {}}}, "nettune_thresholds has 'emfil'; did you mean emfile?"),
    ("diagnose", {"nettune_thresholds": {"emfile": 80}}, "nettune_thresholds.emfile is 80"),
    ("verify", {"tuning_nofile_best_effort": []}, "tuning_nofile_best_effort is []; it must be true or false"),
    ("diagnose", {"nettune_thresholds": [1]}, "nettune_thresholds is [1]; it must be a dictionary"),
    ("verify", {"nettune_expect": [{"a": 1}]}, "nettune_expect contains {", "must be text"),
    ("revert", {"nettune_profile": True}, "nettune_profile is true; it must be text: write 'true' in quotes"),
    ("trial", {**TRIAL, "nettune_trial_key": "fin_timeout"}, "nettune_trial_key: 'fin_timeout' has only one part"),
    ("trial", {**TRIAL, "nettune_trial_candidates": "3,x"}, "nettune_trial_candidates: ", "'x' is not a whole number"),
    ("trial", {**TRIAL, "nettune_trial_candidates": [None]}, "nettune_trial_candidates: ", "None is neither"),
    ("trial", {**TRIAL, "nettune_trial_minimise": ["x"]}, 'nettune_trial_minimise is ["x"]; it must be text'),
    ("trial", {**TRIAL, "nettune_trial_maximise": "total"}, "only one of nettune_trial_minimise and nettune_trial_max"),
    ("trial", {**TRIAL, "nettune_trial_guards": "total >"}, "nettune_trial_guards: 'total >' is malformed"),
    ("trial", {**TRIAL, "nettune_trial_name": "A.B"}, "nettune_trial_name: 'A.B' is not allowed", "did you mean a_b?"),
    ("tune_web", {"web_nofile": [65536]}, "web_nofile is [65536]; it must be a whole number"),
    ("tune_web", {"web_nofile": True}, "web_nofile is true; it must be a whole number"),
    ("tune_web", {"web_nofile": 1.5}, "web_nofile is 1.5; it must be a whole number"),
    ("tune_web", {"web_nofile": 10**400}, "web_nofile is a number with hundreds of digits"),
    ("tune_web", {"web_settings": 5}, "web_settings is 5; it must be a dictionary"),
    ("tune_web", {"tuning_nofile": "{{ web_nofiles }}"}, "tuning_nofile: its template cannot be evaluated"),
    ("tune_web", {"tuning_settings": ["net.ipv4.tcp_sack"]}, "tuning_settings is [", "it must be a dictionary"),
    ("tune_web", {"tuning_settings": {"net.ipv4.tcp_sack": [[1]]}}, "tuning_settings: net.ipv4.tcp_sack: [[1]]"),
    ("tune_web", {"tuning_settings": {"net.ipv4.tcp_sack": {"valeu": 1}}}, "did you mean value?"),
    ("tune_web", {"tuning_overrides": {"net.ipv4.tcp_sack": True}}, "tuning_overrides: net.ipv4.tcp_sack: True"),
    ("tune_web", {"tuning_reserved_ports": [[7005]]}, "tuning_reserved_ports: [7005] is neither a port nor a range"),
    ("tune_web", {"tuning_reserved_ports": [True]}, "tuning_reserved_ports: true is neither a port nor a range"),
    ("tune_web", {"tuning_services": {"nginx": True}}, "tuning_services is {", "it must be a list"),
    ("tune_web", {"tuning_health_command": ["curl", "x"]}, "tuning_health_command is [", "it must be text"),
    ("tune_web", {"tuning_persitent": False}, "did you mean tuning_persistent?"),
]
# A line of an INI inventory, and words of the sentence; none for a right value.
LINES: list[tuple[str, ...]] = [
    ("web_nofile=many", "web_nofile is 'many'; it must be a whole number"),
    ("tuning_persistent=falsch", "tuning_persistent is 'falsch'; it must be true or false"),
    ("tuning_persitent=false", "web1, web2: tuning_persitent is not", "did you mean tuning_persistent?"),
    ("tuning_reserved_ports=['7005'", "tuning_reserved_ports is ", "it must be a list, or values separated by"),
    ("tuning_remedies=keepalive orphans", "contains 'keepalive orphans'; did you mean keepalive?"),
    ("tuning_accept_hazards=all", "tuning_accept_hazards contains 'all'; allowed are tw_recycle"),
    *((f"web_nofile={text}",) for text in ("9000  # many", "'9000'", "None", "")),
    *((f"tuning_persistent={text}",) for text in ("False", "0")),
    *((f"tuning_reserved_ports={text}",) for text in ("7005", "7005,8000-8100", "[7005, '8000-8100']")),
    *((f"tuning_settings={text}",) for text in ("{'net.ipv4.tcp_sack': 1}", "{net.ipv4.tcp_sack: 1}")),
    *((text,) for text in ("tuning_services=['nginx', 'redis']", "tuning_remedies=keepalive, orphans")),
    *((text,) for text in ("web_nofil=3", "web_root=/srv")),
    ("nettune_allow_variables=tuning_persitent\ntuning_persitent=3",),
]
ACCEPTED: list[tuple[str, dict[str, Any]]] = [
    ("facts", {"nettune_top": "5", "nettune_subset": "min", "nettune_output": None}),
    ("facts", {"nettune_top": 5.0, "nettune_subset": ["min", "!counters"], "nettune_sample": "0.5"}),
    ("facts", {"nettune_top": None, "nettune_source": ""}),
    ("facts", {"web_root": "/srv", "http_port": 80, "nettuned": 3, "sample": 3, "user": "root"}),
    ("trial", {**TRIAL, "nettune_trial_candidates": "3,7"}),
    *((playbook, {"nettune_fail_on": "never"}) for playbook in ("diagnose", "verify")),
    ("verify", {"tuning_nofile_best_effort": "{{ 1 == 2 }}", "tuning_nofile": []}),
    ("tune_web", {"tuning_nofile": ""}),
    ("tune_web", {"tuning_nofile": None, "tuning_settings": None, "tuning_services": ""}),
    ("tune_web", {"tuning_nofile": "{{ 1024 * 64 }}", "tuning_persistent": "no", "tuning_services": "nginx"}),
    ("tune_web", {"tuning_settings": {"net.ipv4.tcp_sack": None, "net.ipv4.tcp_mem": "1 2 3"}}),
    ("tune_web", {"tuning_reserved_ports": [7005, "8000-8100"], "tuning_users": ["*"]}),
    ("tune_web", {"tuning_accept_hazards": "memory", "tuning_remedies": ["orphans"], "tuning_confirm_within": 0}),
    # Linux 5.12 and later accept 3, older kernels do not.
    ("tune_web", {"tuning_settings": {"net.ipv4.fib_multipath_hash_policy": 3}}),
    ("trial", {**TRIAL, "nettune_trial_key": "net.ipv4.fib_multipath_hash_policy"}),
    ("tune_web", {"web_root": "/srv", "tuned": 1, "tuning_packages": 3}),
]


@pytest.fixture
def inputs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Inputs:
    return Inputs(monkeypatch, tmp_path)


def sentences_about(inputs: Inputs, source: str, playbook: str, given: dict[str, Any]) -> list[str]:
    """Return what a playbook says about variables from a source."""
    if source == "-e":
        return inputs.sentences(playbook, json.dumps(given))
    return inputs.sentences(playbook, inventory=f"all: {{hosts: {{web1: {json.dumps(given)}}}}}\n")


@pytest.mark.parametrize("source", ["-e", "inventory"])
@pytest.mark.parametrize(("playbook", "given", "words"), [(one[0], one[1], one[2:]) for one in VALUES])
def test_values(inputs: Inputs, source: str, playbook: str, given: dict[str, Any], words: Any) -> None:
    assert_one(sentences_about(inputs, source, playbook, given), words)


@pytest.mark.parametrize("source", ["-e", "inventory"])
@pytest.mark.parametrize(("playbook", "given"), ACCEPTED)
def test_right_values_are_accepted(inputs: Inputs, source: str, playbook: str, given: dict[str, Any]) -> None:
    assert sentences_about(inputs, source, playbook, given) == []


@pytest.mark.parametrize(("text", "words"), [(one[0], one[1:]) for one in LINES])
def test_lines_of_an_ini_inventory(inputs: Inputs, text: str, words: tuple[str, ...]) -> None:
    found = inputs.sentences("tune_web", inventory=f"{INVENTORY}{text}\n")
    if words:
        assert_one(found, words)
    else:
        assert found == []


@pytest.mark.skipif(query.jmespath is None, reason="jmespath is not installed")
@pytest.mark.parametrize("text", ["hosts[", "5", "{{ '{{' }}"])
def test_query(inputs: Inputs, text: str) -> None:
    found = inputs.sentences("query", json.dumps({"nettune_query": text}))
    assert_one(found, ("is not a valid JMESPath expression",))


def test_names_of_the_inventory_are_the_users_own(inputs: Inputs) -> None:
    names = "profile=production\nformat=x\ntarget=db\ntargets=db\ntuning_profile=mail\nweb_service=x\n"
    assert inputs.sentences("tune_web", inventory=INVENTORY + names) == []
    assert inputs.sentences("revert", inventory=INVENTORY + names) == []
