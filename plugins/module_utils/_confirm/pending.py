# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The pending change of a host and how to roll it back: the journal's document `confirm`.

host/take_back.py reads this document without the rest of the collection, so change both together.

A host has at most one pending change, of one profile, in up to two parts: kernel parameters and open-file limits. Each
part is confirmed separately. At the deadline, all parts that are left are rolled back, the last one first.
"""

from __future__ import annotations

from typing import Any, Iterable, Mapping, NamedTuple, Sequence

from .._common.errors import InvalidOption
from .._common.journal_format import Format
from .._common.json_shape import Each, Fixed, Maybe, Whole, check
from .._formats import sysctl_conf

DOCUMENT = "confirm"
# Format 1 did not say which release wrote it; its fields are those of format 2. Fields that host/take_back.py reads
# keep their names, as the copy of an earlier release may meet the document of a later one.
FORMAT = Format("the journal of pending changes (/var/lib/nettune/tcp/confirm.json)", 2, "1.0.0", {1: dict})
SYSCTL, NOFILE = "sysctl", "nofile"
# Seconds. A change that is not confirmed within a day has been forgotten.
SHORTEST, LONGEST = 1, 86400

_LIMIT = Fixed(int, 2)
# Of the journal of kernel parameters; a part without such parameters has {}.
_ROWS = Whole(
    {
        "version": int,
        "profiles": Each(Maybe(dict)),
        "texts": Each(dict),
        "keys": Each(Maybe(dict)),
        "taken": Each(Maybe(dict)),
    }
)
_PART = {
    "kind": str,
    "options": dict,
    "steps": [{"name": str, "before": str, "ours": Maybe([str]), "write": str, "value": str}],
    "limits": [{"pid": int, "start": int, "before": _LIMIT, "ours": [_LIMIT]}],
    "rows": dict,
    "documents": Each(dict),
    "finished": bool,
    "confirming": bool,
}
_SHAPE = {
    "pending": Maybe(
        {
            "name": str,
            "boot_id": str,
            "due": float,
            "deadline": str,
            "parts": [Whole(_PART)],
            "timer": {"unit": str, "pid": int, "start": int},
        }
    ),
    "taken_back": Each(Each(Whole({"at": str, "deadline": str, "why": str}))),
}


class Step(NamedTuple):
    """One value that was written. before: as the kernel printed it. ours: as it prints it now, None while unknown.

    write, value: what to write to roll it back. `write` is another parameter if writing that one sets this one to 0.
    """

    name: str
    before: str
    ours: Sequence[str] | None
    write: str
    value: str


class LimitStep(NamedTuple):
    """One process whose limit was set: soft and hard, before us and by us. start: field 22 of /proc/PID/stat."""

    pid: int
    start: int
    before: Sequence[int]
    ours: Sequence[Sequence[int]]


class Part(NamedTuple):
    """The changes of one module. kind: SYSCTL or NOFILE. options: of the module, to run it again on confirmation.

    steps, limits: in the order they were done. rows: those of the journal of kernel parameters as they were before:
    "version", "written_by" and "readable_from", then by name "profiles", "keys", "taken" (None for none) and "texts" of
    other profiles' files; {} without kernel parameters. documents: whole documents of the journal, as they were before.
    finished: whether all steps were done. confirming: whether it has been confirmed and only its files are still to be
    written.
    """

    kind: str
    options: Mapping[str, Any]
    steps: tuple[Step, ...] = ()
    limits: tuple[LimitStep, ...] = ()
    rows: Mapping[str, Any] = {}
    documents: Mapping[str, Any] = {}
    finished: bool = False
    confirming: bool = False

    @property
    def keys(self) -> tuple[str, ...]:
        """Return the kernel parameters of this part."""
        return tuple(self.rows.get("keys", ()))


class Pending(NamedTuple):
    """The pending change. name: of the profile. due: deadline in seconds of the monotonic clock of the boot `boot_id`.

    deadline: the same in UTC, for people. timer: what WaitingProcess.start() returned, to stop it.
    """

    name: str
    boot_id: str
    due: float
    deadline: str
    parts: tuple[Part, ...]
    timer: Mapping[str, Any] = {}

    def part(self, kind: str) -> Part | None:
        return next((part for part in self.parts if part.kind == kind), None)

    def with_part(self, part: Part) -> Pending:
        """Return the change with `part` in place of the one of its kind, or else added at the end."""
        kinds = [one.kind for one in self.parts]
        if part.kind in kinds:
            return self._replace(parts=tuple(part if one.kind == part.kind else one for one in self.parts))
        return self._replace(parts=(*self.parts, part))


class State(NamedTuple):
    """The document. taken_back: rollbacks, by kind and profile: {"at", "deadline", "why"}, see take_back.py.

    The names `taken_back` and `why` are those that take_back.py of every release writes.
    """

    pending: Pending | None = None
    taken_back: Mapping[str, Mapping[str, Mapping[str, str]]] = {}

    def without(self, kind: str, name: str | None) -> State:
        """Return the state without a part of a profile (None: of any) and without the record of its rollback."""
        records = {one: dict(names) for one, names in self.taken_back.items()}
        for one in [name] if name is not None else list(records.get(kind, {})):
            records.get(kind, {}).pop(one, None)
        kept = {one: names for one, names in records.items() if names}
        pending = self.pending
        if pending is not None and name in (None, pending.name):
            parts = tuple(part for part in pending.parts if part.kind != kind)
            pending = pending._replace(parts=parts) if parts else None
        return State(pending, kept)


def parse(document: Mapping[str, Any]) -> State:
    """Return the state that a document of any format holds.

    Raises JournalError if it is damaged or a later release wrote it.
    """
    if not document:
        return State()
    fields = FORMAT.read(document)
    try:
        check(fields, _SHAPE)
        pending = fields["pending"]
        return State(None if pending is None else _pending(pending), fields["taken_back"])
    except (AttributeError, LookupError, TypeError, ValueError) as error:
        raise FORMAT.damaged(error) from error


def render(state: State) -> dict[str, Any]:
    """Return the document of a state; {} if the state is empty."""
    pending = state.pending
    if pending is None and not state.taken_back:
        return {}
    shown = None if pending is None else {**pending._asdict(), "parts": [_shown(part) for part in pending.parts]}
    return FORMAT.write({"pending": shown, "taken_back": state.taken_back})


def joined(earlier: Part | None, later: Part) -> Part:
    """Return one part for two runs: the originals of the earlier one, the options of the later one."""
    if earlier is None:
        return later
    return later._replace(
        steps=(*earlier.steps, *later.steps),
        limits=_joined_limits(earlier.limits, later.limits),
        rows=_joined_rows(earlier.rows, later.rows),
        documents={**later.documents, **earlier.documents},
    )


def as_read(part: Part, values: Mapping[str, str | None], *, since: int) -> Part:
    """Return the finished part. values: what the kernel prints for the parameters of the steps from `since` on."""
    later = (step._replace(ours=(values.get(step.name) or "",)) for step in part.steps[since:])
    return part._replace(steps=(*part.steps[:since], *later), finished=True)


def check_seconds(given: Any) -> int:
    """Return the option confirm_within, in seconds. Raises InvalidOption."""
    if isinstance(given, bool) or not isinstance(given, int) or not SHORTEST <= given <= LONGEST:
        raise InvalidOption(
            f"confirm_within: {given!r} is not allowed; it must be whole seconds from {SHORTEST} to {LONGEST} (one day)"
        )
    return given


def lost(name: str, record: Mapping[str, str]) -> str:
    """Return why a change can no longer be confirmed. record: its row of State.taken_back."""
    if record["why"] == "rebooted":
        return (
            f"a reboot rolled back the change of profile {name} before it was confirmed (deadline"
            f" {record['deadline']}); apply it again"
        )
    if record["why"] == "stopped":
        return (
            f"the change of profile {name} was rolled back at {record['at']}, before its deadline {record['deadline']},"
            " because the process that waits for it was stopped, as at a shutdown; apply it again"
        )
    return (
        f"the confirmation window of profile {name} has expired: the change was rolled back at {record['at']}, because"
        f" it was not confirmed by {record['deadline']}; apply it again"
    )


def blocked(pending: Pending, what: str) -> str:
    """Return why `what` fails, such as `cannot change profile mail`."""
    return (
        f"{what}: a change of profile {pending.name} is pending until {pending.deadline}; confirm it (state:"
        " confirmed), revert it (state: absent), or wait until it is rolled back"
    )


def shared_keys(pending: Pending, keys: Sequence[str]) -> str:
    """Return why a part cannot be changed while the other part is pending. keys: parameters of both."""
    return (
        f"{', '.join(keys)} is part of a change of profile {pending.name} that is pending until {pending.deadline}:"
        " confirm that change first, or choose a value in it that is enough for both"
    )


def interrupted(pending: Pending) -> str:
    """Return why an unfinished change cannot be confirmed."""
    return (
        f"the run that changed profile {pending.name} was interrupted, so its change cannot be confirmed; the host"
        f" rolls it back at {pending.deadline}: apply it again"
    )


def _joined_rows(earlier: Mapping[str, Any], later: Mapping[str, Any]) -> Mapping[str, Any]:
    if not (earlier and later):
        return earlier or later
    both = {what: {**later[what], **earlier[what]} for what in ("profiles", "texts", "keys", "taken")}
    # Rows of two formats are migrated as the older one, which leaves those of the newer one as they are.
    return {**later, **both, "version": min(earlier["version"], later["version"])}


def _joined_limits(earlier: Iterable[LimitStep], later: Iterable[LimitStep]) -> tuple[LimitStep, ...]:
    rows = {(row.pid, row.start): row for row in earlier}
    for row in later:
        old = rows.get((row.pid, row.start))
        rows[row.pid, row.start] = row if old is None else old._replace(ours=(*old.ours, *row.ours))
    return tuple(rows.values())


def _pending(row: Mapping[str, Any]) -> Pending:
    return Pending(**{**row, "parts": tuple(_part(part) for part in row["parts"])})


def _part(row: Mapping[str, Any]) -> Part:
    steps = tuple(Step(**step) for step in row["steps"])
    for name in {name for step in steps for name in (step.name, step.write)}:
        sysctl_conf.check_inside(name)
    if set(row["documents"]) - {SYSCTL, NOFILE}:
        raise ValueError(f"{', '.join(row['documents'])!r} is not a document that a change restores")
    if row["rows"]:
        check(row["rows"], _ROWS, "rows")
    limits = tuple(LimitStep(**limit) for limit in row["limits"])
    return Part(**{**row, "steps": steps, "limits": limits})


def _shown(part: Part) -> dict[str, Any]:
    steps = [step._asdict() for step in part.steps]
    limits = [limit._asdict() for limit in part.limits]
    return {**part._asdict(), "steps": steps, "limits": limits}
