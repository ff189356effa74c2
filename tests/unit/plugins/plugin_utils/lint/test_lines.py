# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lines without what blogs, browsers and terminals put into them."""

from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.plugin_utils.lint.lines import lines


@pytest.mark.parametrize(
    ("raw", "text", "prompt", "comment"),
    [
        ("a = 1", "a = 1", "", False),
        ("  a = 1\r", "a = 1", "", False),
        ("\ufeffa\u00a0=\u30001\u200b", "a = 1", "", False),
        ("ａ_b＝１", "a_b=1", "", False),
        ("<p>a&nbsp;=&nbsp;1<br/></p>", "a = 1", "", False),
        ("a\\_b = 1", "a_b = 1", "", False),
        ("- `a = 1`", "a = 1`", "", False),
        ("> 1. a = 1", "a = 1", "", False),
        ("$ a", "a", "$", False),
        ("# a", "a", "#", True),
        ("[root@web1 ~]# a", "a", "[root@web1 ~]#", False),
        ("root@web1:~# a", "a", "root@web1:~#", False),
        ("#a", "#a", "", True),
        ("; a", "; a", "", True),
        ("<!-- a", "<!-- a", "", True),
    ],
)
def test_a_line(raw, text, prompt, comment):
    line = lines(raw)[0]
    assert (line.number, line.text, line.prompt, line.comment) == (1, text, prompt, comment)


@pytest.mark.parametrize(
    ("raw", "foreign"),
    [("a = 1", ""), ("a\t= 1", ""), ("a\u00a0= 1", "\u00a0"), ("a＝1", "＝"), ("a = 1 # ＝", ""), ("a = 1，＝", "")],
)
def test_a_foreign_character(raw, foreign):
    assert lines(raw)[0].foreign == foreign


def test_a_very_long_line_is_cut():
    assert len(lines("a" * 1_000_000)[0].text) == 10_000
