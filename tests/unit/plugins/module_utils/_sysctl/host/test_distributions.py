# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What boot gives in the file layout of each distribution, and whether a drop-in of ours wins there."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.host.facts import gather
from ansible_collections.nettune.tcp.tests.unit.support import distributions
from ansible_collections.nettune.tcp.tests.unit.support.fake_host import VALUES, FakeHost
from ansible_collections.nettune.tcp.tests.unit.support.profile_runs import ALIVE, FIN, WEB, absent, present

RP_FILTER, ALL_RP_FILTER = "net.ipv4.conf.eth0/100.rp_filter", "net.ipv4.conf.all.rp_filter"
QDISC, SYNCOOKIES, SYSRQ = "net.core.default_qdisc", "net.ipv4.tcp_syncookies", "kernel.sysrq"
MAP_COUNT, PID_MAX = "vm.max_map_count", "kernel.pid_max"
ADDED = {ALL_RP_FILTER: "0", MAP_COUNT: "65530", PID_MAX: "32768", SYSRQ: "1", "kernel.msgmax": "8192"}

SYSTEMD_DEFAULT = "/usr/lib/sysctl.d/50-default.conf"
REDHAT = "/usr/lib/sysctl.d/50-redhat.conf"
UPSTREAM = {
    SYSRQ: ("16", SYSTEMD_DEFAULT, 1),
    RP_FILTER: ("2", SYSTEMD_DEFAULT, 4),
    ALL_RP_FILTER: None,
    QDISC: ("fq_codel", SYSTEMD_DEFAULT, 13),
    PID_MAX: ("4194304", "/usr/lib/sysctl.d/50-pid-max.conf", 1),
    FIN: None,
}
RED_HAT = {**UPSTREAM, RP_FILTER: ("1", REDHAT, 3)}
MORE_MAPS = {MAP_COUNT: ("1048576", "/usr/lib/sysctl.d/10-map-count.conf", 1)}
SUSE = {SYSRQ: ("184", SYSTEMD_DEFAULT, 11), RP_FILTER: ("2", SYSTEMD_DEFAULT, 3), ALL_RP_FILTER: None, QDISC: None}
# Of each tree: the values that files set at boot, with path and line; None for those that no file sets.
EXPECTED: dict[str, dict[str, tuple[str, str, int] | None]] = {
    "alpine": {
        SYNCOOKIES: ("1", "/usr/lib/sysctl.d/00-alpine.conf", 1),
        ALL_RP_FILTER: ("1", "/usr/lib/sysctl.d/00-alpine.conf", 3),
        RP_FILTER: None,
        QDISC: None,
    },
    "arch": {**UPSTREAM, MAP_COUNT: ("1048576", "/usr/lib/sysctl.d/10-arch.conf", 3)},
    "fedora": {**UPSTREAM, **MORE_MAPS},
    "rhel9": {**RED_HAT, MAP_COUNT: None},
    "rhel10": {**RED_HAT, **MORE_MAPS},
    "suse15": {
        **SUSE,
        "kernel.msgmax": ("65536", "/boot/sysctl.conf-6.4.0-150700.51-default", 2),
        PID_MAX: None,
    },
    "suse16": {
        **SUSE,
        "kernel.msgmax": ("65536", "/usr/lib/modules/6.12.0-160000.5-default/sysctl.conf", 2),
        PID_MAX: ("4194304", "/usr/lib/sysctl.d/50-pid-max.conf", 1),
    },
    "ubuntu2404": {
        SYSRQ: ("176", "/etc/sysctl.d/10-magic-sysrq.conf", 1),
        ALL_RP_FILTER: ("2", "/etc/sysctl.d/10-network-security.conf", 2),
        QDISC: ("fq_codel", "/etc/sysctl.d/10-bufferbloat.conf", 1),
        MAP_COUNT: ("1048576", "/etc/sysctl.d/10-map-count.conf", 1),
        RP_FILTER: None,
    },
    "ubuntu2604": {
        SYSRQ: ("176", "/usr/lib/sysctl.d/55-magic-sysrq.conf", 1),
        ALL_RP_FILTER: ("2", "/usr/lib/sysctl.d/55-network-security.conf", 2),
        RP_FILTER: ("2", SYSTEMD_DEFAULT, 4),
        QDISC: ("fq_codel", SYSTEMD_DEFAULT, 13),
        MAP_COUNT: ("1048576", SYSTEMD_DEFAULT, 18),
    },
}
LOADERS = {"alpine": "busybox"}
# Whether a line in /etc/sysctl.conf counts at boot, and from which path it is read.
SYSCTL_CONF = {
    **dict.fromkeys(("fedora", "rhel9", "rhel10", "ubuntu2404"), "/etc/sysctl.d/99-sysctl.conf"),
    **dict.fromkeys(("suse15", "suse16"), "/usr/lib/sysctl.d/99-sysctl.conf"),
    "alpine": "/etc/sysctl.conf",
}


@pytest.fixture(params=distributions.NAMES)
def name(request: Any) -> str:
    return request.param


@pytest.fixture
def host(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeHost:
    monkeypatch.setattr(os, "fsync", lambda _descriptor: None)
    host = FakeHost(tmp_path, {**VALUES, **ADDED})
    (tmp_path / "usr/lib/systemd/systemd-sysctl").unlink()
    distributions.lay_out(name, tmp_path)
    return host


def boot_values(host: FakeHost, *keys: str) -> dict[str, Any]:
    rows = gather(host, keys)["keys"]
    return {
        key: (rows[key]["boot_value"], rows[key]["boot_source"]["path"], rows[key]["boot_source"]["line"])
        if rows[key]["boot_source"]
        else None
        for key in keys
    }


def test_every_tree_is_expected() -> None:
    assert sorted(EXPECTED) == distributions.NAMES


def test_source_of_every_file_is_noted(name: str) -> None:
    places = list(distributions.places(name))
    files = {place.path for place in places if not place.target and not place.path.endswith("/")}
    assert files == distributions.files_in(name)
    assert all(place.source for place in places)
    used = {key for place in places for key in re.findall(r"\[([^]]+)\]", place.source)}
    assert used == set(distributions.references(name))


def test_values_at_boot(name: str, host: FakeHost) -> None:
    assert boot_values(host, *EXPECTED[name]) == EXPECTED[name]


def test_nothing_is_unknown(name: str, host: FakeHost) -> None:
    found = gather(host, [])
    assert found["loader"] == LOADERS.get(name, "systemd")
    assert found["partial"] == []
    assert {key: row["boot_reason"] for key, row in found["keys"].items() if row["boot_reason"]} == {}


def test_drop_in_wins_and_is_reverted(name: str, host: FakeHost) -> None:
    before = host.tree()
    settings = {FIN: 30, SYNCOOKIES: 0, RP_FILTER: 0, ALL_RP_FILTER: 0, QDISC: "fq"}
    planned = present(host, "web", settings)
    assert {row["key"]: row["reason"] for row in planned.rows if row["status"] == "shadowed"} == {}
    assert {found and found[1] for found in boot_values(host, *settings).values()} == {WEB}
    assert not present(host, "web", settings).plan.changes_anything
    absent(host, "web")
    assert host.tree() == before


def test_line_in_sysctl_conf(name: str, host: FakeHost) -> None:
    host.put("/etc/sysctl.conf", f"{ALIVE} = 100\n")
    place = SYSCTL_CONF.get(name)
    assert boot_values(host, ALIVE)[ALIVE] == (place and ("100", place, 1))
    row = present(host, "web", {ALIVE: 300}).rows[0]
    assert row["status"] == ("shadowed" if name == "alpine" else "changed"), row["reason"]
