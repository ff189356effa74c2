# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Our own files below /etc/sysctl.d, one for each profile, and those for the modules that theirs need."""

from __future__ import annotations

from typing import AbstractSet, Mapping

from .._formats import sysctl_conf
from .._formats.sysctl_conf import Entry
from .._parameters import write_order
from .._parameters.write_order import Change
from . import file_change, modules
from .file_change import MARK, FileChange
from .journal import Profile, State

DIRECTORY = "/etc/sysctl.d"


def path(profile: str) -> str:
    """The drop-in of a profile; `99-zz` sorts after the 99-sysctl.conf of distributions."""
    return f"{DIRECTORY}/99-zz-nettune-{profile}.conf"


def profile_of(path_: str) -> str | None:
    """The profile whose drop-in is at `path_`; None where that is no name of ours."""
    start, end = path("\n").split("\n")
    return path_[len(start) : -len(end)] if path_.startswith(start) and path_.endswith(end) else None


def with_texts(state: State, *, touched: AbstractSet[str]) -> State:
    """`state` with the drop-ins of the profiles that hold a touched parameter written anew."""
    profiles = {
        name: profile._replace(texts=_texts(name, profile, state)) if touched & set(profile.requests) else profile
        for name, profile in state.profiles.items()
    }
    return state._replace(profiles=profiles)


def changes(found: Mapping[str, str], *, before: State, after: State, mine: AbstractSet[str]) -> tuple[FileChange, ...]:
    """What has to become of the files of the profiles `mine` and of those whose text changes with them.

    found: texts by path, as they are. Raises ForeignFile where the place of one is taken by a file that is not ours.
    """
    pairs = {
        name: (before.profiles.get(name), after.profiles.get(name))
        for name in {*before.profiles, *after.profiles, *mine}
    }
    concerned = (name for name in sorted(pairs) if name in mine or pairs[name][0] != pairs[name][1])
    judged = (change for name in concerned for change in _changes(name, found, *pairs[name]))
    return tuple(change for change in judged if change.before != change.after)


def applied(found: Mapping[str, str], done: tuple[FileChange, ...]) -> dict[str, str]:
    """The texts by path once the changes are made."""
    texts: dict[str, str | None] = {**found, **{one.path: one.after for one in done if not one.left_alone}}
    return {name: text for name, text in texts.items() if text is not None}


def _changes(name: str, found: Mapping[str, str], before: Profile | None, after: Profile | None) -> list[FileChange]:
    """What becomes of the profile's two files."""
    was, will = before or Profile({}), after or Profile({})
    pairs = (
        (path(name), was.texts, will.texts),
        (modules.path(name), was.module_texts, will.module_texts),
    )
    return [
        file_change.change(place, found.get(place), written=written, wanted=wanted[-1] if wanted else None)
        for place, written, wanted in pairs
    ]


def _texts(name: str, profile: Profile, state: State) -> tuple[str, ...]:
    """The text of the profile's drop-in; none where no line is needed."""
    if not profile.persistent:
        return ()
    lines = {key: state.keys[key] for key in profile.requests if key in state.keys and state.keys[key].line is not None}
    if not lines:
        return ()
    order = write_order.ordered({key: Change(one.before or "", one.line or "") for key, one in lines.items()})
    entries = (Entry(key, lines[key].line or "", profile.requests[key].why) for key in order)
    return (sysctl_conf.render(_header(name), entries),)


def _header(name: str) -> tuple[str, ...]:
    return (
        f"{MARK[2:]}: profile {name}",
        "The next run replaces what is changed here; state=absent removes this file",
        "and puts back the values that were there before it.",
    )
