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
        "vm.dirty_ratio": 14,
        "net.core.somaxconn": 15,
        "net.ipv4.conf.eth0/100.rp_filter": 16,
        "net.ipv4.tcp_rmem": 18,
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
