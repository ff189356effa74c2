# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read the open-file limits of one host as facts: of the system, its processes, PAM sessions and services."""

from __future__ import annotations

from typing import Any, Callable, Iterable, Sequence, TypeVar

from ..._common.errors import MalformedInput, NettuneError
from ..._common.text import printable
from ..._formats import limits_conf
from ..._formats.pam_stack import DIRECTORIES
from ..._formats.rlimit import INFINITY, Limit, shown
from ..._host.files import HostFiles, RememberedFiles
from ..._host.procfs import reason
from .. import facts, open_files
from ..open_files import OpenFiles
from ..snapshot import Parent, Unit
from . import pam
from .descriptors import Descriptors
from .pam import PamStacks
from .processes import Processes
from .units import Units

# The least number of services and of PAM lines to list, also if `top` is lower.
LISTED = 16
_SYSTEM = (("file_max", "file-max"), ("nr_open", "nr_open"), ("allocated", "file-nr"))
_Found = TypeVar("_Found")


class NofileFacts:
    """Facts that cannot be read are None, with the reason in `partial`."""

    def __init__(self, files: HostFiles, *, descriptors: Descriptors | None = None) -> None:
        self._files = files
        self._descriptors = descriptors or Descriptors(files)
        self._units = Units(RememberedFiles(files))
        self._nr_open = open_files.NR_OPEN
        self._partial: list[dict[str, str]] = []

    def gather(self, *, top: int, names: Sequence[str]) -> dict[str, Any]:
        """Return the facts with at most `top` processes, those nearest to their soft limit.

        names: of processes or services to restrict the facts to. Without names, processes without open files are left
        out.
        """
        system = {name: self._number(name, file) for name, file in _SYSTEM}
        self._nr_open = system["nr_open"] or self._nr_open
        processes = open_files.nearest(self._descriptors.all())
        named = self._named(processes, names) if names else {}
        wanted = open_files.nearest({one.pid: one for _unit, found in named.values() for one in found}.values())
        if not names:
            wanted = [one for one in processes if one.descriptors]
        found = {
            "system": system,
            "processes": self._processes(wanted, top, by_name=bool(names)),
            "pam": self._pam(max(top, LISTED)),
            "units": self._of_units(self._unit_names(processes, wanted, named), max(top, LISTED)),
            "partial": self._partial,
        }
        return printable(found)

    def _number(self, name: str, file: str) -> int | None:
        def read() -> int:
            text = self._files.read_text(f"/proc/sys/fs/{file}")
            if text is None:
                raise MalformedInput(f"/proc/sys/fs/{file} does not exist")
            return open_files.first_number(text)

        return self._attempt(f"system.{name}", read)

    def _named(
        self, processes: list[OpenFiles], names: Iterable[str]
    ) -> dict[str, tuple[Unit | None, list[OpenFiles]]]:
        """Return for each name its service, if it is installed, and its processes."""
        found = {}
        for name in dict.fromkeys(names):
            service = facts.service(name)
            unit = self._units.find(service) if service else None
            matching = facts.matching(processes, name, unit and unit.name)
            installed = unit is not None and not unit.unavailable
            if not matching and not installed:
                self._note("processes", f"no process is named {name!r}, and no such service is installed")
            found[name] = (unit if installed else None, matching)
        return found

    def _processes(self, wanted: list[OpenFiles], top: int, *, by_name: bool) -> list[dict[str, Any]]:
        if by_name and len(wanted) > top:
            self._note("processes", f"{len(wanted) - top} of {len(wanted)} further from their limit are left out")
        rows = [
            open_files.process_row(one, ghosts=self._descriptors.ghosts(one.pid), nr_open=self._nr_open)
            for one in wanted[:top]
        ]
        for what, reasons in self._descriptors.unreadable.items():
            for text, times in sorted(reasons.items(), key=lambda item: -item[1])[:3]:
                self._note(what, text if times == 1 else f"{text}, {times} times")
        return rows

    def _pam(self, most: int) -> dict[str, Any] | None:
        if not pam.is_used(self._files) and not any(map(self._files.is_directory, DIRECTORIES)):
            self._note("pam", f"PAM is not installed: neither {' nor '.join(DIRECTORIES)} exists")
            return None
        return {"entries": self._attempt("pam.entries", lambda: self._entries(most)), "stacks": self._stacks()}

    def _entries(self, most: int) -> list[dict[str, Any]]:
        unread: dict[str, str] = {}
        debian = pam.debian_version(self._files, unread)
        files = pam.read(self._files, debian, unread)
        for why in unread.values():
            self._note("pam.entries", why)
        entries = [entry for path, text in files for entry in limits_conf.entries(path, text)]
        if limits_conf.unlimited_fails(debian):
            for entry in [one for one in entries if one.value == INFINITY][:3]:
                self._note("pam.entries", f"{entry} says {entry.written}, which this version of pam_limits cannot set")
        if len(entries) > most:
            self._note("pam.entries", f"the first {len(entries) - most} of {len(entries)} are left out")
        return [facts.entry_row(entry, nr_open=self._nr_open) for entry in entries[-most:]]

    def _stacks(self) -> dict[str, bool | None]:
        stacks = PamStacks(self._files)
        found = stacks.limits()
        for name, text in list(stacks.unreadable.items())[:3]:
            self._note("pam.stacks", f"cannot read {name}: {text}")
        use_pam = self._attempt("pam.stacks", lambda: pam.sshd_uses_pam(self._files)) if found.get("sshd") else None
        if use_pam is not None and not use_pam.enabled:
            found["sshd"] = False
            self._note("pam.stacks.sshd", f"{use_pam.obstacle}, so logins by ssh do not use pam_limits")
        return found

    def _unit_names(
        self,
        processes: list[OpenFiles],
        wanted: list[OpenFiles],
        named: dict[str, tuple[Unit | None, list[OpenFiles]]],
    ) -> list[str]:
        """Return the names of the services to report, those with a process near its limit first."""
        running = [one.unit for one in (wanted if named else processes) if one.unit]
        return list(dict.fromkeys([*(unit.name for unit, _found in named.values() if unit), *running]))

    def _of_units(self, names: list[str], most: int) -> dict[str, dict[str, Any] | None] | None:
        if len(names) > most:
            self._note("units", f"{len(names) - most} of {len(names)} further from their limit are left out")
        return self._attempt("units", lambda: self._limits_of_units(names[:most]))

    def _limits_of_units(self, names: list[str]) -> dict[str, dict[str, Any] | None]:
        unread: dict[str, str] = {}
        defaults = self._units.defaults(unread) if names else ()
        for why in unread.values():
            self._note("units", why)
        init = Processes(self._files).parent(1, "PID 1") or Parent("PID 1", Limit(self._nr_open, self._nr_open))
        found: dict[str, dict[str, Any] | None] = {}
        for name in names:
            unit = self._units.find(name)
            for why in filter(None, (unit.unavailable, *unit.unread)):
                self._note(f"units.{name}", why)
            limit = facts.limit_of_unit(unit.files, defaults, init=init, nr_open=self._nr_open)
            found[name] = None if unit.unavailable else shown(limit)
        return found

    def _attempt(self, what: str, read: Callable[[], _Found]) -> _Found | None:
        try:
            return read()
        except (NettuneError, OSError) as error:
            self._note(what, reason(error))
            return None

    def _note(self, what: str, text: str) -> None:
        self._partial.append({"what": what, "reason": text})
