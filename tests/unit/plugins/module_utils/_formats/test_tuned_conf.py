# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._formats import tuned_conf

THROUGHPUT = """\
#
# tuned configuration
#
[main]
summary=Broadly applicable
include=base, net-base

[cpu]
governor=performance

[sysctl]
# kernel.panic=1
enabled=1
vm.dirty_ratio = 40
net.core.somaxconn=>2048
net/ipv4/conf/eth0.100/rp_filter=2
malformed
net.ipv4.tcp_rmem="4096 131072 16777216"

[sysfs]
/sys/x = 1
"""


def test_parameters_and_included_profiles() -> None:
    profile = tuned_conf.parse(THROUGHPUT)
    assert profile.includes == ["base", "net-base"]
    assert profile.lines == {
        "vm.dirty_ratio": (14, "40"),
        "net.core.somaxconn": (15, ">2048"),
        "net.ipv4.tcp_rmem": (18, "4096 131072 16777216"),
    }


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[sysctl]",
        "[sysctl",
        "net.core.somaxconn=1\n",
        "[sysctl]\n= \n",
        "[sysctl]\nno assignment\n",
        "[main]\ninclude\n",
    ],
)
def test_malformed_lines_are_skipped(text: str) -> None:
    profile = tuned_conf.parse(text)
    assert not profile.includes
    assert not [name for name in profile.lines if name]


def test_profiles_in_etc_come_first() -> None:
    paths = tuned_conf.candidates("web")
    assert paths[0].startswith("/etc/tuned/")
    assert all(path.endswith("/web/tuned.conf") for path in paths)
    assert paths.index("/etc/tuned/web/tuned.conf") < paths.index("/usr/lib/tuned/web/tuned.conf")


def test_results_of_two_parses_are_independent() -> None:
    tuned_conf.parse("[sysctl]\nvm.swappiness=1\n")
    assert tuned_conf.parse("") == tuned_conf.Profile([], {})


@pytest.mark.parametrize(
    ("text", "main"),
    [
        ("", tuned_conf.Main()),
        ("# reapply_sysctl = 0\n", tuned_conf.Main()),
        ("reapply_sysctl = 0\n", tuned_conf.Main(reapply=False)),
        ("reapply_sysctl=yes\nreapply_sysctl_exclude = a.b; c.*,d\n", tuned_conf.Main(exclude=("a.b", "c.*", "d"))),
    ],
)
def test_main_file(text: str, main: tuned_conf.Main) -> None:
    assert tuned_conf.parse_main(text) == main


def test_lines_that_are_applied_again() -> None:
    ignored = "net/ipv4/tcp_sack = 1\n-vm.dirty_ratio = 2\nnet.ipv4.conf.*.rp_filter = 1\nhalf\na.b=3\n"
    text = f"# x\nvm.swappiness = 1\n{ignored}"
    found = tuned_conf.assignments("/etc/x", text, tuned_conf.Main(exclude=("a.*",)))
    assert [(one.line, one.name, one.value) for one in found] == [(2, "vm.swappiness", "1")]
