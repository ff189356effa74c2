# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import InvalidOption, MalformedInput
from ansible_collections.nettune.tcp.plugins.plugin_utils.fleet import document
from ansible_collections.nettune.tcp.plugins.plugin_utils.fleet.document import Missing

TCP = {"states": {"LISTEN": 1}, "total": 1, "partial": []}
NOFILE = {"system": {}}
NOT_RUN = "no result in gathered: the task did not run on this host"


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({"ansible_facts": {"nettune_tcp": TCP, "distribution": "Debian"}}, {"nettune_tcp": TCP}),
        ({"nettune_tcp": TCP, "inventory_hostname": "web1"}, {"nettune_tcp": TCP}),
        ({"nettune_tcp": {"total": 0}, "ansible_facts": {"nettune_tcp": TCP}}, {"nettune_tcp": TCP}),
        (
            {"nettune_tcp": TCP, "ansible_facts": {"nettune_nofile": NOFILE}},
            {"nettune_tcp": TCP, "nettune_nofile": NOFILE},
        ),
        ({"ansible_facts": "not a dictionary"}, {}),
        ({}, {}),
    ],
)
def test_facts_at_the_top_level_and_in_ansible_facts(variables, expected):
    assert document.facts_among(variables) == expected


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"nettune_tcp": TCP}, {"host": "web1", **TCP}),
        ({"nettune_sysctl": {"keys": {}}}, {"host": "web1", "sysctl": {"keys": {}}}),
        ({"nettune_tcp": TCP, "nettune_nofile": NOFILE}, {"host": "web1", **TCP, "nofile": NOFILE}),
        ({}, Missing("web1", "no facts were gathered or cached")),
    ],
)
def test_facts_row(facts, expected):
    assert document.facts_row("web1", facts, None) == expected


def test_facts_are_ignored_if_gathering_failed():
    variables = {"nettune_tcp": TCP, "gathered": {"failed": True, "msg": "no"}}
    assert document.facts_row("web1", variables, "gathered") == Missing("web1", "no")
    assert document.facts_row("web1", {**variables, "gathered": {}}, "gathered") == {"host": "web1", **TCP}


@pytest.mark.parametrize("fact", ["{{ template }}", None, [TCP]])
def test_facts_that_are_not_dictionaries_are_refused(fact):
    with pytest.raises(MalformedInput, match="nettune_tcp is not a dictionary"):
        document.facts_row("web1", {"nettune_tcp": fact}, None)


@pytest.mark.parametrize(
    ("result", "reason", "unreachable"),
    [
        ({"unreachable": True, "msg": "ssh: refused"}, "ssh: refused", True),
        ({"failed": True, "msg": "Task failed: top is 0"}, "top is 0", False),
        (
            {"failed": True, "module_stderr": "warning\nsh: python3: not found\n", "msg": "MODULE FAILURE"},
            "sh: python3: not found: MODULE FAILURE",
            False,
        ),
        (
            {"failed": True, "module_stderr": "pyenv: python3.13: command not found\n\nTry this.", "rc": 127},
            "pyenv: python3.13: command not found",
            False,
        ),
        ({"failed": True, "module_stderr": "sh: line 1: exec\n", "rc": 127}, "sh: line 1: exec", False),
        ({"failed": True, "module_stderr": "", "module_stdout": "no JSON"}, "no JSON", False),
        ({"failed": True}, "failed without a message", False),
        ({"skipped": True}, NOT_RUN, False),
        ("text", NOT_RUN, False),
    ],
)
def test_reason_of_a_missing_result(result, reason, unreachable):
    assert document.result_row("web2", {"gathered": result}, "gathered") == Missing("web2", reason, unreachable)


@pytest.mark.parametrize("result", [{}, {"failed": False, "msg": "fine"}, {"unreachable": False, "table": ["a"]}])
def test_a_result_without_the_keys_of_ansible(result):
    kept = {key: value for key, value in result.items() if key in ("msg", "table")}
    assert document.result_row("web2", {"gathered": result}, "gathered") == {"host": "web2", **kept}


def test_the_document_keeps_the_order_and_shortens_reasons():
    rows = {"web2": Missing("web2", "a\n  b " + "c" * 2000), "web1": {"host": "web1"}, "web0": {"host": "web0"}}
    found = document.collect({name: {} for name in rows}, list(rows), lambda host, _variables: rows[host])
    assert [row["host"] for row in found["hosts"]] == ["web1", "web0"]
    (missing,) = found["missing"]
    assert (missing["host"], missing["unreachable"]) == ("web2", False)
    assert missing["reason"].startswith("a b ccc")
    assert len(missing["reason"]) == 1000


@pytest.mark.parametrize(("hostvars", "hosts"), [("web1", None), ([], None), ({}, "web1"), ({}, {"web1": 1})])
def test_invalid_hostvars_and_hosts(hostvars, hosts):
    with pytest.raises(InvalidOption):
        document.collect(hostvars, hosts, lambda host, _variables: {"host": host})
