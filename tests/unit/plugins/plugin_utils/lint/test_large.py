# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Large and hostile texts: each line is judged once, and no text makes the linter slow or fail with a traceback."""

from __future__ import annotations

import time

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import InvalidOption
from ansible_collections.nettune.tcp.plugins.plugin_utils.lint import engine

pytestmark = pytest.mark.long

N = "net.ipv4."
# Seconds of CPU on a machine that does something else as well; each text takes less than one alone.
_PATIENCE = 10


def nested(depth):
    found = {}
    for _level in range(depth):
        found = {"a": found}
    return found


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


@pytest.mark.parametrize("size", [16 * 2**20 + 1, 50 * 10**6])
def test_text_that_is_too_large_gets_one_sentence(size):
    with pytest.raises(InvalidOption, match=r"^the text has \d+\.\d MiB; at most 16 MiB can be checked$"):
        engine.lint(b"x" * size)


def test_deep_dictionary_gets_one_sentence():
    assert engine.lint(nested(50)) == []
    with pytest.raises(InvalidOption, match="^the settings are nested too deeply$"):
        engine.lint(nested(5000))


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
        f"{N}ip_local_reserved_ports = 1-65535\n" * 300,
        "\n".join(f"{N}{'tcp_fin_timeout' * 400}{i} = 1" for i in range(300)),
    ],
    ids=range(14),
)
def test_hostile_text_is_read_in_time(text, name):
    begin = time.process_time()
    engine.check(text, name=name)
    assert time.process_time() - begin < _PATIENCE
