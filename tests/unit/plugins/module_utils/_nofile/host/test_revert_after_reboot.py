# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Revert after a reboot or a restart: services run with the limit of our drop-ins, and the journal has no row."""

from __future__ import annotations

from pathlib import Path

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._formats.rlimit import Limit
from ansible_collections.nettune.tcp.tests.unit.support.nofile_host import (
    DEFAULT,
    FLOOR,
    FakeHost,
    apply,
    by,
    request,
    revert,
    web_host,
)

# systemd's default hard limit is higher than the floor and stays.
OURS = Limit(65536, 524288)


@pytest.fixture
def host(tmp_path: Path) -> FakeHost:
    return web_host(tmp_path)


def reboot(host: FakeHost, limit: Limit = OURS) -> None:
    """Start nginx with new processes."""
    host.write("/proc/sys/kernel/random/boot_id", "second boot\n")
    for pid in (812, 813):
        host.process(pid, "nginx", unit="nginx.service", limit=limit, start=99)


def holds(host: FakeHost, pid: int, count: int) -> None:
    for number in range(count):
        host.write(f"/proc/{pid}/fd/{number}", "")


def test_running_services_get_their_limit_back(host: FakeHost) -> None:
    apply(host)
    reboot(host)
    result = revert(host)
    assert [host.limit(pid) for pid in (812, 813)] == [DEFAULT, DEFAULT]
    assert (result["restart_needed"], result["left_alone"]) == ([], [])
    assert [(row["name"], row["pids"], row["status"]) for row in result["processes"]] == [
        ("nginx", [812, 813], "changed")
    ]
    assert host.text("/var/lib/nettune/tcp/nofile.json") is None


def test_service_that_was_restarted_in_the_same_boot(host: FakeHost) -> None:
    apply(host)
    host.process(812, "nginx", unit="nginx.service", limit=OURS, start=77)
    revert(host)
    assert [host.limit(pid) for pid in (812, 813)] == [DEFAULT, DEFAULT]


def test_limit_that_the_program_has_set_itself_stays(host: FakeHost) -> None:
    apply(host)
    reboot(host, Limit(30000, 524288))
    result = revert(host)
    assert host.limit(812) == Limit(30000, 524288)
    assert (result["processes"], result["left_alone"]) == ([], [])


def test_process_that_holds_many_descriptors_is_named(host: FakeHost) -> None:
    apply(host)
    reboot(host)
    holds(host, 812, 600)
    holds(host, 813, 512)
    result = revert(host)
    assert (host.limit(812), host.limit(813)) == (OURS, DEFAULT)
    assert result["left_alone"] == [
        {
            "what": "nginx[812]",
            "expected": "1024:524288",
            "found": "65536:524288",
            "reason": "keeps 65536:524288 until it restarts: it holds 600 descriptors",
        }
    ]
    assert (result["restart_needed"], result["refused"]) == (["nginx.service"], [])
    for path in host.locate("/proc/812/fd").iterdir():
        path.unlink()
    revert(host, None)
    assert host.limit(812) == DEFAULT
    assert host.text("/var/lib/nettune/tcp/nofile.json") is None


def test_process_of_this_boot_that_holds_many_descriptors_is_named(host: FakeHost) -> None:
    apply(host)
    holds(host, 812, 600)
    assert [row["what"] for row in revert(host)["left_alone"]] == ["nginx[812]"]
    assert (host.limit(812), host.limit(813)) == (OURS, DEFAULT)


def test_lower_floor_leaves_a_process_that_needs_more(host: FakeHost) -> None:
    apply(host)
    holds(host, 812, 3000)
    result = apply(host, request(Limit(4096, 4096)))
    assert (host.limit(812), host.limit(813)) == (OURS, Limit(4096, 524288))
    assert result["restart_needed"] == ["nginx.service"]


def test_without_live_the_service_is_named(host: FakeHost) -> None:
    apply(host, request(live=False))
    reboot(host)
    result = revert(host)
    assert host.limit(812) == OURS
    assert result["restart_needed"] == ["nginx.service"]
    assert by("what", result["left_alone"])["nginx[812]"]["reason"] == (
        "keeps 65536:524288 until it restarts: running processes are not changed with live: false"
    )


def test_limit_of_another_profile_stays(host: FakeHost) -> None:
    apply(host)
    apply(host, request(Limit(4096, 4096)), name="mail")
    reboot(host)
    revert(host, "web")
    assert host.limit(812) == Limit(4096, 524288)
    revert(host, "mail")
    assert host.limit(812) == DEFAULT


def test_service_with_enough_without_us_is_left_alone(host: FakeHost) -> None:
    host.unit("nginx.service", f"LimitNOFILE={FLOOR}\n")
    apply(host)
    reboot(host, FLOOR)
    assert revert(host)["processes"] == []
    assert host.limit(812) == FLOOR
