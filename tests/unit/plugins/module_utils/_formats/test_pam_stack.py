# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._formats import pam_stack

LIMITS = "session required pam_limits.so\n"


@pytest.mark.parametrize(
    ("text", "modules", "files"),
    [
        ("session required pam_limits.so", ["pam_limits.so"], []),
        ("-Session\toptional\t/lib/security/pam_limits.so conf=/x", ["/lib/security/pam_limits.so"], []),
        ("session [success=1 default=ignore] pam_unix.so", ["pam_unix.so"], []),
        ("session [default=\\] ok] pam_unix.so", ["pam_unix.so"], []),
        ("session required \\\n  pam_limits.so", ["pam_limits.so"], []),
        ("session required # \\\npam_limits.so", [], []),
        ("session INCLUDE common", [], ["common"]),
        ("session substack common # why", [], ["common"]),
        ("@include common-session", [], ["common-session"]),
        ("auth include common", [], []),
        ("account required pam_limits.so", [], []),
        ("# session required pam_limits.so", [], []),
        ("session", [], []),
        ("session required", [], []),
        ("session [default pam_limits.so", ["pam_limits.so"], []),
        ("@include", [], []),
        ("session include \0", [], []),
        ("\udce9 required pam_limits.so", [], []),
        ("session required \\", [], []),
        ("", [], []),
    ],
)
def test_lines(text, modules, files):
    lines = pam_stack.session(text)
    assert [line.module for line in lines if line.module] == modules
    assert [line.file for line in lines if line.file] == files


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        ({"sshd": LIMITS}, True),
        ({"sshd": "session include a", "a": "@include b", "b": "session substack c", "c": LIMITS}, True),
        ({"sshd": "auth include a", "a": LIMITS}, False),
        ({"sshd": "session include a", "a": "session include sshd"}, False),
        ({"sshd": "session include absent"}, False),
        ({"sshd": "session include a", "a": None}, None),
        ({"sshd": "session include a\n" + LIMITS, "a": None}, True),
        ({"sshd": "session include /opt/a", "/opt/a": LIMITS}, True),
        ({"sshd": "session required pam_limits.so.bak"}, False),
        ({"sshd": None}, None),
        ({"sshd": ""}, False),
    ],
)
def test_stack(texts, expected):
    assert pam_stack.has_limits("sshd", texts) is expected


def test_paths_of_a_file():
    assert pam_stack.paths("sshd") == [
        "/etc/pam.d/sshd",
        "/usr/lib/pam.d/sshd",
        "/usr/etc/pam.d/sshd",
        "/usr/share/pam/pam.d/sshd",
        "/usr/share/pam.d/sshd",
    ]
    assert pam_stack.paths("/opt/a") == ["/opt/a"]


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        ({"sshd": f"{LIMITS.rstrip()} conf=/etc/app.conf debug"}, "/etc/app.conf"),
        ({"sshd": "session include a", "a": f"{LIMITS.rstrip()} debug conf=/etc/app.conf"}, "/etc/app.conf"),
        ({"sshd": f"{LIMITS.rstrip()} conf=/etc/app.conf\n{LIMITS}"}, ""),
        ({"sshd": f"{LIMITS.rstrip()} noconf=/etc/app.conf"}, ""),
        ({"sshd": f"{LIMITS.rstrip()} # conf=/etc/app.conf"}, ""),
        ({"sshd": "session required pam_env.so conf=/etc/app.conf"}, ""),
        ({}, ""),
    ],
)
def test_file_that_is_read_instead_of_limits_d(texts, expected):
    assert pam_stack.own_file("sshd", texts) == expected


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        ({"sshd": f"{LIMITS.rstrip()} set_all"}, True),
        ({"sshd": f"{LIMITS}session include a", "a": f"{LIMITS.rstrip()} debug\tset_all noaudit"}, True),
        ({"sshd": f"{LIMITS.rstrip()} conf=/etc/set_all"}, False),
        ({"sshd": f"{LIMITS.rstrip()} # set_all"}, False),
        ({"sshd": "session required pam_env.so set_all"}, False),
        ({"sshd": None}, False),
        ({}, False),
    ],
)
def test_sessions_that_start_from_the_limits_of_pid_1(texts, expected):
    assert pam_stack.sets_all("sshd", texts) is expected
