# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A fake host in a directory for open-file limits: /etc, /proc, systemd, and a kernel that may refuse limits."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from ansible_collections.nettune.tcp.plugins.module_utils._formats.limits_conf import Account
from ansible_collections.nettune.tcp.plugins.module_utils._formats.proc_pid import open_files
from ansible_collections.nettune.tcp.plugins.module_utils._formats.rlimit import Limit
from ansible_collections.nettune.tcp.plugins.module_utils._host.files import HostFiles
from ansible_collections.nettune.tcp.plugins.module_utils._nofile.host.processes import Processes
from ansible_collections.nettune.tcp.plugins.module_utils._nofile.host.profiles import NofileProfiles
from ansible_collections.nettune.tcp.plugins.module_utils._nofile.host.read import Snapshot
from ansible_collections.nettune.tcp.plugins.module_utils._nofile.host.units import Units
from ansible_collections.nettune.tcp.plugins.module_utils._nofile.request import Request

ALL_CAPABILITIES, NO_SYS_RESOURCE = "000001ffffffffff", "000001fffeffffff"
DEFAULT = Limit(1024, 524288)
INITIAL_PID = "pid:[4026531836]"

# The files of the profile `web`, and the journal.
LIMITS = "/etc/security/limits.d/99-zz-nettune-web.conf"
NGINX = "/etc/systemd/system/nginx.service.d/99-zz-nettune-web.conf"
JOURNAL = "/var/lib/nettune/tcp/nofile.json"
FLOOR = Limit(65536, 65536)


class FakeHost:
    """Set it up with write(), unit() and process(); profiles() returns the code under test."""

    def __init__(self, root: Path, *, systemd: bool = True, capabilities: str = ALL_CAPABILITIES) -> None:
        self.root = root
        self.files = HostFiles(str(root))
        self.capabilities = capabilities
        self.reloads = 0
        self.accounts = {"root": Account("root", 0, 0, {"root": 0}), "www": Account("www", 33, 33, {"www": 33})}
        for path in ("/etc/security/limits.d", "/etc/systemd/system", "/var/lib", "/etc/sysctl.d"):
            self.locate(path).mkdir(parents=True)
        if systemd:
            self.locate("/run/systemd/system").mkdir(parents=True)
        self.write("/proc/sys/fs/nr_open", "1048576\n")
        self.write("/proc/sys/kernel/osrelease", "6.1.0\n")
        self.write("/proc/sys/kernel/random/boot_id", "boot\n")
        self.process(1, "systemd" if systemd else "init", parent=0, limit=Limit(1048576, 1048576), cgroup="/init.scope")
        self.process("self", "python3", limit=DEFAULT)
        self.namespace(INITIAL_PID)

    def locate(self, path: str) -> Path:
        return Path(self.files.locate(path))

    def write(self, path: str, text: str) -> None:
        self.locate(path).parent.mkdir(parents=True, exist_ok=True)
        self.locate(path).write_text(text)

    def link(self, path: str, target: str) -> None:
        self.locate(path).parent.mkdir(parents=True, exist_ok=True)
        self.locate(path).symlink_to(target)

    def text(self, path: str) -> str | None:
        return self.files.read_text(path)

    def namespace(self, pid: str) -> None:
        """Set our PID namespace. The network namespace is always that of process 1."""
        for which, name in (("self", "pid"), ("self", "net"), ("1", "net")):
            link = self.locate(f"/proc/{which}/ns/{name}")
            link.unlink() if link.is_symlink() else link.parent.mkdir(exist_ok=True)
            link.symlink_to(pid if name == "pid" else "net:[1]")

    def unit(self, name: str, lines: str = "", *, folder: str = "/lib/systemd/system") -> None:
        self.write(f"{folder}/{name}", f"[Service]\nExecStart=/bin/true\n{lines}")

    def process(
        self,
        pid: int | str,
        name: str,
        *,
        unit: str = "",
        limit: Limit = DEFAULT,
        uid: int = 0,
        parent: int = 1,
        **more,
    ) -> None:
        """more: start, cgroup, capabilities, loginuid."""
        number = 99 if pid == "self" else pid
        tail = f"S {parent} " + "0 " * 17 + str(more.get("start", 4711)) + " 0"
        capabilities = more.get("capabilities", self.capabilities)
        cgroup = more.get("cgroup", f"/system.slice/{unit}" if unit else "/")
        self.write(f"/proc/{pid}/stat", f"{number} ({name}) {tail}\n")
        self.write(
            f"/proc/{pid}/status", f"Uid:\t{uid}\t{uid}\t{uid}\nGid:\t{uid}\t{uid}\t{uid}\nCapEff:\t{capabilities}\n"
        )
        self.write(f"/proc/{pid}/uid_map", "0 0 4294967295\n")
        self.write(f"/proc/{pid}/cgroup", f"0::{cgroup}\n")
        self.write(f"/proc/{pid}/loginuid", more.get("loginuid", "4294967295"))
        self._set(pid, limit)

    def ends(self, pid: int) -> None:
        for path in self.locate(f"/proc/{pid}").iterdir():
            path.unlink()
        self.locate(f"/proc/{pid}").rmdir()

    def limit(self, pid: int) -> Limit:
        return open_files(self.text(f"/proc/{pid}/limits") or "")

    def profiles(self) -> NofileProfiles:
        processes = Processes(self.files, prlimit=self._prlimit)
        units = Units(self.files, run=self._run)
        return NofileProfiles(
            self.files, Snapshot(self.files, units=units, processes=processes, account=self.accounts.get)
        )

    def tree(self) -> dict[str, str | None]:
        """Return the text of every file by path, the target of links, and None for directories. /proc is left out."""
        found: dict[str, str | None] = {}
        for directory, directories, names in os.walk(self.root):
            place = "/" + os.path.relpath(directory, self.root)
            if place == "/.":
                directories.remove("proc")
            found[place] = None
            for path in (Path(directory, name) for name in names):
                found[f"{place}/{path.name}"] = os.readlink(path) if path.is_symlink() else path.read_text()
        return found

    def _prlimit(self, pid: int, _which: int, pair: tuple[int, int]) -> None:
        """Refuse like do_prlimit() in kernel/sys.c."""
        have, wanted = self.limit(pid), Limit(*pair)
        allowed = self.capabilities == ALL_CAPABILITIES or "Uid:\t0\t" in (self.text(f"/proc/{pid}/status") or "")
        raises = wanted.hard > have.hard and self.capabilities != ALL_CAPABILITIES
        if not allowed or raises or wanted.hard > int(self.text("/proc/sys/fs/nr_open") or 0):
            raise PermissionError(1, "Operation not permitted")
        self._set(pid, wanted)

    def _set(self, pid: int | str, limit: Limit) -> None:
        self.write(f"/proc/{pid}/limits", f"Max open files            {limit.soft}      {limit.hard}      files\n")

    def _run(self, _command: object) -> tuple[int, str]:
        self.reloads += 1
        return 0, ""


def web_host(root: Path) -> FakeHost:
    """Return a host with sshd, and nginx with a worker of another user."""
    host = FakeHost(root)
    host.process(50, "sshd", unit="ssh.service")
    host.unit("nginx.service")
    host.process(812, "nginx", unit="nginx.service")
    host.process(813, "nginx", unit="nginx.service", uid=33)
    return host


def request(
    floor: Limit = FLOOR,
    users: tuple[str, ...] = ("root",),
    services: tuple[str, ...] = ("nginx.service",),
    **more: bool,
) -> Request:
    """Return the default request of the tests."""
    return Request(floor, users, services, **more)


def apply(host: FakeHost, wanted: Request | None = None, name: str = "web") -> dict[str, Any]:
    """Apply a profile and return the result of the module."""
    profiles = host.profiles()
    with profiles.lock():
        return profiles.carry_out(profiles.present(name, wanted or request())).result()


def revert(host: FakeHost, name: str | None = "web") -> dict[str, Any]:
    """Revert a profile, or all of them for None, and return the result of the module."""
    profiles = host.profiles()
    with profiles.lock():
        return profiles.carry_out(profiles.absent(name)).result()


def by(key: str, rows: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return rows of a result by one of their fields."""
    return {row[key]: row for row in rows}
