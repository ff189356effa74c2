# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._parameters import catalogue
from ansible_collections.nettune.tcp.plugins.plugin_utils.lint.lines import is_template, leading_value, lines

NUMBER, RANGE = catalogue.find("net.ipv4.tcp_fin_timeout"), catalogue.find("net.ipv4.ip_local_port_range")
PORTS, WORD = catalogue.find("net.ipv4.ip_local_reserved_ports"), catalogue.find("net.core.default_qdisc")


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
def test_line_is_cleaned(raw, text, prompt, comment):
    line = next(lines(raw))
    assert (line.number, line.text, line.prompt, line.comment) == (1, text, prompt, comment)


@pytest.mark.parametrize(
    ("raw", "foreign"),
    [("a = 1", ""), ("a\t= 1", ""), ("a\u00a0= 1", "\u00a0"), ("a＝1", "＝"), ("a = 1 # ＝", ""), ("a = 1，＝", "")],
)
def test_foreign_character_is_found(raw, foreign):
    assert next(lines(raw)).foreign == foreign


def test_very_long_line_is_cut():
    assert len(next(lines("a" * 1_000_000)).text) == 10_000


@pytest.mark.parametrize(
    ("parameter", "text", "value", "rest"),
    [
        (NUMBER, " 30", "30", ""),
        (NUMBER, "30 # half", "30", " # half"),
        (NUMBER, "30表示", "30", "表示"),
        (NUMBER, "1(默认即为1)", "1", "(默认即为1)"),
        (NUMBER, "30 60", "30 60", ""),
        (NUMBER, "30 60 times", "30", " 60 times"),
        (NUMBER, "0x1e", "0x1e", ""),
        (NUMBER, "-1", "-1", ""),
        (NUMBER, "1,048,576 bytes", "1,048,576", " bytes"),
        (NUMBER, "many", "many", ""),
        (NUMBER, "修改", "", "修改"),
        (NUMBER, "", "", ""),
        (NUMBER, "{{ a b }} x", "{{ a b }}", " x"),
        (NUMBER, "$TIME;", "$TIME", ";"),
        (RANGE, "1024 65000 表示", "1024 65000", " 表示"),
        (RANGE, "1024 65000 3", "1024 65000 3", ""),
        (RANGE, "1024-65000", "1024-65000", ""),
        (PORTS, "80,443,8000-8100 针对", "80,443,8000-8100", " 针对"),
        (PORTS, "80, 443", "80, 443", ""),
        (PORTS, "80 443", "80 443", ""),
        (PORTS, "80 and more", "80", " and more"),
        (PORTS, "80x", "80x", ""),
        (WORD, "fq # fair", "fq", " # fair"),
        (WORD, '"fq" x', "fq", " x"),
        (None, "5 # five", "5", " # five"),
        (None, "|/usr/bin/core %p # comment", "|/usr/bin/core %p", " # comment"),
    ],
)
def test_end_of_a_value(parameter, text, value, rest):
    assert leading_value(text, parameter)[:2] == (value, rest)


@pytest.mark.parametrize(
    ("rest", "alone"), [("", True), ("  ", True), (" # a", True), ("# a", True), (" // a", True), (" a", False)]
)
def test_comment_may_follow_a_lone_value(rest, alone):
    assert leading_value(f"30{rest}", NUMBER).alone is alone


@pytest.mark.parametrize("value", ["$A", "${A}", "$(cat a)", "{{ a }}", "<value>", "%VALUE%"])
def test_placeholder(value):
    assert is_template(value)


@pytest.mark.parametrize("value", ["30", "", "fq_codel", "5 $", "a%b"])
def test_value_without_placeholder(value):
    assert not is_template(value)
