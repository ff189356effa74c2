# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Invariants over random histories of a host: profiles, killed runs, drift and reboots."""

from __future__ import annotations

import os
import random
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._formats import port_set
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl import report
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.boot import SYSTEMD, boot
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.host.apply import Planned
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.host.profiles import SysctlProfiles
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.host.read import boot_files
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.snapshot import boot_lines
from ansible_collections.nettune.tcp.tests.unit.support.fake_host import VALUES, FakeHost, Killed

FIN, ALIVE, SOMAXCONN = "net.ipv4.tcp_fin_timeout", "net.ipv4.tcp_keepalive_time", "net.core.somaxconn"
RANGE, RESERVED = "net.ipv4.ip_local_port_range", "net.ipv4.ip_local_reserved_ports"
START, LIMIT = "net.ipv4.ip_unprivileged_port_start", "net.ipv4.icmp_ratelimit"
LOW, HIGH = "net.ipv4.ipfrag_low_thresh", "net.ipv4.ipfrag_high_thresh"
REQUESTS: dict[str, list[Any]] = {
    FIN: [30, 20, {"at_least": 90}, {"at_most": 45}],
    ALIVE: [600, 600, {"at_most": 900}],
    SOMAXCONN: [{"at_least": 8192}, {"at_least": 16384}, {"at_least": 1}],
    RANGE: ["1024 65535", "500 60999", "10000 20000"],
    START: [400, 0, 80],
    RESERVED: [{"include": ["listeners"]}, {"include": [80, "8000-8010"]}, {"include": [443]}],
    LIMIT: [1001, 1006, {"at_least": 2001}],
    LOW: [5000000, 100],
    HIGH: [6000000, 200, 8000000],
}
DRIFT = {FIN: ["33", "30"], ALIVE: ["1234"], SOMAXCONN: ["9000"], LIMIT: ["1004", "3000"]}
ALL_HAZARDS = frozenset({"floor_lowered", "range_over_listeners", "tw_buckets_lowered"})
LATER = f"# later\r\n{SOMAXCONN} = 5000\n{FIN}=98\n\n-{ALIVE}\n{FIN} = 99"
OTHERS = f"{FIN} = 50\n{RESERVED} = 9999\n{SOMAXCONN} = 5000\n"


class History:
    """A host with a random history."""

    def __init__(self, root: Path, seed: int) -> None:
        self.chance = random.Random(seed)
        self.host = FakeHost(root)
        self.host.listen(22, 8080, 40000)
        if self.chance.random() < 0.5:
            self.host.put("/etc/sysctl.d/50-others.conf", OTHERS)
        if self.chance.random() < 0.5:
            self.host.put("/etc/sysctl.d/99-zz-zz.conf", LATER)
        self.etc = self.host.tree("/etc")
        self.drifted: set[str] = set()
        self.rebooted = False

    def step(self) -> str:
        does = self.chance.choice((self.tune, self.tune, self.tune, self.revert, self.killed, self.drift, self.reboot))
        return does()

    def tune(self) -> str:
        name, settings, options = self.wanted()
        before = self.host.tree("/etc", "/proc/sys")
        planned = self.run(name, settings, **options)
        if planned is None:
            assert self.host.tree("/etc", "/proc/sys") == before
            return f"refused {name} {settings}"
        self.assert_applied(planned, persistent=options["persistent"])
        again = self.run(name, settings, **options)
        assert again is not None
        assert not again.plan.changes_anything, f"changed twice: {name} {settings} {options}"
        return f"tune {name} {settings} {options}"

    def wanted(self) -> tuple[str, dict[str, Any], dict[str, Any]]:
        keys = self.chance.sample(sorted(REQUESTS), self.chance.randint(0, 5))
        settings = {key: self.chance.choice(REQUESTS[key]) for key in keys}
        options: dict[str, Any] = {"persistent": self.chance.random() < 0.7, "accept_hazards": ALL_HAZARDS}
        options["take_over"] = self.chance.random() < 0.5
        return self.chance.choice(("web", "mail", "attempt")), settings, options

    def run(self, name: str, settings: dict[str, Any], **options: Any) -> Planned | None:
        profiles = SysctlProfiles(self.host)
        with profiles.lock():
            planned = profiles.present(name, settings, **options)
            if report.refusals(planned.rows):
                return None
            predicted = {row["key"]: row["after"] for row in planned.rows}
            carried = profiles.carry_out(planned)
        for row in carried.rows:
            assert row["after"] == self.host.value(row["key"]), row
            assert row["key"] == LIMIT or row["after"] == predicted[row["key"]], row
        moved = any(row["before"] != row["after"] for row in carried.rows)
        assert planned.plan.changes_anything or not moved
        return carried

    def assert_applied(self, planned: Planned, *, persistent: bool) -> None:
        """Assert that the requests of a plan are met, now and, if persistent, at boot."""
        at_boot = self.at_boot()
        for row in planned.rows:
            asked, value = row["requested"], self.host.value(row["key"])
            if asked is None:
                continue
            assert satisfies(asked, value), row
            given = at_boot.get(row["key"], VALUES[row["key"]])
            if persistent and row["status"] != "shadowed":
                assert satisfies(asked, " ".join(given.split())), (row, given)

    def revert(self) -> str:
        name = self.chance.choice(("web", "mail", "attempt", None))
        self.absent(name)
        return f"revert {name}"

    def absent(self, name: str | None) -> None:
        profiles = SysctlProfiles(self.host)
        with profiles.lock():
            planned = profiles.absent(name)
            if report.refusals(planned.rows):
                assert name is not None  # another profile depends on it
                return
            profiles.carry_out(planned)

    def killed(self) -> str:
        name, settings, options = self.wanted()
        host = self.host
        host.error, host.after = Killed(), self.chance.random() < 0.5
        host.fails_at = len(host.steps) + self.chance.randint(1, 12)
        try:
            if self.chance.random() < 0.3:
                self.absent(name)
            else:
                self.run(name, settings, **options)
        except Killed:
            return f"killed {name} {settings} {options} at {host.steps[-1]}"
        finally:
            host.fails_at = 0
        return f"killed too late {name} {settings} {options}"

    def drift(self) -> str:
        key = self.chance.choice(sorted(DRIFT))
        value = self.chance.choice(DRIFT[key])
        self.drifted.add(key)
        self.host.set(key, value)
        return f"drift {key} {value}"

    def reboot(self) -> str:
        self.host.reboot(self.at_boot())
        self.rebooted = True
        return "reboot"

    def at_boot(self) -> dict[str, str]:
        """Return the values that the files set at boot, in the kernel's notation."""
        lines = boot_lines(boot_files(self.host), loader=SYSTEMD)
        given = {key: boot(key, lines, loader=SYSTEMD).value for key in REQUESTS}
        rounded = {key: str(-(-int(value) // 4) * 4) for key, value in given.items() if key == LIMIT and value}
        return {**{key: value for key, value in given.items() if value is not None}, **rounded}

    def end(self) -> None:
        """Revert everything: values not changed by someone else are the originals or those of the boot files."""
        self.absent(None)
        assert self.host.tree("/etc") == self.etc
        assert self.host.listdir("/var/lib") == []
        without_us = {**VALUES, **self.at_boot()} if self.rebooted else VALUES
        for key in set(REQUESTS) - self.drifted:
            allowed = {" ".join(values[key].split()) for values in (without_us, VALUES)}
            assert self.host.value(key) in allowed, key


def satisfies(asked: Any, value: str) -> bool:
    if isinstance(asked, str):
        return asked == value or value == str(-(-int(asked.split()[0]) // 4) * 4)
    ((how, text),) = asked.items()
    if how == "include":
        return port_set.parse(text.replace("listeners", "")) <= port_set.parse(value)
    return int(value) >= int(text) if how == "at_least" else int(value) <= int(text)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(int(os.environ.get("NETTUNE_HISTORIES", "40"))))
def test_random_history(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    monkeypatch.setattr(os, "fsync", lambda _descriptor: None)
    history = History(tmp_path, seed)
    steps = []
    try:
        for _step in range(15):
            steps.append(history.step())
        history.end()
    except BaseException:
        print(*steps, sep="\n")
        raise
