# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The files of systemd units on a host, found as systemd finds them, also if it is not running (systemd.unit(5))."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable

from ..._common.errors import ApplyFailed
from ..._formats import drop_ins, unit_name
from ..._host.files import HostFiles
from ..._host.procfs import reason
from ..._host.run import run
from ..snapshot import Files, Unit

# Strongest first (src/basic/path-lookup.c, lookup_paths_init).
SEARCH_PATH = (
    "/etc/systemd/system.control",
    "/run/systemd/system.control",
    "/run/systemd/transient",
    "/run/systemd/generator.early",
    "/etc/systemd/system",
    "/etc/systemd/system.attached",
    "/run/systemd/system",
    "/run/systemd/system.attached",
    "/run/systemd/generator",
    "/usr/local/lib/systemd/system",
    "/usr/lib/systemd/system",
    "/lib/systemd/system",
    "/run/systemd/generator.late",
)
_CONFIGURATION = ("/etc/systemd", "/run/systemd", "/usr/local/lib/systemd", "/usr/lib/systemd", "/lib/systemd")
_INSTALLED = ("/usr/lib/systemd/system", "/lib/systemd/system", "/etc/systemd/system")
_RUNNING = "/run/systemd/system"
_OPENRC = "/run/openrc"
_RELOAD = ("systemctl", "daemon-reload")


class Units:
    """The services of one host. run: runs a command and returns its exit status and output."""

    def __init__(self, files: HostFiles, run: Callable[[Iterable[str]], tuple[int, str]] = run) -> None:
        self._files = files
        self._run = run

    def running(self) -> bool:
        """Return whether systemd is this host's init (sd_booted(3))."""
        return self._files.exists(_RUNNING)

    def find(self, given: str) -> Unit:
        """Return the service that systemd would load for a name or alias."""
        name = given
        try:
            name = self._real_name(given)
            path = self._fragment(name)
            text = self._files.read_text(path) if path else None
            if path is None or text is None:
                return Unit(name, unavailable=self._absence(name))
            if not text:
                return Unit(name, unavailable=f"masked: {path} is empty or a link to /dev/null")
            unread: dict[str, str] = {}
            found = self._files.try_texts(self._drop_ins(name, unread), unread)
            return Unit(name, ((path, text), *found.items()), unread=tuple(unread.values()))
        except OSError as error:
            return Unit(name, unavailable=f"its files cannot be read: {reason(error)}")

    def defaults(self, unread: dict[str, str]) -> Files:
        """Return path and text of systemd's own configuration, in order: the first system.conf, then the drop-ins.

        unread: takes, by path, why a file or a directory cannot be read.
        """
        paths = (f"{folder}/system.conf" for folder in _CONFIGURATION)
        main = [path for path in paths if self._files.lstat(path) is not None]
        folders = [f"{folder}/system.conf.d" for folder in _CONFIGURATION]
        return tuple(self._files.try_texts([*main[:1], *self._in_order(folders, unread)], unread).items())

    def reload(self) -> None:
        """Make systemd read its files again. Raises ApplyFailed if that fails."""
        status, output = self._run(_RELOAD)
        if status != 0:
            raise ApplyFailed(f"`{' '.join(_RELOAD)}` failed with status {status}: {output.strip() or 'no output'}")

    def _absence(self, name: str) -> str:
        """Return why there is no such unit."""
        openrc = self._files.exists(_OPENRC)
        if self.running() or (not openrc and any(map(self._files.exists, _INSTALLED))):
            return "not installed"
        if not openrc:
            return "this host has no systemd, and other service managers are not supported"
        service = name[: -len(unit_name.SUFFIX)]
        return f"OpenRC is not supported: set rc_ulimit in /etc/conf.d/{service}"

    def _real_name(self, given: str) -> str:
        """Follow an alias: a link in the search path to a unit of another name (systemd.unit(5), aliases)."""
        name, seen = given, [given]
        while True:
            link = next(filter(None, (self._files.readlink(f"{folder}/{name}") for folder in SEARCH_PATH)), None)
            target = os.path.basename(link or "")
            if not target.endswith(unit_name.SUFFIX) or target in seen:
                return name
            name = _instance_of(target, name)
            seen.append(name)

    def _fragment(self, name: str) -> str | None:
        """Return the path of the strongest unit file of that name, or of its template."""
        for candidate in dict.fromkeys((name, unit_name.template(name))):
            for folder in SEARCH_PATH:
                if self._files.lstat(f"{folder}/{candidate}") is not None:
                    return f"{folder}/{candidate}"
        return None

    def _drop_ins(self, name: str, unread: dict[str, str]) -> list[str]:
        """Return the drop-ins of the unit in the order they are read (src/shared/dropin.c): by its names, service.d.

        If file names are equal, the stronger directory wins, then the more specific unit name. Checked with systemd 252
        and 257.
        """
        folders = [
            f"{folder}/{part}.d"
            for alias in (name, *self._aliases(name, unread))
            for folder in SEARCH_PATH
            for part in unit_name.drop_in_names(alias)
        ]
        return self._in_order([*folders, *(f"{folder}/service.d" for folder in SEARCH_PATH)], unread)

    def _aliases(self, name: str, unread: dict[str, str]) -> list[str]:
        """Return the other names of a unit: links in the search path that lead to it."""
        found = []
        for folder in SEARCH_PATH:
            for entry in self._files.try_listdir(folder, unread):
                if entry.endswith(unit_name.SUFFIX) and entry != name and self._real_name(entry) == name:
                    found.append(entry)
        return found

    def _in_order(self, folders: list[str], unread: dict[str, str]) -> list[str]:
        found = {folder: self._files.try_listdir(folder, unread) for folder in folders}
        return drop_ins.in_order(folders, [f"{folder}/{name}" for folder, names in found.items() for name in names])


def _instance_of(target: str, name: str) -> str:
    """Return the unit that a link from `name` leads to: for a link from an instance to a template, its instance."""
    if not unit_name.is_template(target) or unit_name.is_template(name) or "@" not in name:
        return target
    return target.replace("@", "@" + name[: -len(unit_name.SUFFIX)].partition("@")[2], 1)
