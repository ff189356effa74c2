# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs whose changes wait for a confirmation, on hosts of files: with a clock that is set and a timer that is let go
off.
"""

from __future__ import annotations

import json
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Iterator

from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import ApplyFailed
from ansible_collections.nettune.tcp.plugins.module_utils._confirm.host import states, take_back
from ansible_collections.nettune.tcp.plugins.module_utils._confirm.host.waiting import Confirm
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
}
LIMITS = {"state": "present", "name": "web", "confirm_within": None, "persistent": True, "live": True, "hard": None}


class Timer:
    """In the place of _edge/timer.py: notes what is armed. fails: whether arming does."""

    def __init__(self, files: HostFiles) -> None:
        self.files = files
        self.armed: list[int] = []
        self.seconds: list[int] = []
        self.fails = False

    def arm(self, seconds: int) -> dict[str, Any]:
        if self.fails:
            raise ApplyFailed("cannot start the timer")
        self.files.replace_text(SCRIPT, "the script", mode=0o700)
        self.seconds.append(seconds)
        self.armed.append(len(self.seconds))
        return {"number": self.armed[-1]}

    def disarm(self, armed: dict[str, Any]) -> None:
        if armed.get("number") in self.armed:
            self.armed.remove(armed["number"])

    def clear(self) -> None:
        self.files.remove(SCRIPT)


class Site:
    """One host, what time it is there, and its timer."""

    def __init__(self, host: Any, files: HostFiles) -> None:
        self.host, self.files = host, files
        self.clock = 1000.0
        self.timer = Timer(files)
        self.log: list[str] = []
        self.is_elsewhere = False
        prlimit = host._prlimit if isinstance(host, nofile_host.FakeHost) else None
        self.taker = take_back.Host(
            files.locate(""), write=self._write, prlimit=self._prlimit if prlimit else None, log=self.log.append
        )

    def sysctl(self, *, check: bool = False, **options: Any) -> states.Run:
        """A run of sysctl_profile."""
        profiles = SysctlProfiles(self.files)
        runs = ConfirmableProfiles(profiles, self.confirm(), elsewhere=self.is_elsewhere)
        return self._run(runs, {**OPTIONS, **options}, check)

    @contextmanager
    def elsewhere(self) -> Iterator[None]:
        """Runs in here are of another network namespace, or say so."""
        self.is_elsewhere = True
        yield
        self.is_elsewhere = False

    def nofile(self, *, check: bool = False, **options: Any) -> states.Run:
        """A run of nofile_limits."""
        return self._run(ConfirmableLimits(self.host.profiles(), self.confirm()), {**LIMITS, **options}, check)

    def confirm(self) -> Confirm:
        return Confirm(
            self.files,
            timer=self.timer,
            host=self.taker,
            monotonic=lambda: self.clock,
            clock=lambda: 1800000000.0 + self.clock,
        )

    def pending(self, kind: str = "sysctl") -> bool:
        return self.confirm().shown(kind)["pending"]

    def passes(self, seconds: float) -> None:
        """Time passes, and where something is due and armed the host's own timer takes it back."""
        self.clock += seconds
        if self.timer.armed:
            self.goes_off()

    def goes_off(self) -> None:
        """What take_back.py does when it is run."""
        why = take_back.over(self.taker.load("confirm"), boot_id=self.taker.boot_id(), monotonic=self.clock)
        if why:
            take_back.take_back(self.taker, why)
            self.files.remove(SCRIPT)
            self.timer.armed.clear()

    def document(self) -> dict[str, Any]:
        return json.loads(self.files.read_text(CONFIRM) or "{}")

    def _run(self, profiles: Any, options: dict[str, Any], check: bool) -> states.Run:
        if check:
            return profiles.plan(options)
        with profiles.lock():
            return profiles.carry_out(profiles.plan(options))

    def _write(self, name: str, value: str) -> None:
        """As the kernel judges it."""
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


def but_for_what_is_told(tree: dict[str, str]) -> dict[str, str]:
    """The tree without the note that something was taken back, and its directory."""
    return {path: held for path, held in tree.items() if not path.startswith("/var/lib/nettune")}


def holds(site: Site) -> bool:
    return (site.host.value(FIN), site.host.value(RANGE)) == ("30", "1024 65535") and site.host.exists(WEB)
