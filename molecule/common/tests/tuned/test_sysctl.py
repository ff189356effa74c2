# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The profile is applied, and its drop-in applies it again at each boot."""

from __future__ import annotations

from typing import Any

import pytest
from testinfra.host import Host


def path_of(key: str) -> str:
    return "/proc/sys/" + key.replace(".", "/")


def running_value(host: Host, key: str) -> str:
    return " ".join(host.file(path_of(key)).content_string.split())


def assignments(text: str) -> dict[str, str]:
    pairs = (line.split("=", 1) for line in text.splitlines() if line and line[0] not in "#;")
    return {key.strip().replace("/", "."): " ".join(value.split()) for key, value in pairs}


@pytest.fixture
def drop_in(tuned: dict[str, Any]) -> str:
    return f"/etc/sysctl.d/99-zz-nettune-{tuned['profile']}.conf"


def test_values_are_applied(host: Host, tuned: dict[str, Any]) -> None:
    assert {key: running_value(host, key) for key in tuned["values"]} == tuned["values"]


def test_lower_bounds_are_applied(host: Host, tuned: dict[str, Any]) -> None:
    found = {key: running_value(host, key) for key in tuned["floors"]}
    assert {key: value for key, value in found.items() if int(value) < tuned["floors"][key]} == {}


def test_drop_in_is_a_world_readable_file(host: Host, drop_in: str) -> None:
    file = host.file(drop_in)
    assert (file.is_file, file.is_symlink, file.user, file.group, file.mode) == (True, False, "root", "root", 0o644)


def test_drop_in_has_exactly_these_settings(
    host: Host, tuned: dict[str, Any], before: dict[str, Any], drop_in: str
) -> None:
    # A lower bound has no line if the kernel's default is known and above it; otherwise the line does not lower it.
    found = {key: int(before[path_of(key)][-1]) for key in tuned["floors"] if key not in tuned.get("given", [])}
    expected = {**tuned["values"], **{key: str(max(found[key], tuned["floors"][key])) for key in found}}
    assert assignments(host.file(drop_in).content_string) == expected


def test_operators_file_is_unchanged(host: Host) -> None:
    content = "net.ipv4.ip_local_reserved_ports = 7005\n"
    assert host.file("/etc/sysctl.d/50-operator.conf").content_string == content
