# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files of sysctl.d that cannot be read: what is known about the next boot without them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import ForeignFile
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.host.facts import gather
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.host.profiles import SysctlProfiles
from ansible_collections.nettune.tcp.plugins.module_utils._verify.host import drop_ins
from ansible_collections.nettune.tcp.tests.unit.support.fake_host import FakeHost
from ansible_collections.nettune.tcp.tests.unit.support.profile_runs import ALIVE, FIN, WEB, absent, present, reasons

EARLY, HOSTILE, LATE = (f"/etc/sysctl.d/{name}.conf" for name in ("10-early", "50-hostile", "90-late"))


@pytest.fixture
def host(tmp_path: Path) -> FakeHost:
    host = FakeHost(tmp_path)
    host.put(EARLY, f"{FIN} = 20\n")
    host.put(LATE, f"{ALIVE} = 600\n")
    return host


def fact(host: FakeHost, name: str) -> tuple[Any, Any]:
    row = gather(host, [name])["keys"][name]
    return row["boot_value"], row["boot_reason"]


def make_fifo(host: FakeHost, path: str) -> None:
    os.mkfifo(host.locate(path))


def make_device(host: FakeHost, path: str) -> None:
    host.link(path, "/dev/zero")


def make_sparse(host: FakeHost, path: str) -> None:
    with open(host.locate(path), "wb") as stream:
        stream.truncate(4 << 30)


def make_long_line(host: FakeHost, path: str) -> None:
    host.put(path, f"{FIN} = " + "1" * 50_000_000)


def make_loop(host: FakeHost, path: str) -> None:
    host.link(path, os.path.basename(path))


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (make_fifo, "is a FIFO, not a regular file"),
        (make_device, "is a device, not a regular file"),
        (make_sparse, "is larger than 1 MB"),
        (make_long_line, "is larger than 1 MB"),
        (make_loop, "cannot be read: ELOOP (Too many levels of symbolic links)"),
    ],
)
def test_file_that_cannot_be_read_leaves_only_later_lines_known(host: FakeHost, make: Any, reason: str) -> None:
    make(host, HOSTILE)
    assert fact(host, FIN) == (None, f"not known: {HOSTILE} {reason}")
    assert fact(host, ALIVE) == ("600", None)
    assert gather(host, [FIN])["partial"] == [{"what": HOSTILE, "reason": f"{HOSTILE} {reason}"}]


def test_facts_name_the_file_that_may_decide(host: FakeHost) -> None:
    make_fifo(host, HOSTILE)
    row = gather(host, [FIN])["keys"][FIN]
    assert row["boot_source"] == {"path": HOSTILE, "line": None}
    assert row["shadowed"] == [{"path": EARLY, "line": 1, "value": "20"}]
    assert row["drift"] is False


@pytest.mark.parametrize("target", ["/dev/null", "nowhere"])
def test_link_to_nothing_masks_and_is_known(host: FakeHost, target: str) -> None:
    host.put("/usr/lib/sysctl.d/50-hostile.conf", f"{FIN} = 99\n")
    host.link(HOSTILE, target)
    assert fact(host, FIN) == ("20", None)
    assert gather(host, [FIN])["partial"] == []


def test_directory_that_cannot_be_read_leaves_nothing_known(host: FakeHost) -> None:
    host.link("/run/sysctl.d", "sysctl.d")
    assert fact(host, ALIVE) == (
        None,
        "not known: /run/sysctl.d cannot be read: ELOOP (Too many levels of symbolic links)",
    )


def test_huge_tree_is_read_up_to_a_limit(host: FakeHost) -> None:
    for number in range(6):
        host.put(f"/etc/sysctl.d/2{number}.conf", "#" * 999_999 + "\n")
    assert len(gather(host, [FIN])["partial"]) == 4
    assert fact(host, FIN)[0] is None


def test_profile_is_applied_beside_a_file_that_cannot_be_read(host: FakeHost) -> None:
    make_fifo(host, HOSTILE)
    planned = present(host, "web", {FIN: 30})
    (row,) = planned.rows
    assert (row["status"], row["boot_after"]) == ("changed", "30")
    assert absent(host).plan.changes_anything
    assert not host.exists(WEB)


def test_fifo_in_place_of_our_drop_in_is_refused(host: FakeHost) -> None:
    make_fifo(host, WEB)
    with pytest.raises(ForeignFile, match="is not a regular file"):
        present(host, "web", {FIN: 30})
    assert SysctlProfiles(host).unknown_files() == {}
    assert drop_ins.gather(host)["profiles"] == []


FORWARD, COOKIES = "net.ipv4.ip_forward", "net.ipv4.tcp_syncookies"
ENABLED = "/etc/systemd/system/multi-user.target.wants"


@pytest.mark.parametrize(
    ("path", "program", "unknown", "known"),
    [
        ("/etc/default/ufw", "ufw", FIN, None),
        ("/etc/ufw/ufw.conf", "ufw", FIN, None),
        ("/var/lib/cloud/instance/cloud-config.txt", "cloud-init", FIN, None),
        # TuneD applies the files of sysctl.d after its profile.
        ("/etc/tuned/active_profile", "TuneD", COOKIES, FIN),
        ("/etc/systemd/networkd.conf", "systemd-networkd", FORWARD, FIN),
        ("/etc/systemd/network/10-lan.network", "systemd-networkd", FORWARD, FIN),
    ],
)
def test_file_of_another_program_that_cannot_be_read(
    host: FakeHost, path: str, program: str, unknown: str, known: str | None
) -> None:
    host.put("/proc/sys/net/ipv4/ip_forward", "0\n")
    host.put(f"{ENABLED}/tuned.service", "")
    host.put("/etc/tuned/profile_mode", "manual\n")
    host.put(f"{ENABLED}/systemd-networkd.service", "")
    host.put("/usr/lib/systemd/libsystemd-shared-257.so", "")
    host.put(path, "")
    os.unlink(host.locate(path))
    make_fifo(host, path)
    reason = f"{path} is a FIFO, not a regular file"
    row = gather(host, [unknown])["keys"][unknown]
    assert (row["boot_value"], row["boot_reason"]) == (None, f"not known: {reason}")
    assert row["boot_source"] == {"path": path, "line": None, "program": program}
    assert gather(host, [unknown])["partial"] == [{"what": path, "reason": reason}]
    assert known is None or fact(host, known) == ("20", None)


@pytest.mark.parametrize("named", ["sysctl.conf", "$DIR/sysctl.conf", "/etc/\0", "\0"])
def test_file_of_ufw_that_cannot_be_found(host: FakeHost, named: str) -> None:
    host.put("/etc/default/ufw", f"IPT_SYSCTL={named}\n")
    host.put("/etc/ufw/ufw.conf", "ENABLED=yes\n")
    assert (fact(host, FIN)[0] is None) is (not named.startswith("/"))


def test_long_value_and_many_patterns_are_left_out(host: FakeHost) -> None:
    host.put(HOSTILE, f"{FIN} = {'9' * 5000}\n")
    assert fact(host, FIN) == (None, f"not known: its value in {HOSTILE}:1 has 5000 characters")
    host.put(HOSTILE, "net/ipv4/a*=1\n" * 1001)
    assert fact(host, FIN) == (None, f"not known: {HOSTILE} is left out: sysctl.d has more than 1000 patterns")
    assert fact(host, ALIVE) == ("600", None)


def test_braces_count_as_many_patterns(host: FakeHost) -> None:
    host.put(HOSTILE, f"net/ipv4/{'{a,b}' * 30}*=1\n")
    assert fact(host, FIN) == (None, f"not known: {HOSTILE} is left out: sysctl.d has more than 1000 patterns")


@pytest.mark.parametrize(
    "text", [f"{FIN} = 5\r{ALIVE} = 6\r", f"# x\0{FIN} = 5\n", f"{FIN}\v= 5\n", f"\f{FIN} = 5\n", f"{FIN} = 5\0\n"]
)
def test_control_characters_that_loaders_read_differently(host: FakeHost, text: str) -> None:
    host.put(HOSTILE, text)
    reason = f"{HOSTILE} is left out: loaders differ in how they read its control characters"
    assert fact(host, FIN) == (None, f"not known: {reason}")


@pytest.mark.parametrize(
    "text", [f"{FIN} = 5\r\n", f"{FIN} = 5\r\r\n", f"\r{FIN} = 5", f"{FIN} = 5\n\0\0", f"\f\n{FIN}=5"]
)
def test_control_characters_that_all_loaders_skip(host: FakeHost, text: str) -> None:
    host.put(HOSTILE, text)
    assert fact(host, FIN) == ("5", None)


def test_loader_that_is_masked(host: FakeHost) -> None:
    mask = "/etc/systemd/system/systemd-sysctl.service"
    host.link(mask, "/dev/null")
    reason = f"{mask} is a link to /dev/null, so systemd applies no file of sysctl.d"
    assert fact(host, FIN) == (None, f"not known: {reason}")
    assert gather(host, [FIN])["partial"] == [{"what": mask, "reason": reason}]


def test_loader_that_openrc_does_not_start(host: FakeHost) -> None:
    host.put("/run/openrc/softlevel", "")
    host.put("/etc/init.d/sysctl", "#!/sbin/openrc-run\n")
    assert fact(host, FIN) == ("20", None)
    host.put("/etc/runlevels/boot/hostname", "")
    reason = "no runlevel in /etc/runlevels has sysctl, so OpenRC applies no file of sysctl.d"
    assert fact(host, FIN) == (None, f"not known: {reason}")
    host.link("/etc/runlevels/boot/sysctl", "/etc/init.d/sysctl")
    assert fact(host, FIN) == ("20", None)


def test_credential_of_the_loader(host: FakeHost) -> None:
    host.put(HOSTILE, f"{FIN} = 5\n")
    host.put("/etc/credstore/sysctl.extra", f"{FIN} = 6\n")
    assert fact(host, FIN) == ("6", None)
    host.put("/run/credentials/@system/sysctl.extra", f"{FIN} = 7\n")
    assert fact(host, FIN) == ("7", None)
    assert reasons(host, "web", {FIN: 9}, take_over=True)[FIN].endswith("change it there, take_over cannot")


def test_encrypted_credential_of_the_loader(host: FakeHost) -> None:
    path = "/etc/credstore.encrypted/sysctl.extra"
    host.put(path, "Whxqht+dQJax1aZeCGLxm\n")
    assert fact(host, FIN) == (None, f"not known: {path} is encrypted")
    assert gather(host, [FIN])["partial"] == [{"what": path, "reason": f"{path} is encrypted"}]


def test_profiles_of_tuned_that_include_each_other(host: FakeHost) -> None:
    host.put(f"{ENABLED}/tuned.service", "")
    host.put("/etc/tuned/active_profile", "p0\n")
    for number in range(1500):
        host.put(
            f"/etc/tuned/p{number}/tuned.conf", f"[main]\ninclude=-p{number + 1},p0\n[sysctl]\n{COOKIES}={number}\n"
        )
    assert fact(host, COOKIES) == ("0", None)


def test_lists_of_modules_that_cannot_be_read(host: FakeHost) -> None:
    host.put("/lib/modules/6.12.0-test/modules.builtin", "")
    make_fifo(host, "/lib/modules/6.12.0-test/modules.dep")
    make_fifo(host, "/etc/modules-load.d/a.conf")
    result = gather(host, ["net.netfilter.nf_conntrack_max"])
    assert result["partial"][0]["what"] == "/etc/modules-load.d/a.conf"
