# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Programs that set parameters after the loader of sysctl.d: ufw, systemd-networkd, cloud-init and TuneD."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl import report
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.host.facts import gather
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.host.profiles import SysctlProfiles
from ansible_collections.nettune.tcp.plugins.module_utils._verify import differences
from ansible_collections.nettune.tcp.tests.unit.support.fake_host import VALUES, FakeHost
from ansible_collections.nettune.tcp.tests.unit.support.profile_runs import (
    ALIVE,
    FIN,
    SOMAXCONN,
    WEB,
    absent,
    changed,
    present,
    reasons,
)

TUNED = "/etc/systemd/system/multi-user.target.wants/tuned.service"
PROFILE = "/usr/lib/tuned/profiles/throughput/tuned.conf"
NETWORKD = "/etc/systemd/system/multi-user.target.wants/systemd-networkd.service"
LAN = "/etc/systemd/network/10-lan.network"
FORWARD, FORWARD6 = "net.ipv4.ip_forward", "net.ipv6.conf.all.forwarding"
UFW = "/etc/ufw/sysctl.conf"
# Of Debian 12 and 13.
SYSTEMD_252 = "/lib/systemd/libsystemd-shared-252.so"
SYSTEMD_257 = "/usr/lib/x86_64-linux-gnu/systemd/libsystemd-shared-257.so"


@pytest.fixture
def host(tmp_path: Path) -> FakeHost:
    return FakeHost(tmp_path, {**VALUES, FORWARD: "0", FORWARD6: "0"})


@pytest.fixture
def rhel_9(host: FakeHost) -> FakeHost:
    """TuneD is enabled, with its own tuned-main.conf."""
    host.put(TUNED, "")
    host.put("/etc/tuned/active_profile", "throughput\n")
    host.put("/etc/tuned/tuned-main.conf", "daemon = 1\nreapply_sysctl = 1\n")
    host.put(PROFILE, f"[main]\nsummary=x\n\n[sysctl]\n{FIN} = 4\n{SOMAXCONN} = >2048\n")
    return host


@pytest.fixture
def ubuntu_24_04(host: FakeHost) -> FakeHost:
    """Ufw is enabled."""
    host.put("/etc/default/ufw", '# x\nIPV6=yes\nIPT_SYSCTL="/etc/ufw/sysctl.conf"\n')
    host.put("/etc/ufw/ufw.conf", "ENABLED=yes\nLOGLEVEL=low\n")
    host.put(UFW, "#net/ipv4/ip_forward=1\nnet/ipv4/tcp_fin_timeout=20\n")
    return host


@pytest.fixture
def networkd(host: FakeHost) -> FakeHost:
    """Systemd-networkd is enabled."""
    host.put(NETWORKD, "")
    host.put("/sys/class/net/lo/x", "")
    host.put("/sys/class/net/enp1s0/x", "")
    return host


def fact(host: FakeHost, name: str) -> dict[str, Any]:
    return gather(host, [name])["keys"][name]


def drift(host: FakeHost, profile: str = "web") -> list[str]:
    planned = SysctlProfiles(host).again(profile)
    return [one.reason for one in differences.of_sysctl({"settings": planned.rows})]


def test_line_of_sysctl_conf_beats_the_drop_in_through_tuned(rhel_9: FakeHost) -> None:
    rhel_9.put("/etc/sysctl.conf", f"# x\n{FIN} = 15\n")
    row = present(rhel_9, "web", {FIN: 33}).rows[0]
    assert row["reason"] == (
        "TuneD (/etc/sysctl.conf:2) sets 15 at boot, after our file: 33 will be lost on reboot;"
        " set take_over: true to comment that line out"
    )
    found = fact(rhel_9, FIN)
    assert (found["boot_value"], found["boot_source"]) == (
        "15",
        {"path": "/etc/sysctl.conf", "line": 2, "program": "TuneD"},
    )
    before = rhel_9.read_text("/etc/sysctl.conf")
    assert present(rhel_9, "web", {FIN: 33}, take_over=True).rows[0]["status"] == "changed"
    assert f"# taken over by nettune.tcp: {FIN} = 15" in (rhel_9.read_text("/etc/sysctl.conf") or "")
    assert drift(rhel_9) == []
    absent(rhel_9, "web")
    assert rhel_9.read_text("/etc/sysctl.conf") == before


def test_drop_in_beats_the_profile_of_tuned(rhel_9: FakeHost) -> None:
    planned = present(rhel_9, "web", {FIN: 3})
    assert "owners" not in planned.rows[0]
    assert planned.rows[0]["status"] == "changed"
    found = fact(rhel_9, FIN)
    assert (found["boot_value"], found["owners"]) == ("3", [])
    assert found["boot_source"] == {"path": WEB, "line": 5}
    assert found["shadowed"] == [{"path": PROFILE, "line": 5, "program": "TuneD", "value": "4"}]


def test_profile_of_tuned_wins_if_it_does_not_apply_the_files_again(rhel_9: FakeHost) -> None:
    rhel_9.put("/etc/tuned/tuned-main.conf", "reapply_sysctl = 0\n")
    row = present(rhel_9, "web", {FIN: 3}).rows[0]
    assert row["reason"] == f"TuneD ({PROFILE}:5) sets 4 at boot, after our file: 3 will be lost on reboot"
    assert f"TuneD ({PROFILE}:5) sets it at boot" in reasons(rhel_9, "web", {FIN: 3}, take_over=True)[FIN]
    assert fact(rhel_9, FIN)["owners"] == [f"TuneD ({PROFILE}:5)"]


def test_value_that_tuned_computes_is_not_known(rhel_9: FakeHost) -> None:
    found = fact(rhel_9, SOMAXCONN)
    assert (found["boot_value"], found["boot_reason"]) == (
        None,
        f"not known: TuneD computes it from '>2048' ({PROFILE}:6)",
    )


def test_names_that_tuned_leaves_out(rhel_9: FakeHost) -> None:
    rhel_9.put("/etc/tuned/tuned-main.conf", "reapply_sysctl_exclude = net.core.*, net.ipv4.tcp_fin*\n")
    assert present(rhel_9, "web", {FIN: 3}).rows[0]["status"] == "shadowed"


def test_tuned_that_is_not_enabled_sets_nothing(rhel_9: FakeHost) -> None:
    rhel_9.remove(TUNED)
    assert (fact(rhel_9, FIN)["boot_value"], fact(rhel_9, FIN)["owners"]) == (None, [])


def test_file_of_ufw_beats_the_drop_in(ubuntu_24_04: FakeHost) -> None:
    host = ubuntu_24_04
    row = present(host, "web", {FIN: 45}).rows[0]
    assert row["status"] == "shadowed"
    assert row["reason"].startswith(f"ufw ({UFW}:2) sets 20 at boot, after our file: 45 will be lost on reboot")
    found = fact(host, FIN)
    assert (found["boot_value"], found["owners"]) == ("20", [f"ufw ({UFW}:2)"])
    assert found["boot_source"] == {"path": UFW, "line": 2, "program": "ufw"}
    assert drift(host) == [row["reason"]]
    text = host.read_text(UFW)
    assert present(host, "web", {FIN: 45}, take_over=True).rows[0]["status"] == "changed"
    assert "# taken over by nettune.tcp: net/ipv4/tcp_fin_timeout=20" in (host.read_text(UFW) or "")
    absent(host, "web")
    assert host.read_text(UFW) == text


def test_floor_below_the_value_of_ufw_needs_no_line(ubuntu_24_04: FakeHost) -> None:
    ubuntu_24_04.put(UFW, f"{SOMAXCONN}=9000\n")
    row = present(ubuntu_24_04, "web", {SOMAXCONN: {"at_least": 8192}}).rows[0]
    assert (row["after"], row["boot_after"], ubuntu_24_04.read_text(WEB)) == ("8192", "9000", None)


@pytest.mark.parametrize(
    ("path", "text"),
    [("/etc/ufw/ufw.conf", "ENABLED=no\n"), ("/etc/default/ufw", "IPT_SYSCTL=\n"), (UFW, "")],
)
def test_ufw_that_sets_nothing(ubuntu_24_04: FakeHost, path: str, text: str) -> None:
    ubuntu_24_04.put(path, text)
    assert present(ubuntu_24_04, "web", {FIN: 45}).rows[0]["status"] == "changed"


@pytest.mark.parametrize(
    ("library", "path", "line"),
    [
        (SYSTEMD_252, LAN, "IPForward=yes"),
        (SYSTEMD_252, LAN, "IPForward=ipv4"),
        (SYSTEMD_252, LAN, "IPMasquerade=both"),
        (SYSTEMD_257, LAN, "IPMasquerade=ipv4"),
        (SYSTEMD_257, "/etc/systemd/networkd.conf", "IPv4Forwarding=true"),
    ],
)
def test_networkd_turns_forwarding_on_after_the_files(networkd: FakeHost, library: str, path: str, line: str) -> None:
    networkd.put(library, "")
    networkd.put(path, f"[Match]\nName=en*\n\n[Network]\nDHCP=yes\n{line}\n")
    row = present(networkd, "web", {FORWARD: 0}).rows[0]
    expected = f"systemd-networkd ({path}:6) sets 1 at boot, after our file: 0 will be lost on reboot"
    assert (row["status"], row["reason"]) == ("shadowed", expected)
    assert drift(networkd) == [expected]
    assert fact(networkd, FORWARD)["boot_source"] == {"path": path, "line": 6, "program": "systemd-networkd"}


@pytest.mark.parametrize(
    ("library", "text"),
    [
        (SYSTEMD_252, "[Match]\nName=ve-*\n[Network]\nIPForward=yes\n"),
        (SYSTEMD_252, "[Match]\nName=en*\n[Network]\nIPForward=no\n"),
        (SYSTEMD_252, "[Match]\nName=en*\n[Network]\nIPForward=ipv6\n"),
        (SYSTEMD_252, "[Match]\nName=en*\n[Network]\nIPv4Forwarding=yes\n"),
        (SYSTEMD_257, "[Match]\nName=en*\n[Network]\nIPForward=yes\n"),
        (SYSTEMD_257, "[Match]\nName=en*\n[Network]\nIPv4Forwarding=yes\n"),
    ],
)
def test_network_files_that_do_not_turn_it_on(networkd: FakeHost, library: str, text: str) -> None:
    networkd.put(library, "")
    networkd.put(LAN, text)
    assert present(networkd, "web", {FORWARD: 0}).rows[0]["status"] == "changed"


def test_network_file_sets_forwarding_of_its_interface(networkd: FakeHost) -> None:
    networkd.put(SYSTEMD_257, "")
    networkd.put(LAN, "[Match]\nName=en*\n[Network]\nIPv4Forwarding=no\n")
    networkd.put("/sys/class/net/eth0.5/x", "")
    name = "net.ipv4.conf.enp1s0.forwarding"
    networkd.set(name, "0")
    assert fact(networkd, name)["boot_source"] == {"path": LAN, "line": 4, "program": "systemd-networkd"}
    assert fact(networkd, "net.ipv4.conf.eth0/5.forwarding")["boot_source"] is None


def test_first_network_file_that_matches_applies(networkd: FakeHost) -> None:
    networkd.put(SYSTEMD_257, "")
    name = "net.ipv4.conf.enp1s0.forwarding"
    networkd.put("/etc/systemd/network/90-rest.network", "[Network]\nIPv4Forwarding=yes\n")
    networkd.put("/usr/lib/systemd/network/05-masked.network", "[Network]\nIPv4Forwarding=yes\n")
    networkd.link("/etc/systemd/network/05-masked.network", "/dev/null")
    assert fact(networkd, name)["boot_value"] == "1"
    networkd.put(LAN, "[Match]\nName=en*\n[Network]\nIPv4Forwarding=no\n")
    assert fact(networkd, name)["boot_value"] == "0"


def test_netplan_starts_networkd(host: FakeHost) -> None:
    host.put(SYSTEMD_252, "")
    host.put("/sys/class/net/enp1s0/x", "")
    host.put("/run/systemd/network/10-netplan-enp1s0.network", "[Match]\nName=enp1s0\n[Network]\nIPForward=yes\n")
    assert fact(host, FORWARD)["boot_source"] is None
    host.link(
        "/run/systemd/generator/multi-user.target.wants/systemd-networkd.service",
        "/lib/systemd/system/systemd-networkd.service",
    )
    assert fact(host, FORWARD)["boot_value"] == "1"


def test_networkd_may_set_other_parameters_of_its_interfaces(networkd: FakeHost) -> None:
    networkd.put(SYSTEMD_257, "")
    networkd.put(LAN, "[Match]\nName=en*\n[Network]\nIPv4ReversePathFilter=strict\n")
    names = [f"net.{key}" for key in ("ipv4.conf.enp1s0.rp_filter", "ipv6.conf.enp1s0.accept_ra")]
    others = ["net.ipv6.conf.all.accept_ra", "net.ipv6.conf.eth9.accept_ra", "net.ipv4.conf.enp1s0.accept_local"]
    networkd.put("/etc/sysctl.d/10-a.conf", "".join(f"{name} = 2\n" for name in names + others))
    assert [fact(networkd, name)["boot_reason"] for name in names] == [
        f"not known: systemd-networkd may set it, by {LAN}:4",
        f"not known: systemd-networkd may set it, as {LAN} applies to enp1s0",
    ]
    assert [fact(networkd, name)["boot_value"] for name in others] == ["2", "2", "2"]


def test_network_manager_may_set_parameters_of_interfaces(host: FakeHost) -> None:
    host.put("/etc/systemd/system/multi-user.target.wants/NetworkManager.service", "")
    names = [f"net.ipv6.conf.{interface}.accept_ra" for interface in ("eth0", "eth0/5", "all", "default")]
    host.put("/etc/sysctl.d/10-a.conf", "".join(f"{name} = 2\n" for name in names))
    reason = "not known: NetworkManager sets it if it manages the interface"
    assert [fact(host, name)["boot_reason"] for name in names] == [reason, reason, None, None]
    assert fact(host, "net.ipv6.conf.eth0.forwarding")["boot_reason"] is None


def test_network_file_whose_interfaces_are_not_known(networkd: FakeHost) -> None:
    networkd.put(SYSTEMD_252, "")
    networkd.put(LAN, "[Match]\nType=wlan\n[Network]\nIPForward=yes\n")
    found = fact(networkd, FORWARD)
    expected = f"systemd-networkd sets it if {LAN}:4 applies to an interface of this host"
    assert (found["boot_value"], found["boot_reason"]) == (None, f"not known: {expected}")
    networkd.set(FORWARD, "1")
    planned = present(networkd, "web", {FORWARD: 0})
    row = planned.rows[0]
    assert (row["status"], row["reason"]) == ("changed", f"the value at boot is not known: {expected}")
    assert row["boot_reason"] == expected
    assert report.text_lines(planned.plan, planned.rows)[1].split()[:6] == [FORWARD, "1", "->", "0", "not", "known"]
    assert not changed(present(networkd, "web", {FORWARD: 0}))


def test_version_of_networkd_that_is_not_known(networkd: FakeHost) -> None:
    networkd.put(LAN, "[Match]\nName=en*\n[Network]\nIPForward=yes\n")
    expected = "not known: systemd-networkd may set it, depending on its version"
    assert fact(networkd, FORWARD)["boot_reason"] == expected


def test_networkd_conf_decides_for_the_host(networkd: FakeHost) -> None:
    networkd.put("/usr/lib/systemd/libsystemd-shared-258.2-1.fc43.so", "")
    networkd.put(LAN, "[Match]\nName=en*\n[Network]\nIPMasquerade=both\n")
    networkd.put("/etc/systemd/networkd.conf.d/a.conf", "[Network]\nIPv4Forwarding=no\n")
    assert [fact(networkd, name)["boot_value"] for name in (FORWARD, FORWARD6)] == ["0", "1"]


def test_drop_in_of_a_network_file_and_a_masked_one(networkd: FakeHost) -> None:
    networkd.put(SYSTEMD_252, "")
    networkd.put("/usr/lib/systemd/network/10-lan.network", "[Network]\nIPForward=yes\n")
    networkd.put(LAN, "[Match]\nName=en*\n")
    assert fact(networkd, FORWARD)["boot_value"] is None
    networkd.put(f"{LAN}.d/a.conf", "[Network]\nIPForward=on\n")
    assert fact(networkd, FORWARD)["boot_source"]["path"] == f"{LAN}.d/a.conf"


def test_networkd_that_is_not_enabled_sets_nothing(networkd: FakeHost) -> None:
    networkd.remove(NETWORKD)
    networkd.put(SYSTEMD_252, "")
    networkd.put(LAN, "[Network]\nIPForward=yes\n")
    assert fact(networkd, FORWARD)["boot_value"] is None


def test_cloud_init_runs_commands_at_every_boot(host: FakeHost) -> None:
    path = "/var/lib/cloud/instance/cloud-config.txt"
    host.put(path, f"#cloud-config\nbootcmd:\n- [sysctl, -w, {FIN}=10]\nruncmd:\n- sysctl -w {ALIVE}=9\n")
    assert fact(host, FIN)["boot_reason"] == f"not known: cloud-init may set it ({path}:3)"
    assert fact(host, ALIVE)["boot_reason"] is None


def test_rc_local_may_set_parameters(host: FakeHost) -> None:
    host.put("/etc/rc.local", f"#!/bin/sh\nsysctl -w {FIN}=10\n")
    assert fact(host, FIN)["boot_reason"] is None
    os.chmod(host.locate("/etc/rc.local"), 0o755)
    assert fact(host, FIN)["boot_reason"] == "not known: rc.local may set it (/etc/rc.local:2)"
    host.put("/etc/rc.local", "#!/bin/sh\nsysctl -p\n")
    host.put("/etc/sysctl.conf", f"{FIN} = 15\n")
    row = present(host, "web", {FIN: 33}).rows[0]
    assert row["reason"].startswith("rc.local (/etc/sysctl.conf:1) sets 15 at boot, after our file")
    assert present(host, "web", {FIN: 33}, take_over=True).rows[0]["status"] == "changed"
    assert fact(host, FIN)["boot_value"] == "33"


def test_ifupdown_may_set_parameters(host: FakeHost) -> None:
    host.put("/etc/network/interfaces", "auto eth0\n")
    host.put("/etc/network/interfaces.d/lan", f"up sysctl -w {FIN}=10\n")
    assert fact(host, FIN)["boot_reason"] is None
    host.put("/etc/systemd/system/multi-user.target.wants/networking.service", "")
    assert fact(host, FIN)["boot_reason"] == "not known: ifupdown may set it (/etc/network/interfaces.d/lan:1)"
