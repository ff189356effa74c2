# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.plugin_utils.lint.row import AT_LEAST, COMMAND, FILE
from ansible_collections.nettune.tcp.plugins.plugin_utils.lint.text import settings

FIN, REUSE, RANGE = "net.ipv4.tcp_fin_timeout", "net.ipv4.tcp_tw_reuse", "net.ipv4.ip_local_port_range"
PROSE = "Some words before.\nAnd some more of them.\n"


def found(text):
    return [(one.line, one.key, one.value) for one in settings(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"{FIN} = 30", (FIN, "30")),
        (f"{FIN}=30\r", (FIN, "30")),
        (f"  {FIN}\t=\t30  ", (FIN, "30")),
        ("net/ipv4/tcp_fin_timeout = 30", (FIN, "30")),
        ("net/ipv4/conf/eth0.100/rp_filter = 1", ("net.ipv4.conf.eth0/100.rp_filter", "1")),
        (f"-{FIN} = 30", (FIN, "30")),
        (f"\ufeff{FIN} = 30", (FIN, "30")),
        (f"{RANGE} = 1024    65000", (RANGE, "1024 65000")),
        (f"{RANGE} = 1024\t65000 # wide", (RANGE, "1024 65000")),
        (f"{FIN} =", (FIN, "")),
        (f"{FIN} = abc", (FIN, "abc")),
        (f"{FIN} = 30s", (FIN, "30s")),
        (f"{FIN} 30", (FIN, "30")),
        (f"{FIN}: 30", (FIN, "30")),
        (f"{FIN}＝30", (FIN, "30")),
        (f"{FIN}\u00a0=\u00a030", (FIN, "30")),
        (f"{FIN}&nbsp;=&nbsp;30<br/>", (FIN, "30")),
        (f"<p>{FIN} = 30</p>", (FIN, "30")),
        (f'{FIN} = "30"', (FIN, "30")),
        ("net.ipv4.tcp\\_fin\\_timeout = 30", (FIN, "30")),
        ("tcp_fin_timeout = 30", ("tcp_fin_timeout", "30")),
        ("nte.ipv4.tcp_fin_timeout = 30", ("nte.ipv4.tcp_fin_timeout", "30")),
        ("net.ipv4.tcp_congestion_control=bbr", ("net.ipv4.tcp_congestion_control", "bbr")),
        ("net.ipv4.ip_local_reserved_ports = 7005,8001-8100", ("net.ipv4.ip_local_reserved_ports", "7005,8001-8100")),
        (f"- {FIN} = 30", (FIN, "30")),
        (f"> {FIN} = 30", (FIN, "30")),
        (f"1. `{FIN} = 30`", (FIN, "30")),
        (f"| {FIN} = 30 | less |", (FIN, "30")),
    ],
)
def test_line_of_a_file(text, expected):
    assert found(text) == [(1, *expected)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"sysctl -w {FIN}=30", [(FIN, "30")]),
        (f"sudo /sbin/sysctl -q -w {FIN}=30 net.core.somaxconn=1024", [(FIN, "30"), ("net.core.somaxconn", "1024")]),
        (f'sysctl -w {RANGE}="1024 65000"', [(RANGE, "1024 65000")]),
        (f"sysctl -w '{RANGE}=1024 65000'; sysctl -p", [(RANGE, "1024 65000")]),
        (f"$ sysctl -w {FIN}=30", [(FIN, "30")]),
        (f"# sysctl -w {FIN}=30", [(FIN, "30")]),
        (f"[root@web1 ~]# sysctl -w {FIN}=30", [(FIN, "30")]),
        (f"root@web1:/etc# sysctl {FIN}=30 && echo done", [(FIN, "30")]),
        ("sysctl -w tcp_fin_timeout=30", [("tcp_fin_timeout", "30")]),
        (f"sysctl -w {FIN}=$TIME", [(FIN, "$TIME")]),
        ("echo 1 > /proc/sys/net/ipv4/tcp_tw_reuse", [(REUSE, "1")]),
        ('echo "1">/proc/sys/net/ipv4/tcp_tw_reuse', [(REUSE, "1")]),
        ('# echo -n "1024 65000" > /proc/sys/net/ipv4/ip_local_port_range', [(RANGE, "1024 65000")]),
        ("echo 1 | sudo tee /proc/sys/net/ipv4/tcp_tw_reuse", [(REUSE, "1")]),
        ("tee /proc/sys/net/ipv4/tcp_tw_reuse <<< 1", [(REUSE, "1")]),
        ("echo 0 > /proc/sys/net/ipv4/conf/eth0.100/rp_filter", [("net.ipv4.conf.eth0/100.rp_filter", "0")]),
    ],
)
def test_settings_of_a_command(text, expected):
    assert [(one.key, one.value) for one in settings(text)] == expected
    assert {one.form for one in settings(text)} == {COMMAND}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"{FIN} = 30 表示如果套接字由本端要求关闭", [(FIN, "30")]),
        (f"{FIN} = 30。", [(FIN, "30")]),
        (f"{FIN}=30，减少", [(FIN, "30")]),
        ("net.ipv4.tcp_timestamps = 1(默认即为1)60s内", [("net.ipv4.tcp_timestamps", "1")]),
        (f"{RANGE} = 1024 65535 增加可用端口范围", [(RANGE, "1024 65535")]),
        (
            "net.ipv4.ip_local_reserved_ports = 7005,8001-8100 针对",
            [("net.ipv4.ip_local_reserved_ports", "7005,8001-8100")],
        ),
        (f"{FIN} =  修改系统默认的时间", [(FIN, "")]),
        (f"参数{FIN}：30，{REUSE}＝1", [(FIN, "30"), (REUSE, "1")]),
        (f"We set {FIN}=30, then {REUSE} = 1.", [(FIN, "30"), (REUSE, "1")]),
        ("也能通过tcp_max_tw_buckets = 262144 配置", [("net.ipv4.tcp_max_tw_buckets", "262144")]),
        (f'echo "{FIN} = 30" >> /etc/sysctl.conf', [(FIN, "30")]),
        (f"docker run --sysctl {FIN}=30 web", [(FIN, "30")]),
        (f"{FIN} = 30, which is half of it", [(FIN, "30")]),
    ],
)
def test_setting_in_prose(text, expected):
    assert [(one.key, one.value) for one in settings(PROSE + text)] == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n",
        "tcp_fin_timeout is 30 seconds by default",
        f"{FIN} decides how long FIN_WAIT2 lasts.",
        f"See {FIN}: it matters. {FIN}：它决定",
        f"The default of {FIN} is 60.",
        f"{FIN} 表示 60",
        f"if {FIN} == 30 then",
        f"{FIN} = the time that a socket waits",
        f"Append `{FIN} = <value>` to the file.",
        f"#{FIN} = 30",
        f"; {FIN} = 30",
        f"# {FIN} = 30",
        f"// {FIN} = 30",
        f"sysctl {FIN}",
        "sysctl -a | grep net.ipv4.tcp_fin_timeout=30",
        f"grep {FIN}=30 /etc/sysctl.conf",
        f"sed -i 's/{FIN} = 60/{FIN} = 30/' /etc/sysctl.conf",
        "cat /proc/sys/net/ipv4/tcp_fin_timeout",
        "echo 1 > /tmp/net/ipv4/tcp_tw_reuse",
        "CONFIG_SYN_COOKIES=y a=5 max=10 ulimit -n=65535",
        "kernel: [123.4] TCP: time wait bucket table overflow",
        "https://example.com/net.ipv4.html?a=1&b=2",
        "server.port=8080\nspring.name=web",
        "max_size = 10\nserver.max_size = 10\nerror_burst=5",
        "* soft nofile 65535",
        "netstat -n | awk '/^tcp/ {++S[$NF]} END {for(a in S) print a, S[a]}'",
        "\x00\x01\x02\udcff\udcfe=\x7f",
    ],
)
def test_text_without_a_setting(text):
    assert found(text) == []
    assert found(PROSE + text) == []


def test_line_numbers_with_any_line_ending():
    assert [line for line, _key, _value in found(f"\r\n{FIN}=1\n\r{REUSE}=1\r{FIN}=2")] == [2, 4, 5]


def test_here_document_is_a_file():
    text = f"cat >> /etc/sysctl.conf <<EOF\n{FIN} = 30\n{REUSE} = 1\nEOF\nsysctl -p\n"
    assert found(text) == [(2, FIN, "30"), (3, REUSE, "1")]
    assert {(one.form, one.block) for one in settings(text)} == {(FILE, 0)}


def test_comment_in_a_script_is_not_a_prompt():
    assert found(f"#!/bin/sh\n# sysctl -w {FIN}=30\nsysctl -w {REUSE}=1\n") == [(3, REUSE, "1")]


def test_comment_in_a_file_is_not_a_prompt():
    assert found(f"# sysctl -w {FIN}=30\n{REUSE} = 1\n") == [(2, REUSE, "1")]


def test_grep_before_a_command_is_skipped():
    line = f"grep -q '^{FIN}=30' /etc/sysctl.conf || echo '{FIN}=20' >> /etc/sysctl.conf"
    assert found(line) == [(1, FIN, "20")]


def test_output_of_a_command_is_skipped():
    message = f"[root@web1 ~]# sysctl -a | grep fin\n\n{FIN} = 60\n\n[root@web1 ~]# sysctl -w {FIN}=30\n\n{FIN} = 30\n"
    assert found(PROSE + message) == [(7, FIN, "30")]


def test_each_run_of_settings_in_prose_is_a_file():
    one, same, other = settings(f"{PROSE}{FIN}=1\n# comment\n\n{REUSE}=1\nAnd now for something else:\n{FIN}=2\n")
    assert one.block == same.block != other.block


def test_floor_of_a_tuned_profile():
    assert settings("[sysctl]\nnet.core.somaxconn=>2048\n")[0][1:5] == ("net.core.somaxconn", "2048", FILE, AT_LEAST)


def test_sentence_in_a_file_is_skipped():
    others = "net.core.somaxconn = 4096\n" * 6
    assert found(f"{others}{FIN} = thirty seconds\nand {REUSE} = what it says\n")[6:] == [(7, FIN, "thirty")]


@pytest.mark.parametrize(
    ("line", "flaw"),
    [
        (f"{FIN} = 30", ""),
        (f"{FIN} = 30 # half", ""),
        (f"{FIN} = 30# half", "a comment after the value becomes part of it"),
        ("net.ipv4.tcp_congestion_control = bbr # fast", "a comment after the value becomes part of it"),
        (f"{FIN} 30", "the = between key and value is missing"),
        (f"{FIN} ＝ 30", "'＝' is not the plain character"),
        (f'{FIN} = "30"', "the quotes become part"),
        (f"sysctl -w {FIN} = 30", "there must be no space beside the ="),
        (f"sysctl -w {RANGE}=1024 65000", "quote the value"),
    ],
)
def test_flaws_of_a_file(line, flaw):
    (one,) = settings(line)
    assert one.flaw.startswith(flaw) or flaw in one.flaw
    assert bool(one.flaw) == bool(flaw)


def test_colons_are_no_flaw_in_another_format():
    assert [one.flaw for one in settings(f"\t{FIN}: 30\n\t{REUSE}: 1\n- x\n")] == ["", ""]


def test_prose_has_no_flaws():
    assert [one.flaw for one in settings(f"{PROSE}{FIN} ＝ 30\n{FIN}: \u201c30\u201d\n") if one.flaw] == []


def test_long_texts_are_read_in_linear_time():
    assert len(settings(f"{FIN} = 30 " * 20000)) < 1000
    assert found("=" * 100000 + "\n" + "echo " * 100000 + "\n" + '"' * 100000) == []
