# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The journal of kernel parameters: what each profile requests, the original values, and the values written.

It is saved before the first change, with the values about to be written, and again after the last one. If a run is
interrupted in between, each running value is still either the original one or one of ours.
"""

from __future__ import annotations

from typing import Any, Mapping, NamedTuple, Sequence

from .._common.errors import MalformedInput
from .._common.journal_format import Format, check_path
from .._common.json_shape import Each, Maybe, check
from .._common.profile_name import is_profile_name, of_user
from .._formats import port_set, sysctl_conf
from .._parameters import catalogue
from .._parameters.value import NUMERIC, numbers
from .request import DISPLACED, HOW, RANGES, Request, from_journal, to_journal

DOCUMENT = "sysctl"


def _from_1(fields: dict[str, Any]) -> dict[str, Any]:
    """Return the fields of format 2, in which a request has its `reason`; in format 1 it was called `why`."""
    profiles = {
        name: {**row, "requests": {key: _renamed(request) for key, request in row["requests"].items()}}
        for name, row in fields["profiles"].items()
    }
    return {**fields, "profiles": profiles}


def _renamed(request: Mapping[str, Any]) -> dict[str, Any]:
    return {("reason" if field == "why" else field): value for field, value in request.items()}


FORMAT = Format("the journal of kernel parameters (/var/lib/nettune/tcp/sysctl.json)", 2, "1.0.0", {1: _from_1})

_SHAPE = {
    "profiles": Each(
        {
            "requests": Each({"how": str, "value": str, "listeners": bool, "reason": str, "is_share": bool}),
            "persistent": bool,
            "texts": [str],
            "listeners": str,
            "boot_id": str,
            "modules": [str],
            "module_texts": [str],
            "take_over": bool,
        }
    ),
    "keys": Each({"before": Maybe(str), "ours": [str], "asked": [str], "line": Maybe(str), "settled": bool}),
    "taken": Each({"before": str, "texts": [str]}),
    "directories": [str],
}


class Profile(NamedTuple):
    """One profile. texts: of its drop-in, as written or about to be written; the last one is current.

    listeners: ports that are reserved because something listened on them. boot_id: of the boot in which it was applied.
    modules: to load at boot. module_texts: of the file that loads them, as texts. take_over: whether conflicting lines
    in other files are commented out.
    """

    requests: Mapping[str, Request]
    persistent: bool = True
    texts: Sequence[str] = ()
    listeners: str = ""
    boot_id: str = ""
    modules: Sequence[str] = ()
    module_texts: Sequence[str] = ()
    take_over: bool = False


class Original(NamedTuple):
    """One parameter. before: its original value, None if it did not exist. ours: values written or about to be written,
    the last one current.

    asked: what those were derived from: numbers before the kernel rounded them, or the ports that we add to a set.
    line: its value in the drop-ins, None if it needs no line. settled: whether the last value was read back.
    """

    before: str | None
    ours: Sequence[str]
    asked: Sequence[str]
    line: str | None = None
    settled: bool = True


class Taken(NamedTuple):
    """A file of someone else in which we have commented out lines. before: its original text. texts: as written or
    about to be written, the last one current.
    """

    before: str
    texts: Sequence[str]


class State(NamedTuple):
    """The whole journal. taken: by path. directories: those we made."""

    profiles: Mapping[str, Profile]
    keys: Mapping[str, Original]
    taken: Mapping[str, Taken] = {}
    directories: Sequence[str] = ()


EMPTY = State({}, {})


def parse(document: Mapping[str, Any]) -> State:
    """Return the state that a document of any format holds; EMPTY for {}.

    Raises JournalError if it is damaged or a later release wrote it.
    """
    if not document:
        return EMPTY
    fields = FORMAT.read(document)
    try:
        check(fields, _SHAPE)
        profiles = {name: _profile(row) for name, row in fields["profiles"].items()}
        keys = {name: _original(name, row) for name, row in fields["keys"].items()}
        taken = {path: _taken(row) for path, row in fields.get("taken", {}).items()}
        directories = tuple(fields.get("directories", ()))
        _check_names(profiles, keys)
        for path in (*taken, *directories):
            check_path(path)
    except (AttributeError, LookupError, TypeError, ValueError, MalformedInput) as error:
        raise FORMAT.damaged(error) from error
    return State(profiles, keys, taken, directories)


def render(state: State) -> dict[str, Any]:
    """Return the document of a state; {} for EMPTY."""
    if state == EMPTY:
        return {}
    profiles = {name: {**profile._asdict(), "requests": _requests(profile)} for name, profile in state.profiles.items()}
    keys = {name: dict(original._asdict()) for name, original in state.keys.items()}
    taken = {path: dict(one._asdict()) for path, one in state.taken.items()}
    # Earlier releases ignore this field.
    made = {"directories": list(state.directories)} if state.directories else {}
    return FORMAT.write({"profiles": profiles, "keys": keys, "taken": taken, **made})


def current(state: State, *, boot_id: str) -> State:
    """Return the state without what ended with a reboot: profiles that were not persistent, and their parameters.

    If the run that was to remove a drop-in was interrupted, the drop-in is still in effect: its profile then stays,
    without requests.
    """
    over = {name for name, one in state.profiles.items() if not one.persistent and one.boot_id != boot_id}
    profiles = {
        name: one._replace(requests={}) if name in over else one
        for name, one in state.profiles.items()
        if name not in over or one.texts
    }
    gone = {key for name in over for key in state.profiles[name].requests}
    gone -= {key for one in profiles.values() for key in one.requests}
    keys = {key: row for key, row in state.keys.items() if key not in gone or row.line is not None}
    return state._replace(profiles=profiles, keys=keys)


def during(before: State, after: State) -> State:
    """Return the state to save while a run goes from `before` to `after`: it has everything that either of them has."""
    profiles = {**before.profiles, **after.profiles}
    for name, profile in before.profiles.items():
        if name in after.profiles:
            new = after.profiles[name]
            texts, module_texts = _both(profile.texts, new.texts), _both(profile.module_texts, new.module_texts)
            take_over = profile.take_over or new.take_over  # so that the next run restores those files
            profiles[name] = new._replace(texts=texts, module_texts=module_texts, take_over=take_over)
    keys = dict(before.keys)
    for name, new in after.keys.items():
        old = before.keys.get(name, new)
        keys[name] = Original(
            new.before,
            _both(old.ours, new.ours),
            _both(old.asked, new.asked),
            old.line if new.line is None else new.line,
            settled=False,
        )
    taken = dict(before.taken)
    for path, file in after.taken.items():
        taken[path] = file._replace(texts=_both(before.taken[path].texts if path in before.taken else (), file.texts))
    return State(profiles, keys, taken, _both(before.directories, after.directories))


def _both(older: Sequence[str], newer: Sequence[str]) -> Sequence[str]:
    return (*(text for text in older if text not in newer), *newer)


def _profile(row: Mapping[str, Any]) -> Profile:
    requests = {key: _request(key, request) for key, request in row["requests"].items()}
    lists = {field: tuple(row.get(field, ())) for field in ("texts", "modules", "module_texts")}
    profile = Profile(**{**row, "requests": requests, **lists})
    port_set.parse(profile.listeners)
    return profile


def _request(name: str, row: Mapping[str, Any]) -> Request:
    request = from_journal(row)
    if request.how not in (*HOW, DISPLACED):
        raise ValueError(f"{name} is requested as {request.how!r}")
    _check_value(name, request.value)
    return request


def _original(name: str, row: Mapping[str, Any]) -> Original:
    original = Original(**{**row, "ours": tuple(row["ours"]), "asked": tuple(row["asked"])})
    for value in (original.before, original.line, original.ours[-1], original.asked[-1]):
        if value is not None:
            _check_value(name, value)
    return original


def _check_value(name: str, text: str) -> None:
    """Raise ValueError or MalformedInput if this cannot be a value of the parameter, as it was read or written."""
    parameter = catalogue.find(name)
    if parameter and parameter.kind in NUMERIC:
        if len(numbers(text)) < (2 if name in RANGES else 1):
            raise ValueError(f"{text!r} is no value of {name}")
    elif parameter and parameter.kind == "ports":
        port_set.parse(text)


def _taken(row: Mapping[str, Any]) -> Taken:
    taken = Taken(**{**row, "texts": tuple(row["texts"])})
    taken.texts[-1]  # raises IndexError
    return taken


def _check_names(profiles: Mapping[str, Profile], keys: Mapping[str, Original]) -> None:
    """Raise ValueError for names that would lead out of the places that we write to."""
    for name in profiles:
        if not is_profile_name(of_user(name)):
            raise ValueError(f"{name!r} is not the name of a profile")
    for key in {*keys, *(key for one in profiles.values() for key in one.requests)}:
        sysctl_conf.check_inside(key)


def _requests(profile: Profile) -> dict[str, Any]:
    return {key: to_journal(request) for key, request in profile.requests.items()}
