# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import MalformedInput
from ansible_collections.nettune.tcp.plugins.module_utils._host.files import HostFiles
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.boot import PROCPS, SYSTEMD
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.host import read
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.snapshot import ABSENT, Reading

INITIAL, OTHER = "pid:[4026531836]", "pid:[4026532200]"
HEADER = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"


def row(port: int, state: int, wide: bool = False) -> str:
    address = "0" * (32 if wide else 8)
    rest = "00000000:00000000 00:00000000 00000000     0        0 1 1 0000000000000000 100 0 0 10 0\n"
    return f"   0: {address}:{port:04X} {address}:0000 {state:02X} {rest}"


def put(root: Path, path: str, text: str) -> None:
    target = root / path.lstrip("/")
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text)


def link(root: Path, path: str, target: str) -> None:
    (root / path.lstrip("/")).parent.mkdir(parents=True, exist_ok=True)
    (root / path.lstrip("/")).symlink_to(target)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    put(tmp_path, "/proc/sys/kernel/osrelease", "6.12.1-amd64\n")
    put(tmp_path, "/proc/sys/kernel/random/boot_id", "0f0e\n")
    put(tmp_path, "/proc/sys/net/ipv4/tcp_sack", "1\n")
    link(tmp_path, "/proc/self/ns/pid", INITIAL)
    link(tmp_path, "/proc/self/ns/net", "net:[1]")
    link(tmp_path, "/proc/1/ns/net", "net:[1]")
    return tmp_path


@pytest.fixture
def files(root: Path) -> HostFiles:
    return HostFiles(str(root))


def test_empty_host(files: HostFiles) -> None:
    host = read.take(files, ["net.ipv4.tcp_sack", "net.ipv4.nothing"], with_listeners=True, with_all_names=False)
    assert host.kernel == "6.12.1-amd64"
    assert host.boot_id == "0f0e"
    assert host.readings == {"net.ipv4.tcp_sack": Reading("1"), "net.ipv4.nothing": ABSENT}
    assert host.owns_machine
    assert (host.names, host.listeners, host.datagram_ports) == (frozenset(), frozenset(), frozenset())
    assert (host.boot_files, host.owners) == ({}, {})


def test_names_are_listed_on_request(files: HostFiles) -> None:
    host = read.take(files, [], with_listeners=False, with_all_names=True)
    assert "net.ipv4.tcp_sack" in host.names


@pytest.mark.parametrize(
    ("own_pid", "own_net", "first_net", "owns"),
    [
        (INITIAL, "net:[1]", "net:[1]", True),
        (INITIAL, "net:[2]", "net:[1]", False),
        (OTHER, "net:[1]", "net:[1]", False),
        (OTHER, "net:[2]", "net:[1]", False),
    ],
)
def test_host_owns_the_machine(tmp_path: Path, own_pid: str, own_net: str, first_net: str, owns: bool) -> None:
    link(tmp_path, "/proc/self/ns/pid", own_pid)
    link(tmp_path, "/proc/self/ns/net", own_net)
    link(tmp_path, "/proc/1/ns/net", first_net)
    assert read.owns_machine(HostFiles(str(tmp_path))) is owns


@pytest.mark.parametrize("initial", [True, False])
def test_unreadable_namespaces_of_process_1(root: Path, initial: bool) -> None:
    class Restricted(HostFiles):
        def readlink(self, path: str) -> str | None:
            if path.startswith("/proc/1/"):
                raise PermissionError(13, "Permission denied", path)
            return super().readlink(path)

    if initial:
        put(root, "/proc/sys/net/core/netdev_max_backlog", "1000\n")
    assert read.owns_machine(Restricted(str(root))) is initial


@pytest.mark.parametrize(
    ("path", "loader"),
    [
        ("/etc/x", PROCPS),
        ("/run/systemd/system/x", SYSTEMD),
        ("/usr/lib/systemd/systemd-sysctl", SYSTEMD),
        ("/lib/systemd/systemd-sysctl", SYSTEMD),
    ],
)
def test_boot_loader(root: Path, files: HostFiles, path: str, loader: str) -> None:
    put(root, path, "")
    assert read.loader(files) == loader


def test_boot_files_with_masks(root: Path, files: HostFiles) -> None:
    put(root, "/etc/sysctl.conf", "a.b = 1\n")
    put(root, "/etc/sysctl.d/10.conf", "a.b = 2\n")
    put(root, "/etc/sysctl.d/README", "x")
    put(root, "/etc/sysctl.d/dir.conf/x", "x")
    put(root, "/run/sysctl.d/.hidden.conf", "a.b = 3\n")
    put(root, "/usr/local/lib/sysctl.d/l.conf", "a.b = 4\n")
    put(root, "/usr/lib/sysctl.d/u.conf", "a.b = 5\n")
    link(root, "/etc/sysctl.d/99-sysctl.conf", "../sysctl.conf")
    link(root, "/etc/sysctl.d/null.conf", "/dev/null")
    link(root, "/etc/sysctl.d/gone.conf", "nowhere")
    assert read.boot_files(files) == {
        "/etc/sysctl.conf": "a.b = 1\n",
        "/etc/sysctl.d/10.conf": "a.b = 2\n",
        "/etc/sysctl.d/99-sysctl.conf": "a.b = 1\n",
        "/etc/sysctl.d/dir.conf": "",
        "/etc/sysctl.d/gone.conf": "",
        "/etc/sysctl.d/null.conf": "",
        "/run/sysctl.d/.hidden.conf": "a.b = 3\n",
        "/usr/local/lib/sysctl.d/l.conf": "a.b = 4\n",
        "/usr/lib/sysctl.d/u.conf": "a.b = 5\n",
    }


def test_sysctl_conf_must_be_a_file(root: Path, files: HostFiles) -> None:
    (root / "etc/sysctl.conf").mkdir(parents=True)
    assert read.boot_files(files) == {}


def test_listeners_and_datagram_ports(root: Path, files: HostFiles) -> None:
    put(root, "/proc/self/net/tcp", HEADER + row(80, 10) + row(5000, 1) + row(0, 10))
    put(root, "/proc/self/net/tcp6", HEADER + row(443, 10, wide=True))
    put(root, "/proc/self/net/udp", HEADER + row(53, 7) + row(40000, 1))
    host = read.take(files, [], with_listeners=True, with_all_names=False)
    assert host.listeners == {80, 443}
    assert host.datagram_ports == {53}
    host = read.take(files, [], with_listeners=False, with_all_names=False)
    assert host.listeners == host.datagram_ports == frozenset()


def test_malformed_socket_table_is_an_error(root: Path, files: HostFiles) -> None:
    put(root, "/proc/self/net/tcp", "half a r")
    with pytest.raises(MalformedInput):
        read.take(files, [], with_listeners=True, with_all_names=False)


def test_tuned_profile_with_its_includes(root: Path, files: HostFiles) -> None:
    put(root, "/etc/tuned/active_profile", "web\n")
    put(root, "/etc/tuned/web/tuned.conf", "[main]\ninclude=base\n[sysctl]\nnet.core.somaxconn=>2048\n")
    put(root, "/usr/lib/tuned/web/tuned.conf", "[sysctl]\nvm.swappiness=1\n")
    put(
        root,
        "/usr/lib/tuned/base/tuned.conf",
        "[main]\ninclude=web,-local\n[sysctl]\nnet.core.somaxconn=1\nvm.dirty_ratio=9\n",
    )
    assert read.take(files, [], with_listeners=False, with_all_names=False).programs.late == []
    put(root, "/etc/systemd/system/multi-user.target.wants/tuned.service", "")
    host = read.take(files, [], with_listeners=False, with_all_names=False)
    assert [(one.path, one.line, one.name, one.value) for one in host.programs.late] == [
        ("/usr/lib/tuned/web/tuned.conf", 2, "vm.swappiness", "1"),
        ("/etc/tuned/web/tuned.conf", 4, "net.core.somaxconn", ">2048"),
        ("/usr/lib/tuned/base/tuned.conf", 5, "vm.dirty_ratio", "9"),
    ]
    assert [bool(one.unknown) for one in host.programs.late] == [False, True, False]


@pytest.mark.parametrize(
    ("active", "mode", "reason"),
    [
        ("", "auto", "no profile of TuneD is active, so it chooses one when it starts"),
        ("", "manual", ""),
        ("web local", "manual", "TuneD has no profile 'local', which is active or included"),
        ("computed", "manual", "TuneD computes which profile it includes: '${f:virt_check:a:b}'"),
    ],
)
def test_profile_of_tuned_that_is_not_known(root: Path, files: HostFiles, active: str, mode: str, reason: str) -> None:
    put(root, "/etc/systemd/system/multi-user.target.wants/tuned.service", "")
    put(root, "/etc/tuned/active_profile", f"{active}\n")
    put(root, "/etc/tuned/profile_mode", f"{mode}\n")
    put(root, "/etc/tuned/web/tuned.conf", "[cpu]\ngovernor=performance\n")
    put(root, "/etc/tuned/computed/tuned.conf", "[main]\ninclude=${f:virt_check:a:b}\n")
    programs = read.take(files, [], with_listeners=False, with_all_names=False).programs
    assert [line.unknown for line in programs.late] == ([reason] if reason else [])
    assert (programs.tuned is None) is (not reason)


def test_profile_of_tuned_without_parameters_applies_no_files_again(root: Path, files: HostFiles) -> None:
    put(root, "/etc/systemd/system/multi-user.target.wants/tuned.service", "")
    put(root, "/etc/tuned/active_profile", "web\n")
    put(root, "/etc/tuned/web/tuned.conf", "[vm]\ndirty_bytes=40%\n")
    programs = read.take(files, [], with_listeners=False, with_all_names=False).programs
    assert ([line.name for line in programs.late], programs.tuned) == (["vm.dirty_ratio"], None)


def test_table_is_read_up_to_the_last_listener(root: Path, files: HostFiles) -> None:
    head = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"
    row = "   {}: 0100007F:{} 00000000:0000 {} 00000000:00000000 00:00000000 00000000   113        0 24078 1 00000000\n"
    rows = [row.format(0, "1F90", "0A"), row.format(1, "1F91", "0A"), row.format(2, "1F92", "01"), "   3: half\n"]
    table = root / "proc/self/net/tcp"
    table.parent.mkdir(parents=True, exist_ok=True)
    table.write_text(head + "".join(rows))
    assert read.take(files, [], with_listeners=True, with_all_names=False).listeners == {8080, 8081}
    table.write_text(head + rows[0] + rows[3])
    with pytest.raises(MalformedInput, match="line 3"):
        read.take(files, [], with_listeners=True, with_all_names=False)
