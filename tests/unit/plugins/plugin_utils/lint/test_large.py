# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Large and hostile texts: each line is judged once, and no text makes the linter slow or fail with a traceback."""

from __future__ import annotations

import os
import time

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import InvalidOption
from ansible_collections.nettune.tcp.plugins.plugin_utils.lint import engine, reading, yaml_text
from ansible_collections.nettune.tcp.plugins.plugin_utils.lint.row import summary

N = "net.ipv4."
# Seconds of CPU on a machine that does something else as well; each text takes less than one alone.
_PATIENCE = 10


# Limits of a text with so many lines, five times as high as alone on a machine.
_LINES, _SECONDS, _MEGABYTES = 200_000, 50, 500


def cost(text, name):
    """Return the CPU time and the memory that checking a text takes, in seconds and MB."""
    with open("/proc/self/statm", encoding="ascii") as file:
        before = int(file.read().split()[1]) * os.sysconf("SC_PAGESIZE")
    child = os.fork()
    if child == 0:
        try:
            engine.check(text, name=name)
        finally:
            os._exit(0)
    usage = os.wait4(child, 0)[2]
    return usage.ru_utime + usage.ru_stime, (usage.ru_maxrss * 1024 - before) / 10**6


def nested(depth):
    found = {}
    for _level in range(depth):
        found = {"a": found}
    return found


@pytest.mark.long
def test_settings_that_differ_only_in_their_line_are_judged_once(monkeypatch):
    judged = []
    judge = engine._judge

    def counted(setting, scene):
        judged.append(setting)
        return judge(setting, scene)

    monkeypatch.setattr(engine, "_judge", counted)
    rows = engine.lint(f"{N}tcp_sack = 1\n{N}tcp_syncookies = 1\n" * 1000)
    assert len(rows) == 2000
    assert len(judged) <= 6  # once each, and their suggestions


@pytest.mark.long
@pytest.mark.parametrize("size", [16 * 2**20 + 1, 50 * 10**6])
def test_text_that_is_too_large_gets_one_sentence(size):
    with pytest.raises(InvalidOption, match=r"^the text has \d+\.\d MiB; at most 16 MiB can be checked$"):
        engine.lint(b"x" * size)


def test_large_json_gets_one_sentence(monkeypatch):
    monkeypatch.setattr(yaml_text, "_LONGEST", 100)
    monkeypatch.setattr(yaml_text, "_LONGEST_JSON", 500_000)
    text = '{"net.core.somaxconn": "8192", "x": "' + "x" * 600_000 + '"}'
    with pytest.raises(InvalidOption, match=r"^the JSON has 0\.6 MB; at most 0\.5 MB can be checked$"):
        engine.check(text, name="x.json")
    assert engine.check("[x]\n" + text).rows  # not JSON


@pytest.mark.long
def test_deep_dictionary_gets_one_sentence():
    assert engine.lint(nested(50)) == []
    with pytest.raises(InvalidOption, match="^the settings are nested too deeply$"):
        engine.lint(nested(5000))


@pytest.mark.long
@pytest.mark.parametrize("name", ["", "x.yml", "x.sh", "sysctl.conf"])
@pytest.mark.parametrize(
    "text",
    [
        "\n" * 100_000,
        " \n" * 100_000 + "FROM x",
        "net.core.somaxconn = " + "9" * 1_000_000,
        "a: " + "[" * 50_000 + "]" * 50_000,
        "a: " + "{a: " * 20_000 + "1" + "}" * 20_000,
        '{"a":' * 20_000 + "1" + "}" * 20_000,
        "FROM x\nCMD " + "[" * 9000,
        "a0: &a0 [net.core.somaxconn=1]\n" + "\n".join(f"a{i}: &a{i} [*a{i - 1}, *a{i - 1}]" for i in range(1, 500)),
        "a: &a [*a, net.core.somaxconn=1]",
        "sysctl { 'net.core.somaxconn'\n" * 5000,
        "sysctl 'net.core.somaxconn' do\n" * 5000,
        "echo '" * 5000,
        'a: "{{ {' + "'net.core.somaxconn': 1, " * 50_000 + '} }}"',
        "{% set a = {" + "'net.core.somaxconn': 1, " * 50_000 + "} %}\na: 1\n",
        "{\necho a\n" * 30_000,
        "COPY <<A " + "b " * 4000 + "\n" + "COPY <<A b\n" * 20_000,
        f"{N}ip_local_reserved_ports = 1-65535\n" * 300,
        "\n".join(f"{N}{'tcp_fin_timeout' * 400}{i} = 1" for i in range(300)),
    ],
    ids=range(18),
)
def test_hostile_text_is_read_in_time(text, name):
    begin = time.process_time()
    engine.check(text, name=name)
    assert time.process_time() - begin < _PATIENCE


@pytest.mark.long
@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("Some words without a setting, {}, as in any text.", ""),
        ("net.core.somaxconn = {}", "sysctl.conf"),
        (f"{N}tcp_fin_timeuot{{}} = 5", "sysctl.conf"),
        (f"{N}conf.eth{{}}.rp_filter = 1", "sysctl.conf"),
        (f"{N}conf.eth{{}}*.rp_filter = 1", "sysctl.conf"),
        ("- net.core.somaxconn={}", "x.yml"),
        ("sysctl -w net.core.somaxconn={}", "x.sh"),
    ],
)
def test_many_lines_are_read_in_time_and_memory(line, name):
    seconds, megabytes = cost("\n".join(map(line.format, range(_LINES))), name)
    assert seconds < _SECONDS
    assert megabytes < _MEGABYTES


def test_what_is_not_listed_is_counted(monkeypatch):
    monkeypatch.setattr(engine, "MOST_ROWS", 2)
    monkeypatch.setattr(reading, "MOST_OTHERS", 1)
    text = f"# x\nwords\nmore words\n{N}tcp_sack = 0\n" + f"{N}tcp_tw_recycle = 1\n" * 5
    found = engine.check(text, name="sysctl.conf")
    assert [(row["line"], row["verdict"], row.get("count", 1)) for row in found.rows] == [
        (2, "invalid", 1),
        (3, "invalid", 1),
        (4, "hazard", 1),
        (5, "removed", 1),
        (6, "removed", 1),
        (0, "removed", 3),
    ]
    assert found.rows[-1]["message"] == "and 3 more with this verdict, which are not listed"
    assert summary(found.rows) == "8 settings: 5 removed, 2 invalid, 1 hazard"
    found = engine.check("FROM x\nENV a\nENV b\n", name="Dockerfile")
    assert (found.others, found.other_lines) == ([(1, "FROM x")], 3)
