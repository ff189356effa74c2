# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The profile is in force, and a file of its own brings it back at each boot."""

from __future__ import annotations

from typing import Any

import pytest
from testinfra.host import Host


def path_of(key: str) -> str:
    return "/proc/sys/" + key.replace(".", "/")


def in_force(host: Host, key: str) -> str:
    return " ".join(host.file(path_of(key)).content_string.split())


def assignments(text: str) -> dict[str, str]:
    pairs = (line.split("=", 1) for line in text.splitlines() if line and line[0] not in "#;")
    return {key.strip().replace("/", "."): " ".join(value.split()) for key, value in pairs}


@pytest.fixture
def drop_in(tuned: dict[str, Any]) -> str:
    return f"/etc/sysctl.d/99-zz-nettune-{tuned['profile']}.conf"


def test_values_are_in_force(host: Host, tuned: dict[str, Any]) -> None:
    assert {key: in_force(host, key) for key in tuned["values"]} == tuned["values"]


def test_floors_are_in_force(host: Host, tuned: dict[str, Any]) -> None:
    found = {key: in_force(host, key) for key in tuned["floors"]}
    assert {key: value for key, value in found.items() if int(value) < tuned["floors"][key]} == {}


def test_drop_in_is_a_plain_file_that_all_may_read(host: Host, drop_in: str) -> None:
    file = host.file(drop_in)
    assert (file.is_file, file.is_symlink, file.user, file.group, file.mode) == (True, False, "root", "root", 0o644)


def test_drop_in_holds_these_settings_and_no_others(
    host: Host, tuned: dict[str, Any], before: dict[str, Any], drop_in: str
) -> None:
    # A floor needs no line where the kernel's own value is known and above it; elsewhere the line lowers nothing.
    found = {key: int(before[path_of(key)][-1]) for key in tuned["floors"] if key not in tuned.get("given", [])}
    expected = {**tuned["values"], **{key: str(max(found[key], tuned["floors"][key])) for key in found}}
    assert assignments(host.file(drop_in).content_string) == expected


def test_operators_file_is_left_alone(host: Host) -> None:
    content = "net.ipv4.ip_local_reserved_ports = 7005\n"
    assert host.file("/etc/sysctl.d/50-operator.conf").content_string == content
