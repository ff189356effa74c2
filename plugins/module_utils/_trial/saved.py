# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The saved document of a trial: its request, its readings so far, and how it ended."""

from __future__ import annotations

from typing import Any, Mapping, NamedTuple, Sequence

from .._common.errors import InvalidOption
from .._common.journal_format import Format
from .._common.json_shape import Maybe, check
from .._formats import sysctl_conf
from .analysis import Window
from .request import Request

PLANNED, RUNNING, DONE, ABORTED, STOPPED = "planned", "running", "done", "aborted", "stopped"
FAILED, INTERRUPTED = "failed", "interrupted"
FAILURES = (STOPPED, FAILED, INTERRUPTED)


def _from_1(fields: dict[str, Any]) -> dict[str, Any]:
    """Return the fields of format 2, in which a trial has its `reason`; in format 1 it was called `why`."""
    return {("reason" if field == "why" else field): value for field, value in fields.items()}


FORMAT = Format(
    "the saved trial",
    2,
    "1.0.0",
    {1: _from_1},
    "remove its file in /var/lib/nettune/tcp/trials and run the trial again",
)

_REQUEST = {
    **dict.fromkeys(("name", "key", "aim", "objective", "keep"), str),
    **dict.fromkeys(("settle", "window", "interval"), float),
    "candidates": list,
    "guards": [str],
}
_SHAPE = {
    **dict.fromkeys(("before", "boot_id", "status", "phase", "reason", "left"), str),
    "asked": _REQUEST,
    "request": _REQUEST,
    "started": float,
    "ends": float,
    "windows": [{"role": str, "value": str, "readings": list}],
    "kept": Maybe(str),
    "unread": int,
    "worker": Maybe({"pid": int, "start": int}),
    "watchdog": Maybe(int),
}


class Worker(NamedTuple):
    """The process that runs a trial. start: field 22 of its /proc/PID/stat, as PIDs are reused."""

    pid: int
    start: int


class Trial(NamedTuple):
    """asked: the request as given, as text. request: as admitted by the host. before: the old value.

    started, ends: when it started and is expected to end, in seconds since the epoch. phase: the present phase as text.
    windows: the completed ones. reason: why it ended. kept: the value that was kept instead of `before`. left: why the
    value is not `before` although nothing was kept. unread: the number of failed readings. watchdog: PID of the process
    that restores the value if the worker is killed.
    """

    asked: Request
    request: Request
    before: str
    boot_id: str = ""
    status: str = PLANNED
    started: float = 0.0
    ends: float = 0.0
    phase: str = ""
    windows: Sequence[Window] = ()
    reason: str = ""
    kept: str | None = None
    left: str = ""
    unread: int = 0
    worker: Worker | None = None
    watchdog: int | None = None


def as_text(request: Request) -> Request:
    """Return the request with its candidates as text, so that two requests can be compared."""
    return request._replace(candidates=tuple(map(str, request.candidates)), guards=tuple(request.guards))


def check_same(saved: Trial, asked: Request) -> None:
    """Raise InvalidOption if a saved trial of this name has other options."""
    new, old = as_text(asked), saved.asked
    differing = [name for name in Request._fields if getattr(new, name) != getattr(old, name)]
    if differing:
        raise InvalidOption(
            f"a saved trial {asked.name} with other options exists (different: {', '.join(differing)}); use another"
            " name (nettune_trial_name in the playbook), or discard it with again: true (nettune_trial_again=true)"
        )


def parse(document: Mapping[str, Any]) -> Trial | None:
    """Return the trial of a document of any format; None for {}.

    Raises JournalError if it is damaged or a later release wrote it.
    """
    if not document:
        return None
    row = FORMAT.read(document)
    try:
        check(row, _SHAPE)
        row.update(asked=_request(row["asked"]), request=_request(row["request"]))
        row["windows"] = tuple(Window(one["role"], one["value"], _numbers(one["readings"])) for one in row["windows"])
        row["worker"] = Worker(**row["worker"]) if row["worker"] else None
        return Trial(**row)
    except (AttributeError, LookupError, TypeError, ValueError) as error:
        raise FORMAT.damaged(error) from error


def render(trial: Trial) -> dict[str, Any]:
    """Return the document of a trial."""
    row = trial._asdict()
    row.update(asked=dict(trial.asked._asdict()), request=dict(trial.request._asdict()))
    row["windows"] = [dict(window._asdict()) for window in trial.windows]
    row["worker"] = dict(trial.worker._asdict()) if trial.worker else None
    return FORMAT.write(row)


def _request(row: Mapping[str, Any]) -> Request:
    sysctl_conf.check_inside(row["key"])
    texts = {name: tuple(map(str, row[name])) for name in ("candidates", "guards")}
    return Request(**{**row, **texts})


def _numbers(values: Sequence[Any]) -> tuple[float, ...]:
    return tuple(float(value) for value in values)
