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


PATH = "/etc/tuned/profiles/web/tuned.conf"


def parameters(*texts: str) -> dict[str, str]:
    """Return what profiles set, by name."""
    sections = tuned_conf.merged(tuned_conf.parse(PATH, text) for text in texts)
    return {one.name: one.option.value for one in tuned_conf.settings(sections)}


def test_parameters_and_included_profiles() -> None:
    profile = tuned_conf.parse(PATH, THROUGHPUT)
    assert profile.includes == ["base", "net-base"]
    assert [(one.name, one.option) for one in tuned_conf.settings(tuned_conf.merged([profile]))] == [
        ("vm.dirty_ratio", (PATH, 14, "40")),
        ("net.core.somaxconn", (PATH, 15, ">2048")),
        ("net.ipv4.tcp_rmem", (PATH, 18, "4096 131072 16777216")),
    ]


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
    assert not tuned_conf.parse(PATH, text).includes
    assert not parameters(text)


@pytest.mark.parametrize(
    ("value", "names"),
    [("a;b , c", ["a", "b", "c"]), ("-a,b c", ["-a", "b c"]), ("a # b", ["a"]), ("${f:x}", ["${f:x}"]), ("", [])],
)
def test_included_profiles(value: str, names: list[str]) -> None:
    assert tuned_conf.parse(PATH, f"[main]\ninclude = {value}\n").includes == names


BASE = "[sysctl]\nvm.swappiness=1\nnet.core.somaxconn=7\n"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("[sysctl]\nvm.swappiness=2 # two\n", {"vm.swappiness": "2", "net.core.somaxconn": "7"}),
        ("[sysctl]\nreplace=1\nvm.swappiness=2\n", {"vm.swappiness": "2"}),
        ("[sysctl]\ndrop=vm.swappiness, vm.x\n", {"net.core.somaxconn": "7"}),
        ("[sysctl]\nenabled=false\n", {}),
        ("[sysctl]\ntype=sysfs\n", {}),
        ("[mine]\ntype=sysctl\npriority=-1\nkernel.x=1\nvm.swappiness=3\n", {"kernel.x": "1", **parameters(BASE)}),
        ("[mine]\ntype=sysctl\npriority=1\nvm.swappiness=3\n", {**parameters(BASE), "vm.swappiness": "3"}),
        ("[mine]\nkernel.x=1\n", parameters(BASE)),
    ],
)
def test_sections_of_several_profiles(text: str, found: dict[str, str]) -> None:
    assert parameters(BASE, text) == found


def test_section_that_an_earlier_profile_disabled() -> None:
    assert parameters("[sysctl]\nenabled=0\nvm.swappiness=1\n", "[sysctl]\n") == {"vm.swappiness": "1"}
    assert tuned_conf.has_parameters(tuned_conf.merged([tuned_conf.parse(PATH, "[x]\ntype=sysctl\n")]))
    assert not tuned_conf.has_parameters(tuned_conf.merged([tuned_conf.parse(PATH, "[vm]\ndirty_bytes=1\n")]))


def test_section_with_a_condition() -> None:
    text = "[sysctl.arm]\ntype=sysctl\nuname_regex=aarch64\nkernel.numa_balancing=0\n"
    (found,) = tuned_conf.settings(tuned_conf.merged([tuned_conf.parse(PATH, text)]))
    assert found.condition == f"{PATH}:3 matches this host"


def test_parameters_of_other_plugins() -> None:
    text = "[vm]\ndirty_bytes=40%\ndirty_background_bytes=65536\ntransparent_hugepages=never\n"
    assert parameters(text) == {"vm.dirty_ratio": "40", "vm.dirty_background_bytes": "65536"}
    (found,) = tuned_conf.settings(
        tuned_conf.merged([tuned_conf.parse(PATH, "[net]\nnf_conntrack_hashsize=1048576\n")])
    )
    assert (found.name, found.condition) == ("net.netfilter.nf_conntrack_buckets", "nf_conntrack is loaded by then")


def test_profiles_in_etc_come_first() -> None:
    paths = tuned_conf.Main().candidates("web")
    assert paths[0].startswith("/etc/tuned/")
    assert all(path.endswith("/web/tuned.conf") for path in paths)
    assert paths.index("/etc/tuned/web/tuned.conf") < paths.index("/usr/lib/tuned/web/tuned.conf")
    main = tuned_conf.parse_main("profile_dirs = /usr/lib/tuned/profiles, /srv/tuned/\n")
    assert main.candidates("web") == ["/srv/tuned/web/tuned.conf", "/usr/lib/tuned/profiles/web/tuned.conf"]


def test_results_of_two_parses_are_independent() -> None:
    tuned_conf.parse(PATH, "[sysctl]\nvm.swappiness=1\n")
    assert tuned_conf.parse(PATH, "") == tuned_conf.Profile([], {})


@pytest.mark.parametrize(
    ("text", "main"),
    [
        ("", tuned_conf.Main()),
        ("# reapply_sysctl = 0\n", tuned_conf.Main()),
        ("reapply_sysctl = 0 # off\n", tuned_conf.Main(reapply=False)),
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
