# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._formats.sysctl_conf import assignments
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.boot import (
    PROCPS,
    SYSTEMD,
    _alternatives,
    boot,
    files_in_order,
    most_alternatives,
)

TAG = "net.ipv4.conf.lo.tag"


@pytest.mark.parametrize(
    ("paths", "systemd", "procps"),
    [
        ([], [], []),
        (["/etc/sysctl.conf"], [], ["/etc/sysctl.conf"]),
        (
            ["/usr/lib/sysctl.d/90-z.conf", "/etc/sysctl.d/10-a.conf"],
            ["/etc/sysctl.d/10-a.conf", "/usr/lib/sysctl.d/90-z.conf"],
            ["/etc/sysctl.d/10-a.conf", "/usr/lib/sysctl.d/90-z.conf"],
        ),
        (
            [f"{folder}/x.conf" for folder in ("/lib/sysctl.d", "/usr/lib/sysctl.d", "/run/sysctl.d")],
            ["/run/sysctl.d/x.conf"],
            ["/run/sysctl.d/x.conf"],
        ),
        (["/lib/sysctl.d/x.conf"], ["/lib/sysctl.d/x.conf"], ["/lib/sysctl.d/x.conf"]),
        (
            ["/lib/sysctl.d/x.conf", "/usr/lib/sysctl.d/x.conf"],
            ["/usr/lib/sysctl.d/x.conf"],
            ["/usr/lib/sysctl.d/x.conf"],
        ),
        (
            ["/lib/sysctl.d/x.conf", "/usr/local/lib/sysctl.d/x.conf"],
            ["/usr/local/lib/sysctl.d/x.conf"],
            ["/usr/local/lib/sysctl.d/x.conf"],
        ),
        (
            ["/etc/sysctl.d/.hidden.conf", "/usr/lib/sysctl.d/.hidden.conf"],
            [],
            ["/etc/sysctl.d/.hidden.conf"],
        ),
        (["/etc/sysctl.d/a.conf.bak", "/etc/sysctl.d/README", "/etc/sysctl.d/a.CONF"], [], []),
        (["/etc/other.d/a.conf", "/etc/sysctl.d/sub/a.conf"], [], []),
        (
            [f"/etc/sysctl.d/{name}.conf" for name in ("a", "B", "_", "10", "9", "\udce9", "99-zz", "99-sysctl")],
            [f"/etc/sysctl.d/{name}.conf" for name in ("10", "9", "99-sysctl", "99-zz", "B", "_", "a", "\udce9")],
            [f"/etc/sysctl.d/{name}.conf" for name in ("10", "9", "99-sysctl", "99-zz", "B", "_", "a", "\udce9")],
        ),
        (
            ["/etc/sysctl.conf", "/etc/sysctl.d/99-sysctl.conf", "/etc/sysctl.d/99-zz-nettune-web.conf"],
            ["/etc/sysctl.d/99-sysctl.conf", "/etc/sysctl.d/99-zz-nettune-web.conf"],
            ["/etc/sysctl.d/99-sysctl.conf", "/etc/sysctl.d/99-zz-nettune-web.conf", "/etc/sysctl.conf"],
        ),
    ],
)
def test_order_of_the_files_for_each_loader(paths: list[str], systemd: list[str], procps: list[str]) -> None:
    assert files_in_order(paths, loader=SYSTEMD) == systemd
    assert files_in_order(reversed(paths), loader=SYSTEMD) == systemd
    assert files_in_order(paths, loader=PROCPS) == procps


@pytest.mark.parametrize(
    ("text", "systemd", "procps"),
    [
        ("", None, None),
        (f"{TAG} = 1\n{TAG} = 2", (2, "2"), (2, "2")),
        (f"net/ipv4/conf/lo/tag = 1\n{TAG} = 2", (2, "2"), (2, "2")),
        (f"{TAG} = 1\nnet.ipv4.conf.*.tag = 2", (1, "1"), (1, "1")),
        (f"net.ipv4.conf.*.tag = 2\n{TAG} = 1", (2, "1"), (2, "1")),
        ("net.ipv4.conf.*.tag = 1\nnet.*.conf.lo.tag = 2", (2, "2"), (2, "2")),
        ("net.ipv4.conf.*.tag = 1\nnet.*.conf.lo.tag = 2\nnet.ipv4.conf.*.tag = 3", (3, "3"), (3, "3")),
        # systemd-sysctl ignores a line that repeats the value of an earlier pattern.
        ("net.ipv4.conf.*.tag = 1\nnet.*.conf.lo.tag = 2\nnet.ipv4.conf.*.tag = 1", (2, "2"), (3, "1")),
        (f"net.ipv4.conf.*.tag = 1\n-{TAG}", None, None),
        (f"-{TAG}\nnet.ipv4.conf.*.tag = 1", None, None),
        (f"-{TAG}\n{TAG} = 1", (2, "1"), (2, "1")),
        (f"{TAG} = 1\n-{TAG}", None, (1, "1")),
        (f"{TAG} = 1\n-{TAG}\n{TAG} = 2", (3, "2"), (3, "2")),
        ("net.ipv4.conf.*.tag = 1\n-net.ipv4.conf.*.tag", None, (1, "1")),
        ("net.ipv4.conf.*.tag = 1\n-net.*.conf.*.tag", (1, "1"), (1, "1")),
        # Only systemd-sysctl expands braces, and only in a pattern.
        ("net.ipv4.conf.{all,lo}.ta? = 1", (1, "1"), None),
        ("net.ipv4.{neigh.l*,conf.l{x,o}}.tag = 1", (1, "1"), None),
        ("net.ipv4.conf.{all,lo}.tag = 1", None, None),
        ("net.ipv4.conf.[[:alpha:]]o.tag = 1\nnet.ipv4.conf.[[:digit:]]o.tag = 2", (1, "1"), (1, "1")),
        ("net.ipv4.conf.\\l?.tag = 1\nnet.ipv4.conf.\\*.tag = 2", (1, "1"), (1, "1")),
        (f"-{TAG} = 1", (1, "1"), (1, "1")),
        ("net.ipv4.conf.*.rp_filter = 1", None, None),
        ("net.ipv4.*.tag = 1", None, None),
        (f"net.ipv4.*.* = 1\n{TAG}.* = 1", None, None),
        ("*.*.*.*.tag = 1", (1, "1"), (1, "1")),
        ("net.ipv4.conf.[!l]*.tag = 1\nnet.ipv4.conf.[^l]*.tag = 1", None, None),
        ("net.ipv4.conf.[^a]?.tag = 1", (1, "1"), (1, "1")),
        ("net.ipv4.conf.LO.tag = 1\nnet.ipv4.conf.L*.tag = 1", None, None),
        (f"{TAG} =", (1, ""), (1, "")),
        (f"{TAG}\n{TAG}: 1\n# {TAG} = 1", None, None),
    ],
)
def test_winning_line(text: str, systemd: tuple[int, str] | None, procps: tuple[int, str] | None) -> None:
    lines = assignments("/etc/sysctl.d/a.conf", text)
    for loader, expected in ((SYSTEMD, systemd), (PROCPS, procps)):
        won = boot(TAG, lines, loader=loader)
        assert (won.winner and (won.winner.line, won.winner.value)) == expected
        assert won.unknown or won.value == (expected and expected[1])


def test_exclusion_by_a_pattern_depends_on_the_version_of_procps() -> None:
    lines = assignments("/etc/sysctl.d/a.conf", "net.ipv4.conf.*.tag = 1\n-net.*.conf.*.tag")
    found = boot(TAG, lines, loader=PROCPS)
    assert (found.value, found.unknown) == (
        None,
        "some versions of sysctl apply the exclusion in /etc/sysctl.d/a.conf:2, others ignore it",
    )
    lines += assignments("/etc/sysctl.d/b.conf", f"-{TAG}")
    assert boot(TAG, lines, loader=PROCPS).winner is None


@pytest.mark.parametrize("pattern", ["{a,b}" * 3, "{a,{b,c},d}", "{a}", "{a", "a"])
def test_number_of_alternatives_is_not_underestimated(pattern: str) -> None:
    assert most_alternatives(pattern) >= len(_alternatives(pattern))


def test_credential_is_read_last() -> None:
    credential, drop_in = "/etc/credstore/sysctl.extra", "/etc/sysctl.d/zz.conf"
    assert files_in_order([credential, drop_in], loader=SYSTEMD) == [drop_in, credential]
    assert files_in_order([credential, drop_in], loader=PROCPS) == [drop_in]


def test_pattern_matches_interface_names_with_dots() -> None:
    lines = assignments("/x.conf", "net/ipv4/conf/eth0.*/tag = 1")
    assert boot("net.ipv4.conf.eth0/100.tag", lines, loader=SYSTEMD).value == "1"
    assert boot("net.ipv4.conf.eth0.tag", lines, loader=SYSTEMD).value is None


def test_overridden_lines_are_kept_with_their_places() -> None:
    lines = [
        *assignments("/etc/sysctl.d/10.conf", f"{TAG} = 1"),
        *assignments("/usr/lib/sysctl.d/50.conf", f"net.ipv4.conf.*.tag = 2\n-{TAG}"),
        *assignments("/etc/sysctl.d/99.conf", f"\n{TAG} = 3"),
    ]
    won = boot(TAG, lines, loader=SYSTEMD)
    assert (won.winner.path, won.winner.line) == ("/etc/sysctl.d/99.conf", 2)
    assert [(one.path, one.line, one.value) for one in won.shadowed] == [
        ("/etc/sysctl.d/10.conf", 1, "1"),
        ("/usr/lib/sysctl.d/50.conf", 1, "2"),
    ]


FORWARD, ALL = "net.ipv4.ip_forward", "net.ipv4.conf.all.forwarding"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (f"{FORWARD} = 1\n{ALL} = 0", 2),
        (f"{ALL} = 0\n{FORWARD} = 1", 2),
        (f"{FORWARD} = 1\nnet.ipv4.conf.*.forwarding = 0", 2),
        (f"net.ipv4.conf.*.forwarding = 0\n{FORWARD} = 1", 2),
        (f"{FORWARD} = 1\n-{ALL}\nnet.ipv4.conf.*.forwarding = 0", 1),
        (f"{ALL} = 1", 1),
    ],
)
@pytest.mark.parametrize("loader", [SYSTEMD, PROCPS])
def test_last_line_of_two_names_of_one_value(text: str, line: int, loader: str) -> None:
    lines = assignments("/etc/sysctl.d/a.conf", text)
    for name in (FORWARD, ALL):
        won = boot(name, lines, loader=loader)
        assert won.winner
        assert won.winner.line == line
