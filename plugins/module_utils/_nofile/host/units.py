# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""systemd's files of a host, found as systemd would find them, whether it runs or not (systemd.unit(5))."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable

from ..._common.errors import ApplyFailed
from ..._formats import unit_conf, unit_name
from ..._host import run as command
from ..._host.files import HostFiles
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
_OF_SYSTEMD = ("/usr/lib/systemd/system", "/lib/systemd/system", "/etc/systemd/system")
_NULL = "/dev/null"
_RELOAD = ("systemctl", "daemon-reload")


class Units:
    """The services of one host. run: runs a command and returns its exit status and what it said."""

    def __init__(self, files: HostFiles, run: Callable[[Iterable[str]], tuple[int, str]] | None = None) -> None:
        self._files = files
        self._run = run or command.run

    def running(self) -> bool:
        """Whether systemd is this host's init (sd_booted(3))."""
        return self._files.exists("/run/systemd/system")

    def find(self, given: str) -> Unit:
        """The service that systemd would load for a name."""
        name = self._real_name(given)
        path = self._fragment(name)
        try:
            text = self._files.read_text(path) if path else None
            if path is None or text is None:
                return Unit(name, why_not=self._why_absent(name))
            if not text:
                return Unit(name, why_not=f"masked: {path} leads to /dev/null or is empty")
            return Unit(name, ((path, text), *self._texts(self._drop_ins(name))))
        except OSError as error:
            return Unit(name, why_not=f"its files cannot be read: {error}")

    def defaults(self) -> Files:
        """Path and text of systemd's own configuration, in the order it is read: the first system.conf, then the drop-
        ins.
        """
        main = [path for path in (f"{folder}/system.conf" for folder in _CONFIGURATION) if self._files.exists(path)]
        folders = [f"{folder}/system.conf.d" for folder in _CONFIGURATION]
        return self._texts([*main[:1], *self._in_order(folders)])

    def reload(self) -> None:
        """Have systemd read its files again. Raises ApplyFailed where it does not."""
        status, said = self._run(_RELOAD)
        if status != 0:
            raise ApplyFailed(f"`{' '.join(_RELOAD)}` ended with {status}: {said.strip() or 'it said nothing'}")

    def _why_absent(self, name: str) -> str:
        has_systemd = any(map(self._files.exists, _OF_SYSTEMD))
        if self._files.exists("/run/systemd/system") or (has_systemd and not self._files.exists("/run/openrc")):
            return "not installed: systemd finds no unit file of that name"
        if not self._files.exists("/run/openrc"):
            return "there is no systemd here, and nettune.tcp changes no files of other service managers"
        service = name[: -len(unit_name.SUFFIX)]
        return (
            "OpenRC starts services here, not systemd, and nettune.tcp does not write its files: the limit of this one"
            f" is rc_ulimit in /etc/conf.d/{service}"
        )

    def _real_name(self, given: str) -> str:
        """Where an alias leads: a link in the search path to a unit of another name (systemd.unit(5), aliases)."""
        name, seen = given, [given]
        while True:
            link = next(filter(None, (self._files.readlink(f"{folder}/{name}") for folder in SEARCH_PATH)), None)
            target = os.path.basename(link or "")
            if not target.endswith(unit_name.SUFFIX) or target in seen:
                return name
            name = _instance_of(target, name)
            seen.append(name)

    def _fragment(self, name: str) -> str | None:
        """The strongest unit file of that name, or else of its template."""
        for candidate in dict.fromkeys((name, unit_name.template(name))):
            for folder in SEARCH_PATH:
                if self._files.lstat(f"{folder}/{candidate}") is not None:
                    return f"{folder}/{candidate}"
        return None

    def _drop_ins(self, name: str) -> list[str]:
        """The drop-ins for the unit in the order they are read (src/shared/dropin.c): its names', then service.d.

        Of equal file names that in the stronger directory counts, then that for the more specific name; so
        systemd 252 and 257 do it.
        """
        folders = [
            f"{folder}/{part}.d"
            for alias in (name, *self._aliases(name))
            for folder in SEARCH_PATH
            for part in unit_name.drop_in_names(alias)
        ]
        return self._in_order([*folders, *(f"{folder}/service.d" for folder in SEARCH_PATH)])

    def _aliases(self, name: str) -> list[str]:
        """The other names of a unit: links in the search path that lead to it."""
        found = []
        for folder in SEARCH_PATH:
            for entry in self._files.listdir(folder):
                if entry.endswith(unit_name.SUFFIX) and entry != name and self._real_name(entry) == name:
                    found.append(entry)
        return found

    def _in_order(self, folders: list[str]) -> list[str]:
        return unit_conf.drop_ins_in_order(folders, {folder: self._files.listdir(folder) for folder in folders})

    def _texts(self, paths: Iterable[str]) -> Files:
        texts = ((path, self._files.read_text(path)) for path in paths if not self._files.is_directory(path))
        return tuple((path, text) for path, text in texts if text is not None)


def _instance_of(target: str, name: str) -> str:
    """An instance whose link leads to a template is that template's instance."""
    if not unit_name.is_template(target) or unit_name.is_template(name) or "@" not in name:
        return target
    return target.replace("@", "@" + name[: -len(unit_name.SUFFIX)].partition("@")[2], 1)
