# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the role `tuning` did on all hosts of a play: hosts with the same outcome share their lines."""

from __future__ import annotations

import re
from typing import Any, Callable, Iterable, Sequence

from . import merged, tuning_fleet, tuning_summary
from .host_names import natural, short
from .line import CRITICAL, Line, Row, Screen, listed, paragraph, table
from .run import Run
from .tuning_changes import REPEATED, Change, Note, Part
from .tuning_outcome import Outcome

_PARAMETERS = ("KERNEL PARAMETER", "BEFORE", "AFTER", "AT BOOT")
_LIMITS = ("OPEN-FILE LIMIT OF", "BEFORE", "AFTER")
_DRIFT = ("WHAT", "EXPECTED", "RUNNING", "AT BOOT", "REASON")
_BATCHES = ("BATCH", "HOSTS")
_DONE = {"write": "written", "remove": "removed"}
_WOULD = {"write": "would write", "remove": "would remove"}
_INDENT = "  "
_DIFFERS = "(differs)"
_NAMED = 8
_LONG_REASON = 40
_TIME = re.compile(r"\d{4}-\d\d-\d\dT[\d:]+Z")


def draw(run: Run) -> Screen:
    """Return the screen of the role: one for all hosts, in the last batch.

    In an earlier batch there are lines only if one of its hosts failed, and with strategy `free` only the host's own.
    """
    fleet = tuning_fleet.read(run)
    failures = {one.host: {"msg": one.failure, "unreachable": one.unreachable} for one in fleet.outcomes if one.failure}
    document, rows = tuning_fleet.document(fleet), tuning_fleet.rows(fleet)
    if not fleet.outcomes or (not fleet.is_last and not failures.keys() & set(run.batch)):
        return Screen([], failures, document, rows)
    drawn = _Drawn(run, fleet)
    return Screen(drawn.brief() if run.alone else drawn.lines(), failures, document, rows)


class _Drawn:
    def __init__(self, run: Run, fleet: tuning_fleet.Fleet) -> None:
        self._run = run
        self._fleet = fleet
        self._width = run.width
        self._named = 10**6 if run.verbosity else _NAMED

    def lines(self) -> list[Line]:
        """Return the groups, the hosts without a result, and the summary."""
        found: list[Line] = []
        for group in _grouped(self._fleet.outcomes, each=self._run.verbosity > 0):
            found += [*self._group(group), Line("")]
        for reason, hosts in self._missing().items():
            found += [
                *paragraph(f"{short(hosts)}: {reason}", width=self._width, severity=CRITICAL, hanging=_INDENT),
                Line(""),
            ]
        return found + self._batches() + self._summary()

    def brief(self) -> list[Line]:
        """Return one line for each host."""
        return [
            line
            for one in self._fleet.outcomes
            for line in paragraph(
                f"{one.host}: {tuning_summary.brief(one, self._fleet.entry)}",
                width=self._width,
                hanging=_INDENT,
                severity=one.severity,
            )
        ]

    def _missing(self) -> dict[str, list[str]]:
        reasons: dict[str, list[str]] = {}
        for row in self._fleet.missing:
            reasons.setdefault(row.reason, []).append(row.host)
        return reasons

    def _batches(self) -> list[Line]:
        """Return the hosts of each batch of a rollout in check mode."""
        rollout = self._fleet.rollout
        if not rollout or not rollout.check_mode:
            return []
        rows = [Row((str(number), short(batch))) for number, batch in enumerate(rollout.batches, start=1)]
        return [*table(_BATCHES, rows, width=self._width), Line("")]

    def _summary(self) -> list[Line]:
        text = tuning_summary.text(self._fleet)
        severity = CRITICAL if self._fleet.missing or any(one.failure for one in self._fleet.outcomes) else ""
        return paragraph(text, width=self._width, severity=severity)

    def _heading(self, group: Sequence[Outcome]) -> str:
        hosts, first = short(one.host for one in group), group[0]
        if first.failure:
            return f"{hosts}: {_joint([one.failure for one in group])}"
        return f"{hosts}: {tuning_summary.heading(first)}"

    def _group(self, group: Sequence[Outcome]) -> list[Line]:
        first = group[0]
        lines = paragraph(self._heading(group), width=self._width, hanging=_INDENT, severity=first.severity)
        for header, parts in ((_PARAMETERS, [one.sysctl for one in group]), (_LIMITS, [one.nofile for one in group])):
            lines += self._indented(self._changes(header, parts))
        lines += self._drift(group)
        lines += self._notes(self._shown_notes(first))
        lines += self._files(first)
        texts = [_joint([one.notes[at] for one in group]) for at in range(len(first.notes))]
        return lines + [line for text in texts for line in self._text(text)]

    def _changes(self, header: Sequence[str], parts: Sequence[Part]) -> list[Line]:
        rows = [_cells([part.changes[at] for part in parts], len(header)) for at in range(len(parts[0].changes))]
        return table(header, [Row(cells) for cells in rows], width=self._width - len(_INDENT))

    def _drift(self, group: Sequence[Outcome]) -> list[Line]:
        """Return a table of the differences; reasons that would make it too wide follow."""
        drift = group[0].drift
        apart = any(len(one.reason) > _LONG_REASON for one in drift)
        header = _DRIFT[:-1] if apart else _DRIFT
        rows = [_cells([one.drift[at] for one in group], len(header)) for at in range(len(drift))]
        lines = self._indented(table(header, [Row(cells) for cells in rows], width=self._width - len(_INDENT)))
        return lines + self._notes(Note("", one.what, one.reason) for one in drift if apart and one.reason)

    def _shown_notes(self, outcome: Outcome) -> list[Note]:
        """Return the notes without those that the drift tells, and those of each run if nothing changed."""
        told = {one.what for one in outcome.drift}
        notes = [note for note in (*outcome.sysctl.notes, *outcome.nofile.notes) if note.what not in told]
        if self._run.verbosity or outcome.sysctl.changes or outcome.nofile.changes:
            return notes
        return [note for note in notes if note.kind not in REPEATED]

    def _notes(self, notes: Iterable[Note]) -> list[Line]:
        """Return one text for all notes of the same kind and reason."""
        alike: dict[tuple[str, str], list[str]] = {}
        for note in notes:
            alike.setdefault((note.kind, note.text), []).append(note.what)
        texts = (
            ": ".join(filter(None, (kind, listed(list(dict.fromkeys(whats)), most=self._named), text)))
            for (kind, text), whats in alike.items()
        )
        return [line for text in texts for line in self._text(text)]

    def _files(self, outcome: Outcome) -> list[Line]:
        """Return which files are written and removed."""
        verbs: dict[str, list[str]] = {}
        for verb, path in outcome.sysctl.files + outcome.nofile.files:
            verbs.setdefault(verb, []).append(path)
        words = _WOULD if self._fleet.check_mode else _DONE
        texts = (f"{words[verb]}: {listed(paths, most=self._named)}" for verb, paths in verbs.items())
        return [line for text in texts for line in self._text(text)]

    def _text(self, text: str) -> list[Line]:
        return paragraph(text, width=self._width, indent=_INDENT, hanging=_INDENT * 2)

    def _indented(self, lines: Iterable[Line]) -> list[Line]:
        return [Line(f"{_INDENT}{line.text}", line.severity) for line in lines]


def _grouped(outcomes: Iterable[Outcome], *, each: bool) -> list[list[Outcome]]:
    """Return the outcomes in groups that are drawn once, hosts that failed last."""
    key: Callable[[Outcome], Any] = (lambda one: one.host) if each else _alike
    groups: dict[Any, list[Outcome]] = {}
    for one in sorted(outcomes, key=lambda one: natural(one.host)):
        groups.setdefault(key(one), []).append(one)
    return sorted(groups.values(), key=lambda group: (bool(group[0].failure), natural(group[0].host)))


def _alike(one: Outcome) -> Any:
    """Return what hosts that share their lines have in common; values may differ."""
    return (
        one.kind,
        _pattern(one.failure),
        tuple(map(_pattern, one.notes)),
        one.verified,
        tuple((row.what, row.reason) for row in one.drift),
        tuple(
            (tuple(change.what for change in part.changes), part.notes, part.files, tuple(part.counts.items()))
            for part in (one.sysctl, one.nofile)
        ),
    )


def _pattern(text: str) -> str:
    return merged.pattern(_TIME.sub("<time>", text))


def _joint(texts: Sequence[str]) -> str:
    """Return one text for texts of the same pattern, with the earliest and latest of their times."""
    times = sorted({time for text in texts for time in _TIME.findall(text)})
    text = merged.merge([_TIME.sub("<time>", text) for text in texts])
    return text.replace("<time>", " to ".join(dict.fromkeys([*times[:1], *times[-1:]])))


def _cells(rows: Sequence[Change | Any], columns: int) -> list[str]:
    """Return the cells of a row that a group of hosts shares."""
    return [next(iter(cell)) if len(cell) == 1 else _DIFFERS for cell in map(set, list(zip(*rows))[:columns])]
