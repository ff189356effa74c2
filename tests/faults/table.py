# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tables of faults and outcomes in docs/reliability.md. `python -m tests.faults` writes them."""

from __future__ import annotations

from pathlib import Path
from typing import Iterable, NamedTuple

from .injection import KILL, Call
from .running import AS_BEFORE, DONE, MORE_IN_JOURNAL, PARTLY, Result
from .scenarios import Scenario

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "reliability.md"
# Between these lines the document is generated.
BEGIN = "<!-- {}: written by `python -m tests.faults` -->\n"
END = "<!-- The end of {} -->\n"
_HEAD = """\
| step | EIO, ENOSPC, EPERM or EROFS, once | ENOSPC from here on | `kill -9` |
|---|---|---|---|
"""
_ORDER = (AS_BEFORE, MORE_IN_JOURNAL, PARTLY, DONE)
# The calls that a step begins with; the calls after it, up to the next of these, belong to it.
_FIRST = {
    "create": "write",
    "mkdir": "make",
    "unlink": "remove",
    "rmdir": "remove",
    "open to write": "set",
    "prlimit": "set the limit of",
    "daemon-reload": "reload systemd",
}


class _Row(NamedTuple):
    """verb, objects: what the step does. cells: the outcomes of a single error, a lasting one, and a kill."""

    verb: str
    objects: tuple[str, ...]
    cells: tuple[str, str, str]


def section(scenario: Scenario, changing: Iterable[Result], reading: Iterable[Result]) -> str:
    """Return the table of a scenario, with the lines around it. changing, reading: the results of faults at calls."""
    results = list(changing)
    rows: list[_Row] = []
    for verb, path, calls in _steps(_calls(results)):
        found = [one for one in results if one.fault.number - 1 in calls]
        cells = (
            _cell(one for one in found if one.fault.error != KILL and not one.fault.lasting),
            _cell(one for one in found if one.fault.lasting),
            _cell(one for one in found if one.fault.error == KILL),
        )
        if rows and rows[-1].verb == verb and rows[-1].cells == cells:
            rows[-1] = rows[-1]._replace(objects=(*rows[-1].objects, path))
        else:
            rows.append(_Row(verb, (path,), cells))
    rows.append(_Row("read what the run decides by", ("",), (_cell(reading), "", "")))
    lines = "".join(f"| {_step(row)} | {' | '.join(row.cells)} |\n" for row in rows)
    return f"{BEGIN.format(scenario.name)}\n{_HEAD}{lines}\n{END.format(scenario.name)}"


def updated(text: str, name: str, new: str) -> str:
    """Return the document with a new section in place of the old one."""
    begin, end = BEGIN.format(name), END.format(name)
    return text[: text.index(begin)] + new + text[text.index(end) + len(end) :]


def shown(text: str, name: str) -> str:
    """Return the section of the document."""
    begin, end = BEGIN.format(name), END.format(name)
    return text[text.index(begin) : text.index(end) + len(end)]


def _calls(results: Iterable[Result]) -> list[Call]:
    return [call for _number, call in sorted({one.fault.number: one.call for one in results}.items())]


def _steps(calls: list[Call]) -> list[tuple[str, str, set[int]]]:
    """Return the steps that the calls make up: verb, path, and the numbers of the calls from 0."""
    found: list[tuple[str, str, set[int]]] = []
    made: set[str] = set()
    exist: set[int] = set()  # attempts to make a directory that is there, which belong to the next step
    for number, call in enumerate(calls):
        if call.name == "mkdir" and call.path in made:
            exist.add(number)
            continue
        if call.name in _FIRST:
            found.append((_FIRST[call.name], call.path, {number, *exist}))
            made |= {call.path} if call.name == "mkdir" else set()
            exist = set()
            continue
        verb, path, numbers = found[-1]
        # A new file gets its name last.
        found[-1] = (verb, call.path if call.name == "rename" else path, {*numbers, number})
    return found


def _cell(results: Iterable[Result]) -> str:
    outcomes = {one.left for one in results}
    return ", or ".join(one for one in _ORDER if one in outcomes)


def _step(row: _Row) -> str:
    names = [_name(one) for one in dict.fromkeys(row.objects) if one]
    return " ".join(filter(None, (row.verb, ", ".join(names))))


def _name(path: str) -> str:
    """Return a parameter's name, the number of a process, or the path."""
    start = "/proc/sys/"
    if path.startswith(start):
        return f"`{path[len(start) :].replace('/', '.')}`"
    return path.replace("/proc/", "process ") if path.startswith("/proc/") else f"`{path}`"
