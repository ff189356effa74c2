# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Spellings of settings in less usual formats: each setting once, with its line and value, and nothing else."""

from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.plugin_utils.lint import engine

N = "net.ipv4."
TERRAFORM = """resource "x" "y" {
  user_data = <<-EOF
    #!/bin/bash
    echo "net.ipv4.tcp_tw_recycle = 1" >> /etc/sysctl.conf
    sysctl -w net.core.somaxconn=8192
    cat >> /etc/sysctl.d/1.conf <<CONF
    net.ipv4.tcp_syncookies = 0
    CONF
  EOF
}
"""
NIX = """{ lib, ... }: {
  boot.kernel.sysctl = {
    "net.ipv4.tcp_sack" = lib.mkDefault 0;
    "net.ipv4.ip_forward" = true;
    "net.ipv4.tcp_dsack" = false;
  };
  boot.kernel.sysctl."vm.swappiness" = lib.mkForce 10;
}
"""
POD = """initContainers:
  - name: tune
    command:
      - /bin/sh
      - -c
      - |
        set -e
        sysctl -w net.ipv4.tcp_timestamps=0
"""
SALT = """net.ipv4.tcp_sack:
  sysctl:
    - present
    - value: 0
net.ipv4.tcp_dsack:
  sysctl:
    - absent
"""
TUNED = """[sysctl]
net.ipv4.tcp_rmem="4096 131072 33554432"
net.core.somaxconn=>4096
"""
TEE = """#!/bin/sh
tee -a /etc/sysctl.conf > /dev/null <<'EOT'
net.ipv4.tcp_fin_timeout = 30
oops
EOT
"""
CONSOLE = """```console
$ sysctl -w net.ipv4.tcp_sack=0 net.ipv4.tcp_dsack=0
net.ipv4.tcp_sack = 0
net.ipv4.tcp_dsack = 0
$ sysctl -w net.core.somaxconn=8192
net.core.somaxconn = 8192
```
"""
HASH = """$settings = { 'net.ipv4.tcp_sack' => { 'value' => '0' }, 'net.ipv4.tcp_timestamps' => { value => 0 } }
"""
CHEF = """node.default['sysctl']['params']['net']['ipv4']['tcp_syncookies'] = 0
default['sysctl']['params']['net.core.somaxconn'] = 8192
"""
TOML = """[settings.kernel.sysctl]
"net.ipv4.tcp_dsack" = "0"
"net.core.somaxconn" = "8192"
"""
MAKEFILE = """tune:
\tsysctl -w net.ipv4.tcp_dsack=0
\t@echo net.core.somaxconn=1
"""
SENTENCE = """Some people raise the range.
They set net.ipv4.ip_local_port_range = 20001 60000. Then they restart.
"""


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        (
            "main.tf",
            TERRAFORM,
            [(4, f"{N}tcp_tw_recycle", "1"), (5, "net.core.somaxconn", "8192"), (7, f"{N}tcp_syncookies", "0")],
        ),
        (
            "x.nix",
            NIX,
            [
                (3, f"{N}tcp_sack", "0"),
                (4, f"{N}ip_forward", "1"),
                (5, f"{N}tcp_dsack", "0"),
                (7, "vm.swappiness", "10"),
            ],
        ),
        ("pod.yml", POD, [(8, f"{N}tcp_timestamps", "0")]),
        ("init.sls", SALT, [(1, f"{N}tcp_sack", "0")]),
        ("tuned.conf", TUNED, [(2, f"{N}tcp_rmem", "4096 131072 33554432"), (3, "net.core.somaxconn", "4096")]),
        ("x.sh", TEE, [(3, f"{N}tcp_fin_timeout", "30"), (4, "oops", "")]),
        ("x.md", CONSOLE, [(2, f"{N}tcp_sack", "0"), (2, f"{N}tcp_dsack", "0"), (5, "net.core.somaxconn", "8192")]),
        ("x.toml", TOML, [(2, f"{N}tcp_dsack", "0"), (3, "net.core.somaxconn", "8192")]),
        ("Makefile", MAKEFILE, [(2, f"{N}tcp_dsack", "0")]),
        ("x.txt", SENTENCE, [(2, f"{N}ip_local_port_range", "20001 60000")]),
        ("init.pp", HASH, [(1, f"{N}tcp_sack", "0"), (1, f"{N}tcp_timestamps", "0")]),
        ("default.rb", CHEF, [(1, f"{N}tcp_syncookies", "0"), (2, "net.core.somaxconn", "8192")]),
    ],
)
def test_settings(name, text, expected):
    rows = engine.check(text, name=name).rows
    assert [(row["line"], row["key"], row["value"]) for row in rows] == expected


@pytest.mark.parametrize(("name", "text"), [("tuned.conf", TUNED), ("x.toml", TOML)])
def test_quotes_that_the_reader_removes_are_fine(name, text):
    assert [row["verdict"] for row in engine.check(text, name=name).rows] == ["ok", "ok"]


def test_comment_after_a_byte_order_mark_is_a_comment():
    found = engine.check(f"\ufeff# one\r\n{N}tcp_sack = 1\r\n", name="sysctl.conf")
    assert (len(found.rows), found.comments, found.others) == (1, 1, [])


@pytest.mark.parametrize("key", ["net.inet.ip.forwarding", "net.inet.tcp.sendspace", "net.inet6.ip6.forwarding"])
def test_name_of_bsd(key):
    (row,) = engine.lint(f"{key} = 1")
    assert (row["verdict"], row["suggestion"]) == ("typo", f"# {key} = 1")
    assert "BSD" in row["message"]


BLOCK = """sysctl 'net.ipv4.tcp_sack' do
  value 0
end
sysctl "small backlog" do
  key 'net.core.somaxconn'
  value '1024'
end
sysctl_param 'net.ipv4.ip_local_port_range' do
  comment 'for the proxies'
  value [20001, 60000]
end
"""


def settings(text: str) -> list[tuple[int, str, str]]:
    return [(row["line"], row["key"], row["value"]) for row in engine.check(text, name="default.rb").rows]


def test_blocks_of_chef() -> None:
    assert settings(BLOCK) == [
        (1, "net.ipv4.tcp_sack", "0"),
        (8, "net.ipv4.ip_local_port_range", "20001 60000"),
    ]


@pytest.mark.parametrize(
    "block",
    [
        "sysctl 'net.ipv4.tcp_sack' do\n  value 0\n  action :remove\nend\n",
        "sysctl 'net.ipv4.tcp_sack' do\n  value 0\n  action :nothing\nend\n",
        "sysctl 'net.ipv4.tcp_sack' do\n  action :apply\nend\n",
        # Without its end, the block may go on with anything.
        "sysctl 'net.ipv4.tcp_sack' do\n  value 0\n",
        "# sysctl 'net.ipv4.tcp_sack' do\n#   value 0\n# end\n",
    ],
)
def test_block_of_chef_that_sets_nothing(block: str) -> None:
    assert settings(block) == []
    assert settings(block + BLOCK)[-1] == (block.count("\n") + 8, "net.ipv4.ip_local_port_range", "20001 60000")
