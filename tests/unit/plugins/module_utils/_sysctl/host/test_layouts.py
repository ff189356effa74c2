# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Boot settings and sources of limits in the file layouts of different distributions."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Callable

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._nofile.host.pam import PamStacks
from ansible_collections.nettune.tcp.plugins.module_utils._nofile.host.units import Units
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.host import read
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.host.facts import gather
from ansible_collections.nettune.tcp.tests.unit.support import nofile_host
from ansible_collections.nettune.tcp.tests.unit.support.fake_host import FakeHost
from ansible_collections.nettune.tcp.tests.unit.support.profile_runs import ALIVE, FIN, SOMAXCONN, WEB, present

OPENRC_BY_FILE = '#!/sbin/openrc-run\nfor f in /etc/sysctl.d/*.conf; do sysctl $quiet -p "$f"; done\n'
OPENRC_AT_ONCE = "#!/sbin/openrc-run\nsysctl ${quiet} --system\n"


def rhel(host: FakeHost) -> None:
    """RHEL 9: a link in sysctl.d points to /etc/sysctl.conf, which is read at the place of the link."""
    host.put("/usr/lib/sysctl.d/50-default.conf", f"net.ipv4.conf.*.rp_filter = 2\n{FIN} = 50\n")
    host.put("/usr/lib/sysctl.d/50-redhat.conf", "net.ipv4.conf.eth0/100.rp_filter = 1\n")
    host.put("/etc/sysctl.conf", f"# see sysctl.d(5)\n{ALIVE} = 1800\n")
    host.link("/etc/sysctl.d/99-sysctl.conf", "../sysctl.conf")


def suse(host: FakeHost) -> None:
    """SUSE: the settings of the kernel package are applied first; the link to /etc/sysctl.conf is below /usr."""
    host.put("/boot/sysctl.conf-6.12.0-test", f"net.ipv4.tcp_*_timeout = 33\n{ALIVE} = 33\n{SOMAXCONN} = 33\n")
    host.put("/boot/sysctl.conf-5.3.18", f"{SOMAXCONN} = 1\n")
    host.put("/usr/lib/sysctl.d/50-default.conf", f"# Distribution defaults.\n-{ALIVE}\n{FIN} = 50\n")
    host.put("/etc/sysctl.conf", f"{FIN} = 40\n")
    host.link("/usr/lib/sysctl.d/99-sysctl.conf", "../../../etc/sysctl.conf")


def alpine(host: FakeHost) -> None:
    """Alpine: OpenRC runs busybox's sysctl once for each file; /etc/sysctl.conf and /run come last."""
    (host.root / "usr/lib/systemd/systemd-sysctl").unlink()
    host.put("/run/openrc/softlevel", "default\n")
    host.put("/etc/init.d/sysctl", OPENRC_BY_FILE)
    host.link("/sbin/sysctl", "/bin/busybox")
    host.put("/lib/sysctl.d/zz.conf", f"{ALIVE} = 1\n")
    host.put("/usr/lib/sysctl.d/00-alpine.conf", f"{ALIVE} = 2\n{SOMAXCONN} = 2\n")
    host.put("/usr/local/lib/sysctl.d/zz.conf", f"{ALIVE} = 3\n")
    host.put("/etc/sysctl.d/99-last.conf", f"net.ipv4.* = 5\n-{ALIVE} = 6\n-{SOMAXCONN}\n")


def facts(host: FakeHost, *keys: str) -> dict[str, Any]:
    return gather(host, keys)


@pytest.fixture
def host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeHost:
    monkeypatch.setattr(os, "fsync", lambda _descriptor: None)
    return FakeHost(tmp_path)


@pytest.mark.parametrize(
    ("layout", "loader", "expected"),
    [
        (
            rhel,
            "systemd",
            {
                FIN: ("50", "/usr/lib/sysctl.d/50-default.conf", 2),
                ALIVE: ("1800", "/etc/sysctl.d/99-sysctl.conf", 2),
                "net.ipv4.conf.eth0/100.rp_filter": ("1", "/usr/lib/sysctl.d/50-redhat.conf", 1),
                SOMAXCONN: None,
            },
        ),
        (
            suse,
            "systemd",
            {
                FIN: ("40", "/usr/lib/sysctl.d/99-sysctl.conf", 1),
                ALIVE: ("33", "/boot/sysctl.conf-6.12.0-test", 2),
                SOMAXCONN: ("33", "/boot/sysctl.conf-6.12.0-test", 3),
            },
        ),
        (
            alpine,
            "busybox",
            {
                FIN: None,
                ALIVE: ("2", "/usr/lib/sysctl.d/00-alpine.conf", 1),
                SOMAXCONN: ("2", "/usr/lib/sysctl.d/00-alpine.conf", 2),
            },
        ),
    ],
)
def test_boot_values(host: FakeHost, layout: Callable[[FakeHost], None], loader: str, expected: dict[str, Any]) -> None:
    layout(host)
    found = facts(host, *expected)
    assert found["loader"] == loader
    for key, wanted in expected.items():
        row = found["keys"][key]
        source = row["boot_source"]
        assert (source and (row["boot_value"], source["path"], source["line"])) == wanted, key


@pytest.mark.parametrize("layout", [rhel, suse, alpine])
def test_profile_is_applied_and_reverted_without_a_trace(host: FakeHost, layout: Callable[[FakeHost], None]) -> None:
    layout(host)
    before = host.tree()
    planned = present(host, "web", {FIN: 30, ALIVE: 300, SOMAXCONN: {"at_least": 8192}})
    assert [row["status"] for row in planned.rows] == ["changed"] * 3
    assert [facts(host, key)["keys"][key]["boot_source"]["path"] for key in (FIN, ALIVE, SOMAXCONN)] == [WEB] * 3
    present(host, "web", {})
    assert host.tree() == before


@pytest.mark.parametrize(
    ("path", "lines"),
    [("/etc/sysctl.conf", f"# mine\n{FIN} = 20\n"), ("/run/sysctl.d/00-first.conf", f"\n{FIN} = 20\n")],
)
def test_files_that_alpine_reads_after_the_drop_in_are_named(host: FakeHost, path: str, lines: str) -> None:
    alpine(host)
    host.put(path, lines)
    row = present(host, "web", {FIN: 30}).rows[0]
    assert row["status"] == "shadowed"
    assert f"{path}:2 sets 20 at boot, after our file" in row["reason"]
    assert host.value(FIN) == "30"


def test_sysctl_conf_is_named_if_procps_reads_it_last(host: FakeHost) -> None:
    (host.root / "usr/lib/systemd/systemd-sysctl").unlink()
    host.put("/etc/sysctl.conf", f"{FIN} = 20\n")
    row = present(host, "web", {FIN: 30}).rows[0]
    assert (row["status"], "/etc/sysctl.conf:1 sets 20" in row["reason"]) == ("shadowed", True)


def test_only_files_mask_with_openrc(host: FakeHost) -> None:
    alpine(host)
    host.link("/etc/sysctl.d/00-alpine.conf", "/dev/null")
    assert facts(host, SOMAXCONN)["keys"][SOMAXCONN]["boot_value"] == "2"
    host.put("/run/sysctl.d/00-alpine.conf", f"{SOMAXCONN} = 7\n")
    row = facts(host, SOMAXCONN)["keys"][SOMAXCONN]
    assert (row["boot_value"], row["shadowed"]) == ("7", [])


def test_openrc_with_procps_runs_sysctl_for_each_file(host: FakeHost) -> None:
    alpine(host)
    (host.root / "sbin/sysctl").unlink()
    host.put("/etc/sysctl.d/50-a.conf", f"{FIN} = 20\nnet.ipv4.tcp_fin_* = 21\n")
    host.put("/etc/sysctl.d/60-b.conf", "net.ipv4.tcp_fin_* = 22\n")
    (host.root / "etc/sysctl.d/99-last.conf").unlink()
    found = facts(host, FIN)
    assert (found["loader"], found["keys"][FIN]["boot_value"]) == ("openrc", "22")


@pytest.mark.parametrize(
    ("paths", "loader"),
    [
        ({"/run/systemd/system/x": "", "/run/openrc/x": ""}, "systemd"),
        ({"/run/openrc/x": "", "/etc/init.d/sysctl": OPENRC_AT_ONCE}, "procps"),
        ({"/run/openrc/x": "", "/etc/init.d/sysctl": OPENRC_BY_FILE}, "openrc"),
        ({"/run/openrc/x": ""}, "procps"),
        ({"/etc/init.d/sysctl": OPENRC_BY_FILE}, "systemd"),
    ],
)
def test_loader_of_a_host_with_programs_of_systemd(host: FakeHost, paths: dict[str, str], loader: str) -> None:
    for path, text in paths.items():
        host.put(path, text)
    assert read.loader(host) == loader


RHEL_PAM = {
    "sshd": "session    required     pam_loginuid.so\nsession    include      password-auth\n",
    "login": "session    include      system-auth\n",
    "su": "session\t\tinclude\t\tsystem-auth\n",
    "crond": "session    include    password-auth\nauth substack password-auth\n",
    "password-auth": "session     required      pam_limits.so\nsession     required      pam_unix.so\n",
    "system-auth": "session     optional      pam_keyinit.so revoke\nsession     substack      postlogin\n",
    "postlogin": "session     [success=1 default=ignore] pam_succeed_if.so service !~ gdm* quiet\n",
}
SUSE_PAM = {
    "sshd": "session  include        common-session-nonlogin\n",
    "login": "session  include        common-session\n",
    "common-session": "session  required       pam_limits.so\n",
    "common-session-nonlogin": "session required pam_unix.so try_first_pass\n",
}


@pytest.mark.parametrize(
    ("folder", "files", "expected"),
    [
        ("/etc/pam.d", RHEL_PAM, {"sshd": True, "crond": True, "login": False, "su": False}),
        ("/usr/etc/pam.d", SUSE_PAM, {"login": True, "sshd": False}),
        ("/etc/pam.d", {}, {}),
    ],
)
def test_stacks(host: FakeHost, folder: str, files: dict[str, str], expected: dict[str, bool]) -> None:
    for name, text in files.items():
        host.put(f"{folder}/{name}", text)
    assert PamStacks(host).limits() == expected


def test_limits_without_systemd_and_pam(tmp_path: Path) -> None:
    host = nofile_host.FakeHost(tmp_path, systemd=False)
    host.write("/run/openrc/softlevel", "default\n")
    for path in ("/etc/security/limits.d", "/etc/security"):
        host.locate(path).rmdir()
    before = host.tree()
    result = nofile_host.apply(host)
    message = {row["what"]: row["reason"] for row in result["not_applicable"]}
    assert "rc_ulimit in /etc/conf.d/nginx" in message["nginx.service"]
    assert "do not use pam_limits" in message["user root"]
    assert not result["changed"]
    nofile_host.revert(host)
    assert host.tree() == before


def test_service_of_another_manager_is_not_reported_as_missing(host: FakeHost) -> None:
    units = Units(host)
    assert "this host has no systemd" in units.find("nginx").unavailable
    host.put("/usr/lib/systemd/system/ssh.service", "[Service]\n")
    assert "not installed" in units.find("nginx").unavailable
    host.put("/run/openrc/softlevel", "default\n")
    assert "rc_ulimit in /etc/conf.d/nginx" in units.find("nginx.service").unavailable
