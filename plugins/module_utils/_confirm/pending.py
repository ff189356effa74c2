# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What waits for a confirmation on one host, and how to take it back: the journal's document `confirm`.

_edge/take_back.py reads this document where nothing else of nettune.tcp is left; a change here is a change there.

What waits is one change of one profile, in parts: its kernel parameters, its open-file limits. Each part is confirmed
by itself; what is left is taken back at one time, the last part first.
"""

from __future__ import annotations

from typing import Any, Iterable, Mapping, NamedTuple, Sequence

from .._common.errors import InvalidOption, JournalError
from .._common.versions import Format

DOCUMENT = "confirm"
# Format 1 did not say which release wrote it; its fields are those of format 2. Fields that host/take_back.py reads
# keep their names, as the copy of an earlier release may meet the document of a later one.
FORMAT = Format("the journal of pending changes", 2, "1.0.0", {1: dict})
SYSCTL, NOFILE = "sysctl", "nofile"
# The timers keep time to a second; and what nobody has confirmed in a day was not tried but forgotten.
SHORTEST, LONGEST = 1, 86400


class Step(NamedTuple):
    """One value that was written. before: as the kernel printed it. ours: as it prints it now, None while unknown.

    write, value: what to write to take it back; `write` is another parameter where that one sets this one to 0.
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
    """What one module has changed. kind: SYSCTL or NOFILE. options: the module's, with which it is made to last.

    steps, limits: in the order they were done. rows: of the journal of kernel parameters, as they were before:
    "version", "written_by", "readable_from", and by name, None for none, "profiles", "keys", "taken", and "texts" of
    other profiles' files; {} where it holds none of this. documents: whole ones of the journal, as they were before.
    finished: whether all of it was done. confirming: whether it is confirmed, and only the files are still to be
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
        """The kernel parameters it has to do with."""
        return tuple(self.rows.get("keys", ()))


class Pending(NamedTuple):
    """name: of the profile. due: on the monotonic clock of the boot `boot_id`, in seconds. deadline: the same in UTC,
    for people.

    timer: what was armed, as _edge/timer.py wants it back to disarm it.
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
        """With `part` in the place of the one of its kind, or after the others."""
        kinds = [one.kind for one in self.parts]
        if part.kind in kinds:
            return self._replace(parts=tuple(part if one.kind == part.kind else one for one in self.parts))
        return self._replace(parts=(*self.parts, part))


class State(NamedTuple):
    """taken_back: by kind and profile: {"at", "deadline": in UTC, "why": `expired` or `rebooted`}."""

    pending: Pending | None = None
    taken_back: Mapping[str, Mapping[str, Mapping[str, str]]] = {}

    def without(self, kind: str, name: str | None) -> State:
        """Without the part of a profile, or of whichever one where it is None, and without what is said of it."""
        told = {one: dict(names) for one, names in self.taken_back.items()}
        for one in [name] if name is not None else list(told.get(kind, {})):
            told.get(kind, {}).pop(one, None)
        kept = {one: names for one, names in told.items() if names}
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
        pending = fields["pending"]
        return State(None if pending is None else _pending(pending), fields["taken_back"])
    except (AttributeError, LookupError, TypeError) as error:
        raise JournalError(f"{FORMAT.what} is damaged: {error!r}") from error


def render(state: State) -> dict[str, Any]:
    """The document of a state; {} where it holds nothing."""
    pending = state.pending
    if pending is None and not state.taken_back:
        return {}
    shown = None if pending is None else {**pending._asdict(), "parts": [_shown(part) for part in pending.parts]}
    return FORMAT.write({"pending": shown, "taken_back": state.taken_back})


def joined(earlier: Part | None, later: Part) -> Part:
    """One part of two runs: originals are those of before the first, what is to last is what the later one says."""
    if earlier is None:
        return later
    return later._replace(
        steps=(*earlier.steps, *later.steps),
        limits=_joined_limits(earlier.limits, later.limits),
        rows=_joined_rows(earlier.rows, later.rows),
        documents={**later.documents, **earlier.documents},
    )


def as_read(part: Part, values: Mapping[str, str | None], *, since: int) -> Part:
    """The finished part; values: what the kernel prints of the parameters of the steps from number `since` on."""
    later = (step._replace(ours=(values.get(step.name) or "",)) for step in part.steps[since:])
    return part._replace(steps=(*part.steps[:since], *later), finished=True)


def check_seconds(given: Any) -> int:
    """The seconds that a playbook gave. Raises InvalidOption."""
    if isinstance(given, bool) or not isinstance(given, int) or not SHORTEST <= given <= LONGEST:
        raise InvalidOption(
            f"confirm_within: {given!r} is not allowed; whole seconds from {SHORTEST} to {LONGEST}, which is a day"
        )
    return given


def lost(name: str, told: Mapping[str, str]) -> str:
    """Why there is nothing to confirm any more, in one sentence. told: what State.taken_back holds of it."""
    if told["why"] == "rebooted":
        because = f"a reboot took it back, as nobody had confirmed it (until {told['deadline']}) before"
    else:
        because = f"it was taken back at {told['at']}, as nobody had confirmed it by {told['deadline']}"
    return f"the change of profile {name} cannot be confirmed any more: {because}; apply it again"


def in_the_way(pending: Pending, what: str) -> str:
    """Why `what` is not done now."""
    return (
        f"{what}: a change of profile {pending.name} waits for its confirmation until"
        f" {pending.deadline}, and is taken back then; confirm it (state: confirmed), take it back (state: absent), or"
        " wait"
    )


def shared(pending: Pending, keys: Sequence[str]) -> str:
    """Why a part is not changed while another waits."""
    return (
        f"{', '.join(keys)} is part of a change of profile {pending.name} that waits for its confirmation until"
        f" {pending.deadline}: confirm that first, or ask there for a value that does for both"
    )


def cut_off(pending: Pending) -> str:
    """Why an unfinished change is not confirmed."""
    return (
        f"the run that was to change profile {pending.name} did not come to its end, so there is nothing whole to"
        f" confirm; the host takes back at {pending.deadline} what it did: apply it again"
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
    limits = tuple(LimitStep(**limit) for limit in row["limits"])
    return Part(**{**row, "steps": steps, "limits": limits})


def _shown(part: Part) -> dict[str, Any]:
    steps = [step._asdict() for step in part.steps]
    limits = [limit._asdict() for limit in part.limits]
    return {**part._asdict(), "steps": steps, "limits": limits}
