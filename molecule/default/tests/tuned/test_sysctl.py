# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The web profile is in force, and a file of its own brings it back at each boot."""

from __future__ import annotations

import pytest
from testinfra.host import Host

DROP_IN = "/etc/sysctl.d/99-zz-nettune-web.conf"
SETTINGS = {
    "net.ipv4.tcp_syncookies": "1",
    "net.ipv4.tcp_tw_reuse": "1",
    "net.ipv4.tcp_timestamps": "1",
    "net.ipv4.ip_local_port_range": "1024 65535",
}
RESERVED = "net.ipv4.ip_local_reserved_ports"


def in_force(host: Host, key: str) -> str:
    text = host.file("/proc/sys/" + key.replace(".", "/")).content_string
    return " ".join(text.split())


def assignments(text: str) -> dict[str, str]:
    pairs = (line.split("=", 1) for line in text.splitlines() if line and line[0] not in "#;")
    return {key.strip().replace("/", "."): " ".join(value.split()) for key, value in pairs}


@pytest.mark.parametrize(("key", "value"), SETTINGS.items())
def test_value_is_in_force(host: Host, key: str, value: str) -> None:
    assert in_force(host, key) == value


def test_listeners_in_the_wider_range_are_reserved_beside_what_the_operator_has(host: Host) -> None:
    # nginx on 80 and sshd on 22 stand below the range: no outgoing connection can take their ports.
    assert in_force(host, RESERVED) == "7005,8080"


def test_drop_in_is_a_plain_file_that_all_may_read(host: Host) -> None:
    file = host.file(DROP_IN)
    assert (file.is_file, file.is_symlink, file.user, file.group, file.mode) == (True, False, "root", "root", 0o644)


def test_drop_in_holds_these_settings_and_no_others(host: Host) -> None:
    assert assignments(host.file(DROP_IN).content_string) == {**SETTINGS, RESERVED: "7005,8080"}


def test_operators_file_is_left_alone(host: Host) -> None:
    assert host.file("/etc/sysctl.d/50-operator.conf").content_string == f"{RESERVED} = 7005\n"
