# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Diffs: what a file has after the change is set, a removed line is not, and each line is counted."""

from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.plugin_utils.lint import engine

N = "net.ipv4."
HUNK = f"""--- a/etc/sysctl.d/9.conf
+++ b/etc/sysctl.d/9.conf
@@ -1,4 +1,4 @@ some context
 # proxy
-{N}tcp_syncookies = 0
-{N}tcp_sack = 0
+{N}tcp_syncookies = 1
+# sack stays
 net.core.somaxconn = 8192
"""
TASKS = f"""diff --git a/tasks/main.yml b/tasks/main.yml
--- a/tasks/main.yml
+++ b/tasks/main.yml
@@ -3,4 +3,4 @@
 - ansible.posix.sysctl:
     name: {N}tcp_timestamps
-    value: 0
+    value: 1
     state: present
-- name: {N}tcp_dsack
"""


def found(text, name=""):
    checked = engine.check(text, name=name)
    return [(row["line"], row["key"], row["value"]) for row in checked.rows], checked


def indented(text, by):
    return "".join(f"{by}{line}\n" for line in text.splitlines())


@pytest.mark.parametrize(
    ("name", "before", "after", "by"),
    [
        ("x.patch", "", "", ""),
        ("", "From: someone\n\nRaise the backlog.\n---\n", "-- \n2.30\n", ""),
        ("x.md", "Apply this:\n\n```diff\n", "```\nThen restart.\n", ""),
        ("x.md", "Apply this:\n\n```\n", "```\nThen restart.\n", ""),
        ("mail.txt", "Apply this:\n\n", "\nThen restart.\n", "    "),
        ("mail.txt", "They wrote:\n\n", "\nThen restart.\n", "> "),
    ],
)
def test_removed_line_sets_nothing(name, before, after, by):
    text = before + indented(HUNK, by) + after
    first = before.count("\n")
    rows, checked = found(text, name)
    assert rows == [(first + 7, f"{N}tcp_syncookies", "1"), (first + 9, "net.core.somaxconn", "8192")]
    assert {number for number, _text in checked.others} >= {first + 5, first + 6}
    filled = sum(bool(line.strip(" >")) for line in text.splitlines())
    assert len(rows) + checked.comments + len(checked.others) == filled


def test_diff_of_another_format():
    rows, _checked = found(TASKS, "fix.diff")
    assert rows == [(6, f"{N}tcp_timestamps", "1")]


def test_diff_without_hunk_headers():
    rows, _checked = found(f"```diff\n-{N}tcp_sack = 0\n+{N}tcp_sack = 1\n```\n", "x.md")
    assert rows == [(3, f"{N}tcp_sack", "1")]


@pytest.mark.parametrize("name", ["", "sysctl.conf", "x.conf", "/etc/sysctl.d/9.conf"])
def test_minus_in_a_settings_file_is_no_removal(name):
    rows, _checked = found(f"-{N}tcp_sack = 1\n-net.core.somaxconn = 8192\n", name)
    assert rows == [(1, f"{N}tcp_sack", "1"), (2, "net.core.somaxconn", "8192")]


def test_settings_around_a_diff():
    rows, _checked = found(f"```\n{N}tcp_sack = 0\n```\n\n```\n@@ -1 +1,2 @@\n+{N}tcp_dsack = 0\n```\n", "x.md")
    assert rows == [(2, f"{N}tcp_sack", "0"), (7, f"{N}tcp_dsack", "0")]


@pytest.mark.parametrize("text", ["@@ -1,9999999 +1,9999999 @@\n", "@@ -0,0 +0,0 @@\n@@ -1 +1 @@\n", "@@ -1 +1 @@"])
def test_broken_diff_is_read(text):
    assert engine.check(text).rows == []
