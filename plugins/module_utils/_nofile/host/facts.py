# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The open-file limits of one host as facts: of the system, its processes, PAM sessions and services."""

from __future__ import annotations

from typing import Any, Callable, Iterable, Sequence, TypeVar

from ..._common.errors import MalformedInput, NettuneError
from ..._common.text import printable
from ..._formats import limits_conf
from ..._formats.pam_stack import DIRECTORIES
from ..._formats.rlimit import Limit, shown
from ..._host.files import HostFiles, RememberedFiles
from ..._host.procfs import reason
from .. import facts as nofile_state
from ..facts import Held
from ..snapshot import Giver, Unit
from . import pam
from .descriptors import Descriptors
from .pam import PamStacks
from .processes import Processes
from .units import Units

# There may be as many services, and as many lines for PAM, where `top` is less.
LISTED = 16
_SYSTEM = (("file_max", "file-max"), ("nr_open", "nr_open"), ("allocated", "file-nr"))
_Found = TypeVar("_Found")


class NofileState:
    """What cannot be had is None in the facts, and their `partial` says why."""

    def __init__(self, files: HostFiles, *, descriptors: Descriptors | None = None) -> None:
        self._files = files
        self._descriptors = descriptors or Descriptors(files)
        self._units = Units(RememberedFiles(files))
        self._nr_open = nofile_state.NR_OPEN
        self._partial: list[dict[str, str]] = []

    def gather(self, *, top: int, names: Sequence[str]) -> dict[str, Any]:
        """The facts, with at most `top` processes: the nearest to their soft limit, of those that `names` are names of.

        Without names it is those of all; processes that have nothing open are left out then.
        """
        system = {name: self._number(name, file) for name, file in _SYSTEM}
        self._nr_open = system["nr_open"] or self._nr_open
        everything = nofile_state.nearest(self._descriptors.all())
        named = self._named(everything, names) if names else {}
        wanted = nofile_state.nearest({one.pid: one for _unit, found in named.values() for one in found}.values())
        if not names:
            wanted = [one for one in everything if one.descriptors]
        facts = {
            "system": system,
            "processes": self._processes(wanted, top, of_names=bool(names)),
            "pam": self._pam(max(top, LISTED)),
            "units": self._of_units(self._asked(everything, wanted, named), max(top, LISTED)),
            "partial": self._partial,
        }
        return printable(facts)

    def _number(self, name: str, file: str) -> int | None:
        def read() -> int:
            text = self._files.read_text(f"/proc/sys/fs/{file}")
            if text is None:
                raise MalformedInput(f"/proc/sys/fs/{file} is absent")
            return nofile_state.first_number(text)

        return self._attempt(f"system.{name}", read)

    def _named(self, everything: list[Held], names: Iterable[str]) -> dict[str, tuple[Unit | None, list[Held]]]:
        """For each name the service it is a name of, where one is installed, and the processes."""
        found = {}
        for name in dict.fromkeys(names):
            service = nofile_state.service(name)
            unit = self._units.find(service) if service else None
            processes = nofile_state.called(everything, name, unit and unit.name)
            installed = unit is not None and not unit.why_not
            if not processes and not installed:
                self._note("processes", f"nothing runs as {name!r}, and there is no service of that name to start")
            found[name] = (unit if installed else None, processes)
        return found

    def _processes(self, wanted: list[Held], top: int, *, of_names: bool) -> list[dict[str, Any]]:
        if of_names and len(wanted) > top:
            self._note("processes", f"{len(wanted) - top} of {len(wanted)} further from their limit are left out")
        rows = [
            nofile_state.process_row(one, ghosts=self._descriptors.ghosts(one.pid), nr_open=self._nr_open)
            for one in wanted[:top]
        ]
        for what, reasons in self._descriptors.lacking.items():
            for why, times in sorted(reasons.items(), key=lambda item: -item[1])[:3]:
                self._note(what, why if times == 1 else f"{why}, {times} times")
        return rows

    def _pam(self, most: int) -> dict[str, Any] | None:
        if not pam.is_used(self._files) and not any(map(self._files.is_directory, DIRECTORIES)):
            self._note("pam", f"there is no PAM: neither {' nor '.join(DIRECTORIES)} exists")
            return None
        return {"entries": self._attempt("pam.entries", lambda: self._entries(most)), "stacks": self._stacks()}

    def _entries(self, most: int) -> list[dict[str, Any]]:
        entries = [entry for path, text in pam.read(self._files) for entry in limits_conf.entries(path, text)]
        if len(entries) > most:
            self._note("pam.entries", f"the first {len(entries) - most} of {len(entries)} are left out")
        return [nofile_state.entry_row(entry, nr_open=self._nr_open) for entry in entries[-most:]]

    def _stacks(self) -> dict[str, bool | None]:
        stacks = PamStacks(self._files)
        found = stacks.limits()
        for name, why in list(stacks.refused.items())[:3]:
            self._note("pam.stacks", f"{name} cannot be read: {why}")
        return found

    def _asked(
        self, everything: list[Held], wanted: list[Held], named: dict[str, tuple[Unit | None, list[Held]]]
    ) -> list[str]:
        """The names of the services to tell about, those with a process near its limit first."""
        processes = wanted if named else everything
        running = [one.unit for one in processes if one.unit]
        return list(dict.fromkeys([*(unit.name for unit, _found in named.values() if unit), *running]))

    def _of_units(self, names: list[str], most: int) -> dict[str, dict[str, Any] | None] | None:
        if len(names) > most:
            self._note("units", f"{len(names) - most} of {len(names)} further from their limit are left out")
        return self._attempt("units", lambda: self._given(names[:most]))

    def _given(self, names: list[str]) -> dict[str, dict[str, Any] | None]:
        defaults = self._units.defaults() if names else ()
        everything = Limit(self._nr_open, self._nr_open)
        first = Processes(self._files).giver(1, "PID 1") or Giver("PID 1", everything)
        found: dict[str, dict[str, Any] | None] = {}
        for name in names:
            unit = self._units.find(name)
            if unit.why_not:
                self._note(f"units.{name}", unit.why_not)
            limit = nofile_state.of_unit(unit.files, defaults, first=first, nr_open=self._nr_open)
            found[name] = None if unit.why_not else shown(limit)
        return found

    def _attempt(self, what: str, read: Callable[[], _Found]) -> _Found | None:
        try:
            return read()
        except (NettuneError, OSError) as error:
            self._note(what, reason(error))
            return None

    def _note(self, what: str, why: str) -> None:
        self._partial.append({"what": what, "reason": why})
