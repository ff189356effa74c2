# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs with a confirmation window on a fake host, with a clock and a waiting process that the test controls."""

from __future__ import annotations

import json
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Iterator

from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import ApplyFailed
from ansible_collections.nettune.tcp.plugins.module_utils._confirm.host import states, take_back
from ansible_collections.nettune.tcp.plugins.module_utils._confirm.host.waiting import PendingChange
from ansible_collections.nettune.tcp.plugins.module_utils._host.files import HostFiles
from ansible_collections.nettune.tcp.plugins.module_utils._nofile.host.confirm import ConfirmableLimits
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.host.confirm import ConfirmableProfiles
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.host.profiles import SysctlProfiles
from ansible_collections.nettune.tcp.tests.unit.support import fake_host, nofile_host
from ansible_collections.nettune.tcp.tests.unit.support.profile_runs import FIN, RANGE, WEB

SCRIPT = "/var/lib/nettune/tcp/take_back.py"
CONFIRM = "/var/lib/nettune/tcp/confirm.json"
OPTIONS = {
    "state": "present",
    "name": "web",
    "settings": {},
    "confirm_within": None,
    "persistent": True,
    "accept_hazards": [],
    "connections": None,
    "modules": None,
    "take_over": False,
    "overrides": [],
}
LIMITS = {"state": "present", "name": "web", "confirm_within": None, "persistent": True, "live": True, "hard": None}


class Process:
    """Record what waits, in place of _confirm/host/process.py. fails: whether starting fails. dies: at once."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.waiting: list[int] = []
        self.seconds: list[float] = []
        self.fails = self.dies = False

    def start(self, due: float) -> dict[str, Any]:
        if self.fails:
            raise ApplyFailed("cannot start the process")
        self.site.files.replace_text(SCRIPT, "the script", mode=0o700)
        self.seconds.append(due - self.site.clock)
        if not self.dies:
            self.waiting.append(len(self.seconds))
        return {"number": len(self.seconds)}

    def is_running(self, started: dict[str, Any]) -> bool:
        return started.get("number") in self.waiting

    def stop(self, started: dict[str, Any]) -> None:
        if started.get("number") in self.waiting:
            self.waiting.remove(started["number"])

    def clear(self) -> None:
        self.site.files.remove(SCRIPT)


class Site:
    """One host with its clock and its waiting process."""

    def __init__(self, host: Any, files: HostFiles) -> None:
        self.host, self.files = host, files
        self.clock = 1000.0
        self.process = Process(self)
        self.log: list[str] = []
        self.is_elsewhere = False
        prlimit = host._prlimit if isinstance(host, nofile_host.FakeHost) else None
        self.script_host = take_back.Host(
            files.locate(""), write=self._write, prlimit=self._prlimit if prlimit else None, log=self.log.append
        )

    def sysctl(self, *, check: bool = False, **options: Any) -> states.Run:
        """Run sysctl_profile."""
        profiles = SysctlProfiles(self.files)
        runs = ConfirmableProfiles(profiles, self.confirm(), elsewhere=self.is_elsewhere)
        return self._run(runs, {**OPTIONS, **options}, check)

    @contextmanager
    def elsewhere(self) -> Iterator[None]:
        """Treat the runs in the body as runs in another network namespace."""
        self.is_elsewhere = True
        yield
        self.is_elsewhere = False

    def nofile(self, *, check: bool = False, **options: Any) -> states.Run:
        """Run nofile_limits."""
        return self._run(ConfirmableLimits(self.host.profiles(), self.confirm()), {**LIMITS, **options}, check)

    def confirm(self) -> PendingChange:
        return PendingChange(
            self.files,
            process=self.process,
            host=self.script_host,
            monotonic=lambda: self.clock,
            clock=lambda: 1800000000.0 + self.clock,
        )

    def pending(self, kind: str = "sysctl") -> bool:
        return self.confirm().shown(kind)["pending"]

    def advance(self, seconds: float) -> None:
        """Advance the clock; a process that waits rolls back a change that is due."""
        self.clock += seconds
        if self.process.waiting:
            self.roll_back_if_due()

    def roll_back_if_due(self) -> None:
        """Do what take_back.py does at the deadline."""
        reason = take_back.over(
            self.script_host.load("confirm"), boot_id=self.script_host.boot_id(), monotonic=self.clock
        )
        if reason:
            take_back.take_back(self.script_host, reason)
            self.files.remove(SCRIPT)
            self.process.waiting.clear()

    def document(self) -> dict[str, Any]:
        return json.loads(self.files.read_text(CONFIRM) or "{}")

    def _run(self, profiles: Any, options: dict[str, Any], check: bool) -> states.Run:
        if check:
            return profiles.plan(options)
        with profiles.lock():
            return profiles.carry_out(profiles.plan(options))

    def _write(self, name: str, value: str) -> None:
        """Write a parameter as the fake kernel accepts it."""
        path = f"/proc/sys/{name.translate(str.maketrans('./', '/.'))}"
        fake_host.FakeHost.write_in_place(self.host, path, value + "\n") if isinstance(
            self.host, fake_host.FakeHost
        ) else self.files.write_in_place(path, value + "\n")

    def _prlimit(self, pid: int, which: int, pair: tuple[int, int] | None = None) -> tuple[int, int]:
        if pair is not None:
            self.host._prlimit(pid, which, pair)
        return tuple(self.host.limit(pid))


def site_at(path: Path) -> Site:
    host = fake_host.FakeHost(path)
    host.listen(8080)
    return Site(host, host)


def without_rollback_record(tree: dict[str, str]) -> dict[str, str]:
    """Return the tree without the journal's directory, which has the record of a rollback."""
    return {path: content for path, content in tree.items() if not path.startswith("/var/lib/nettune")}


def is_applied(site: Site) -> bool:
    return (site.host.value(FIN), site.host.value(RANGE)) == ("30", "1024 65535") and site.host.exists(WEB)
