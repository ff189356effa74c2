# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json

import pytest
from ansible_collections.nettune.tcp.plugins.plugin_utils.lint import engine, reading
from ansible_collections.nettune.tcp.plugins.plugin_utils.lint.row import (
    AT_LEAST,
    COMMAND,
    FILE,
    INCLUDE,
    SHARE,
    YAML,
)
from ansible_collections.nettune.tcp.plugins.plugin_utils.lint.yaml_text import of_mapping
from ansible_collections.nettune.tcp.plugins.plugin_utils.lint.yaml_text import settings as of_yaml

CORE, FIN = "net.core.somaxconn", "net.ipv4.tcp_fin_timeout"


def settings(text):
    return of_yaml(text, reading.settings)


def found(text):
    return [(one.line, one.key, one.value) for one in settings(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"---\nweb_settings:\n  {CORE}: 8192\n", [(3, CORE, "8192")]),
        (f"---\n{CORE}: '8192'\n{FIN}: 30\n", [(2, CORE, "8192"), (3, FIN, "30")]),
        (f"a:\n  {CORE}:\n    at_least: 8192\n    reason: net.ipv4.x = 1\n", [(2, CORE, "8192")]),
        (f"a: {{{CORE}: {{value: 8192}}}}\n", [(1, CORE, "8192")]),
        ("net.ipv4.tcp_rmem: [4096, 131072, 6291456]\n", [(1, "net.ipv4.tcp_rmem", "4096 131072 6291456")]),
        (
            "net.ipv4.ip_local_reserved_ports: [80, 8000-8100]\n",
            [(1, "net.ipv4.ip_local_reserved_ports", "80,8000-8100")],
        ),
        (f"- name: {CORE}\n  value: '8192'\n- name: {FIN}\n  value: 30\n", [(1, CORE, "8192"), (3, FIN, "30")]),
        (f"sysctls:\n  - {CORE}=8192\n", [(2, CORE, "8192")]),
        (
            f"- hosts: all\n  tasks:\n    - ansible.posix.sysctl:\n        name: {CORE}\n        value: 8192\n",
            [(4, CORE, "8192")],
        ),
        (f"- sysctl: name={CORE} value=8192 state=present\n", [(1, CORE, "8192")]),
        (f'{{"sysctls": {{"{CORE}": 8192}}}}', [(1, CORE, "8192")]),
        (f"net/core/somaxconn: 8192\n---\n{FIN}: 30\n", [(1, CORE, "8192"), (3, FIN, "30")]),
        (f"{CORE}: yes\n", [(1, CORE, "yes")]),
        (f"{CORE}:\n", [(1, CORE, "")]),
        (f"{CORE}: !unsafe '{{{{ size }}}}'\n", [(1, CORE, "{{ size }}")]),
        (f"a: &a\n  {CORE}: 1\nb: *a\n", [(2, CORE, "1")]),
    ],
)
def test_settings(text, expected):
    assert found(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "net.core.somaxconn = 8192",
        "Note: net.core.somaxconn = 8192",
        "- a\n- b: {c: 1}\n",
        "name: web\nvalue: 3\n",
        "a: [1, 2\nb: }",
        "a: &a [*a]\n",
        "[" * 5000,
        "- " * 5000,
        "\x00: 1",
        "net: {core: 5}",
    ],
)
def test_text_without_settings(text):
    assert settings(text) == []


def test_file_in_a_block_of_text():
    text = f"- copy:\n    content: |\n      # comment\n      {FIN} = 30\n\n      {CORE} = 9\n"
    assert found(text) == [(4, FIN, "30"), (6, CORE, "9")]
    assert {one.form for one in settings(text)} == {FILE}


def test_command_in_yaml():
    (one,) = settings(f"- command: sysctl -w {FIN}=30\n")
    assert (one.line, one.key, one.value, one.form) == (1, FIN, "30", COMMAND)


def test_requests():
    text = f"{CORE}: {{at_least: 8192}}\nnet.ipv4.ip_local_reserved_ports: {{include: [listeners, 80]}}\n"
    assert [(one.how, one.value, one.form) for one in settings(text)] == [
        (AT_LEAST, "8192", YAML),
        (INCLUDE, "listeners,80", YAML),
    ]


def test_share_of_memory():
    (one,) = settings("net.ipv4.tcp_mem: {share_of_memory: [25, 33, 50], reason: many connections}\n")
    assert (one.how, one.value) == (SHARE, "25 33 50")


def test_each_dictionary_is_a_file():
    one, other = settings(f"a:\n  {CORE}: 1\nb:\n  {CORE}: 2\n")
    assert one.block != other.block


def test_dictionary_of_settings():
    given = {CORE: {"at_least": 8192}, "name": "x", FIN: 30}
    assert [(one.line, one.key, one.value, one.how) for one in of_mapping(given)] == [
        (1, CORE, "8192", AT_LEAST),
        (3, FIN, "30", "value"),
    ]


def test_large_json_is_read_as_json():
    text = json.dumps({"files": [{"path": f"/x/{i}", "data": "x" * 100} for i in range(2000)], "sysctls": {FIN: "30"}})
    (found,) = engine.check(text, name="x.json").rows
    assert (found["key"], found["value"]) == (FIN, "30")
    assert engine.check('{"a":' * 50_000, name="x.json").rows == []


def test_a_later_line_of_a_large_mapping_overrides_an_earlier_one():
    others = "".join(f"  other{number}: {'x' * 60}\n" for number in range(4000))
    text = f"a:\n  {CORE}: 8192\n{others}  {CORE}: 4096\nb:\n  {CORE}: 4096\n"
    assert len(text) > 200_000
    rows = engine.check(text, name="x.yml").rows
    assert [(row["line"], row["verdict"]) for row in rows] == [(2, "ordering"), (4003, "ok"), (4005, "ok")]
