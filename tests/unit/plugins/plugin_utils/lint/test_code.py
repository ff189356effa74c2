# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Settings in code: lists, names that are filled in, rules of udev, and sentences about a setting."""

from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.plugin_utils.lint import engine

N = "net.ipv4."
RMEM = "4096 131072 33554432"


@pytest.mark.parametrize(
    ("line", "key", "value"),
    [
        (f"'{N}tcp_rmem' => [ 4096, 131072, 33554432 ],", f"{N}tcp_rmem", RMEM),
        (f"'{N}tcp_rmem' => ['4096', '131072', '33554432'],", f"{N}tcp_rmem", RMEM),
        (f'"{N}tcp_rmem": [4096, 131072, 33554432],', f"{N}tcp_rmem", RMEM),
        ("'kernel.printk' => [ 4, 4, 1, 7 ],", "kernel.printk", "4 4 1 7"),
        ("'kernel.unprivileged_bpf_disabled' => '1',", "kernel.unprivileged_bpf_disabled", "1"),
        ("'net.core.somaxconn' => $backlog,", "net.core.somaxconn", "$backlog"),
        (f'"{N}conf.${{facts[1]}}.rp_filter" => 0,', f"{N}conf.${{facts[1]}}.rp_filter", "0"),
        (f'"{N}conf.#{{nic}}.rp_filter" => 0,', f"{N}conf.#{{nic}}.rp_filter", "0"),
        ('ACTION=="change", SYSCTL{net.core.somaxconn}="8192"', "net.core.somaxconn", "8192"),
    ],
)
def test_value(line, key, value):
    (row,) = engine.check(f"some {{ code\n  more {{\n    {line}\n  }}\n}}\n").rows
    assert (row["line"], row["key"], row["value"], row["verdict"]) == (3, key, value, "ok")
    assert "floor" not in row["message"]


@pytest.mark.parametrize(
    "line",
    [
        'SYSCTL{net.core.somaxconn}=="128", GOTO="end"',
        "'net.core.somaxconn' => lookup('backlog'),",
        "| files = (Optional) The sysctl setting fs.file-max. backlog_x = (Optional) The sysctl setting too",
    ],
)
def test_what_is_no_setting(line):
    assert engine.check(f"some {{ code\n  {line}\n}}\n").rows == []


def test_bound_that_another_block_moves():
    low, high = f"'{N}ipfrag_low_thresh' => '196608',", f"'{N}ipfrag_high_thresh' => '262144',"
    rows = engine.check(f"one {{\n {low}\n}}\ntwo {{\n {high}\n}}\n").rows
    assert [row["verdict"] for row in rows] == ["ok", "lowers"]
    assert [row["verdict"] for row in engine.check(f"one {{\n {high}\n}}\n").rows] == ["invalid"]


@pytest.mark.parametrize(("name", "verdict"), [("bbr2", "ok"), ("bbrplus", "ok"), ("bbr7", "invalid")])
def test_algorithm_from_elsewhere(name, verdict):
    (row,) = engine.lint(f"{N}tcp_congestion_control = {name}")
    assert row["verdict"] == verdict


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("x.sh", "echo 1 > /proc/sys/net/ipv4/tcp_sack  # at once", (f"{N}tcp_sack", "1")),
        ("x.sh", f'echo "{N}tcp_sack = 1" >> /etc/sysctl.conf # later', (f"{N}tcp_sack", "1")),
        ("x.sh", f"x=1; sysctl -w {N}tcp_sack=1 # and 2", (f"{N}tcp_sack", "1")),
        ("x.sh", f'try_sysctl "{N}tcp_sack" "1"', (f"{N}tcp_sack", "1")),
        ("x.sh", 'updateSysctlParam net.core.somaxconn "$backlog"', ("net.core.somaxconn", "$backlog")),
        ("x.sh", "echo 0 > /proc/sys/net/ipv4/conf/$IF/rp_filter", (f"{N}conf.$IF.rp_filter", "0")),
        ("x.sh", "echo 0 > /proc/sys/net/ipv4/conf/{{ x }}/rp_filter", (f"{N}conf.{{{{ x }}}}.rp_filter", "0")),
        ("x.sh", "#!/bin/sh\nsysctl -w vm.swappiness=5\ncat <<X > a.service\n[Unit]\nX\n", ("vm.swappiness", "5")),
        ("x.yml", "a: 1\n---\nb: 1\n---\nb: {vm.swappiness: 5}\n", ("vm.swappiness", "5")),
        ("x.pp", f'sysctl {{ "{N}tcp_rmem": value => "4096\\t131072\\t33554432" }}', (f"{N}tcp_rmem", RMEM)),
        ("x.pp", "sysctl { 'net.core.somaxconn': value => lookup('x') }", ("net.core.somaxconn", "${lookup('x')}")),
        ("x.rb", 'my_sysctl "net.core.somaxconn" do\n  value 8192\nend', ("net.core.somaxconn", "8192")),
        ("x.rb", f"sysctl '{N}tcp_rmem' do\n  value [4096, 131072, 33554432]\nend", (f"{N}tcp_rmem", RMEM)),
        ("x.rb", 'sysctl "vm.swappiness" do\n  value node["a"]\nend', ("vm.swappiness", '${node["a"]}')),
        ("x.yml", f"- ansible.posix.sysctl:\n    name: {N}tcp_sack\n    value: yes", (f"{N}tcp_sack", "1")),
        ("x.yml", f"- sysctl: {{name: '{{{{ item }}}}', value: on}}\n  loop: [{N}tcp_sack]", (f"{N}tcp_sack", "1")),
    ],
)
def test_setting_of_a_script_or_resource(name, text, expected):
    (row,) = engine.check(text, name=name).rows
    assert (row["key"], row["value"], row["verdict"]) == (*expected, "ok")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("x.sh", f"check_sysctl {N}tcp_sack 0"),
        ("x.sh", f"sysctl_get {N}tcp_sack 0"),
        ("x.md", "The warning is in net/core/dev.c:2997 of the source."),
        ("x.md", "net/ipv4/tcp_input.c:12"),
        ("x.md", "Set this in the database:\nnet.port = 27017\nnet.bindIp: 127.0.0.1\n"),
        ("x.cc", "void f() {\n  net.accept_threads = n;\n  net.mark = get().value_or(0);\n}\n"),
    ],
)
def test_what_only_mentions_a_name(name, text):
    assert engine.check(text, name=name).rows == []


def test_documents_of_one_text():
    document = "---\nkind: X\nparams:\n  net.core.somaxconn: 8192\n"
    rows = engine.check(document * 40, name="x.yml").rows
    assert [row["line"] for row in rows] == list(range(4, 161, 4))


def test_suggestion_for_a_refused_line_is_not_about_another_key():
    (row,) = engine.lint(f"{N}ip_local_port_range = 500 65535")
    assert (row["verdict"], row["suggestion"]) == ("invalid", f"# {N}ip_local_port_range = 500 65535")
