# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import MalformedInput
from ansible_collections.nettune.tcp.plugins.plugin_utils.fleet import members

TCP = {"states": {"LISTEN": 1}, "total": 1, "partial": []}
NOFILE = {"system": {}}


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
        ({"ansible_facts": "none of ours"}, {}),
        ({}, {}),
    ],
)
def test_facts_are_found_wherever_ansible_puts_them(variables, expected):
    assert members.facts_among(variables) == expected


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"nettune_tcp": TCP}, {"host": "web1", **TCP}),
        ({"nettune_sysctl": {"keys": {}}}, {"host": "web1", "sysctl": {"keys": {}}}),
        ({"nettune_tcp": TCP, "nettune_nofile": NOFILE}, {"host": "web1", **TCP, "nofile": NOFILE}),
        ({}, members.Missing("web1", "no facts of it were gathered or cached")),
    ],
)
def test_a_member_is_a_row_or_missing(facts, expected):
    assert members.member("web1", facts) == expected


@pytest.mark.parametrize("fact", ["{{ template }}", None, [TCP]])
def test_facts_that_are_no_dictionary_are_refused(fact):
    with pytest.raises(MalformedInput, match="nettune_tcp is no dictionary"):
        members.member("web1", {"nettune_tcp": fact})


@pytest.mark.parametrize(
    ("result", "why", "unreachable"),
    [
        ({"unreachable": True, "msg": "ssh: refused"}, "ssh: refused", True),
        ({"failed": True, "msg": "Task failed: top is 0"}, "top is 0", False),
        (
            {"failed": True, "module_stderr": "warning\nsh: python3: not found\n", "msg": "MODULE FAILURE"},
            "sh: python3: not found: MODULE FAILURE",
            False,
        ),
        ({"failed": True, "module_stderr": "", "module_stdout": "no JSON"}, "no JSON", False),
        ({"failed": True}, "it failed without a message", False),
    ],
)
def test_a_result_says_why_a_host_is_missing(result, why, unreachable):
    assert members.absence("web2", result) == members.Missing("web2", why, unreachable)


@pytest.mark.parametrize("result", [{}, {"failed": False, "msg": "fine"}, {"unreachable": False}])
def test_a_result_that_is_fine_is_no_absence(result):
    assert members.absence("web2", result) is None


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({"gathered": {"failed": True, "msg": "no", "ansible_facts": {}}}, {"failed": True, "msg": "no"}),
        ({"gathered": "text"}, {}),
        ({}, {}),
    ],
)
def test_of_a_result_only_what_it_tells_is_read(variables, expected):
    assert members.result_among(variables, "gathered") == expected


def test_the_document_keeps_the_order_and_shortens_reasons():
    document = members.document([members.Missing("web2", "a\n  b " + "c" * 200), {"host": "web1"}, {"host": "web0"}])
    assert [row["host"] for row in document["hosts"]] == ["web1", "web0"]
    (missing,) = document["missing"]
    assert missing["host"] == "web2"
    assert missing["unreachable"] is False
    assert missing["why"].startswith("a b ccc")
    assert len(missing["why"]) == 160
