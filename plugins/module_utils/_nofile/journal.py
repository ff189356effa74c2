# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The journal of open-file limits: the requests, the files written, and the limits that processes had before.

It is written before the first change and again after the last one. If a run is interrupted in between, each file
contains one of `texts`, and each process has either `before` or one of `ours`.
"""

from __future__ import annotations

from typing import Any, Mapping, NamedTuple

from .._common.errors import InvalidOption
from .._common.journal_format import Format, check_path
from .._common.json_shape import Each, Fixed, Maybe, check
from .._formats.rlimit import Limit
from . import request
from .request import Request

DOCUMENT = "nofile"
# Format 1 did not say which release wrote it; its fields are those of format 2.
FORMAT = Format("the journal of open-file limits (/var/lib/nettune/tcp/nofile.json)", 2, "1.0.0", {1: dict})

_LIMIT = Fixed(int, 2)
_REQUEST = {
    "floor": _LIMIT,
    "users": [str],
    "services": [str],
    "live": bool,
    "persistent": bool,
    "logins": int,
}
_SHAPE = {
    "profiles": Each(_REQUEST),
    "files": Each({"profile": str, "texts": [str]}),
    "directories": [str],
    "raised": [{"pid": int, "start": int, "unit": str, "before": _LIMIT, "ours": [_LIMIT]}],
    "logins": Maybe(_LIMIT),
    "reload": bool,
    "boot_id": str,
}


class Written(NamedTuple):
    """A file that we wrote. texts: what we wrote or are about to write, the current text last."""

    profile: str
    texts: tuple[str, ...]


class Raised(NamedTuple):
    """A process with a changed limit.

    start: field 22 of /proc/PID/stat, which with the pid identifies the process. before: its limit before our first
    change. ours: the limits that we set or are about to set, the current one last.
    """

    pid: int
    start: int
    unit: str
    before: Limit
    ours: tuple[Limit, ...]


class State(NamedTuple):
    """The whole journal.

    files: by path. directories: those we made, in order. logins: the limit that a login inherited before our first
    change, None if unknown. reload: whether systemd has not read our last change yet. boot_id: the boot in which it
    was written.
    """

    profiles: Mapping[str, Request] = {}
    files: Mapping[str, Written] = {}
    directories: tuple[str, ...] = ()
    raised: tuple[Raised, ...] = ()
    logins: Limit | None = None
    reload: bool = False
    boot_id: str = ""


def parse(document: Mapping[str, Any]) -> State:
    """Return the state that a document of any format holds; an empty one for {}.

    Raises JournalError if it is damaged or a later release wrote it.
    """
    if not document:
        return State()
    fields = FORMAT.read(document)
    try:
        check(fields, _SHAPE)
        for path in (*fields["files"], *fields["directories"]):
            check_path(path)
        return State(
            {name: request.from_journal(row) for name, row in fields["profiles"].items()},
            {path: Written(row["profile"], tuple(row["texts"])) for path, row in fields["files"].items()},
            tuple(fields["directories"]),
            tuple(_raised(row) for row in fields["raised"]),
            None if fields["logins"] is None else Limit(*fields["logins"]),
            fields["reload"],
            fields["boot_id"],
        )
    except (AttributeError, LookupError, TypeError, ValueError, InvalidOption) as error:
        raise FORMAT.damaged(error) from error


def render(state: State) -> dict[str, Any]:
    """Return the document of a state, {} if it is empty."""
    if not (state.profiles or state.files or state.directories or state.raised or state.reload):
        return {}
    fields = {
        "profiles": {name: request.to_journal(one) for name, one in state.profiles.items()},
        "files": {path: {"profile": row.profile, "texts": list(row.texts)} for path, row in state.files.items()},
        "directories": list(state.directories),
        "raised": [row._asdict() for row in state.raised],
        "logins": state.logins,
        "reload": state.reload,
        "boot_id": state.boot_id,
    }
    return FORMAT.write(fields)


def during(before: State, after: State) -> State:
    """Return the state to save before a change: everything in either state, so that nothing is lost."""
    files = {**before.files, **after.files}
    for path in before.files.keys() & after.files.keys():
        files[path] = after.files[path]._replace(texts=_joined(before.files[path].texts, after.files[path].texts))
    return State(
        {**before.profiles, **after.profiles},
        files,
        _joined(before.directories, after.directories),
        _raised_during(before.raised, after.raised),
        after.logins or before.logins,
        before.reload or after.reload,
        after.boot_id or before.boot_id,
    )


def of_this_boot(state: State, boot_id: str) -> State:
    """Return the state without what a reboot has undone: limits of processes and profiles that are not persistent."""
    if state.boot_id == boot_id:
        return state
    persistent = {name: one for name, one in state.profiles.items() if one.persistent}
    return state._replace(profiles=persistent, raised=(), boot_id=boot_id)


def _raised_during(before: tuple[Raised, ...], after: tuple[Raised, ...]) -> tuple[Raised, ...]:
    rows = {(row.pid, row.start): row for row in before}
    for row in after:
        old = rows.get((row.pid, row.start))
        rows[row.pid, row.start] = row._replace(ours=_joined(old.ours, row.ours)) if old else row
    return tuple(rows.values())


def _joined(one: tuple[Any, ...], other: tuple[Any, ...]) -> tuple[Any, ...]:
    return (*one, *(item for item in other if item not in one))


def _raised(row: Mapping[str, Any]) -> Raised:
    limits = tuple(Limit(*limit) for limit in row["ours"])
    limits[-1]  # raises IndexError
    return Raised(row["pid"], row["start"], row["unit"], Limit(*row["before"]), limits)
