# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The files of profiles: drop-ins in /etc/sysctl.d and /etc/modules-load.d, and lines commented out in other files."""

from __future__ import annotations

from typing import AbstractSet, Iterable, Mapping, NamedTuple

from .._formats import drop_ins, sysctl_conf
from .._formats.sysctl_conf import Entry
from .._parameters import value, write_order
from .._parameters.write_order import Change
from . import admit, file_change, modules, take_over
from .file_change import MARK, FileChange
from .journal import Profile, State
from .snapshot import Host

DIRECTORY = sysctl_conf.DIRECTORY


def path(profile: str) -> str:
    """Return the path of a profile's drop-in."""
    return f"{DIRECTORY}/{drop_ins.file_name(profile)}"


def profile_of(path_: str) -> str | None:
    """Return the profile whose drop-in has the path `path_`, or None if it is not one of ours."""
    return drop_ins.profile_of(path_) if path_.startswith(f"{DIRECTORY}/") else None


def directories_of(profiles: Iterable[Profile]) -> set[str]:
    """Return the directories in which the profiles have files."""
    profiles = list(profiles)
    used = (
        (DIRECTORY, any(one.texts for one in profiles)),
        (modules.DIRECTORY, any(one.module_texts for one in profiles)),
    )
    return {directory for directory, is_used in used if is_used}


def with_texts(state: State, *, touched: AbstractSet[str]) -> State:
    """Return the state with new texts for the drop-ins of all profiles that have a touched parameter."""
    profiles = {
        name: profile._replace(texts=_texts(name, profile, state)) if touched & set(profile.requests) else profile
        for name, profile in state.profiles.items()
    }
    return state._replace(profiles=profiles)


def changes(
    found: Mapping[str, str], *, before: State, after: State, run_profiles: AbstractSet[str]
) -> tuple[FileChange, ...]:
    """Return the changes of the files of a run's profiles, and of other profiles whose text changes with them.

    found: current texts by path. run_profiles: those that the run applies or reverts. Raises ForeignFile if the path of
    a file to write is taken by a file of someone else.
    """
    pairs = {
        name: (before.profiles.get(name), after.profiles.get(name))
        for name in {*before.profiles, *after.profiles, *run_profiles}
    }
    concerned = (name for name in sorted(pairs) if name in run_profiles or pairs[name][0] != pairs[name][1])
    judged = (change for name in concerned for change in _changes(name, found, *pairs[name]))
    return tuple(change for change in judged if change.before != change.after)


def applied(found: Mapping[str, str], done: tuple[FileChange, ...]) -> dict[str, str]:
    """Return the texts by path once the changes are made."""
    texts: dict[str, str | None] = {**found, **{one.path: one.after for one in done if not one.left_alone}}
    return {name: text for name, text in texts.items() if text is not None}


def _changes(name: str, found: Mapping[str, str], before: Profile | None, after: Profile | None) -> list[FileChange]:
    """Return the changes of the profile's two files."""
    old, new = before or Profile({}), after or Profile({})
    texts = (
        (path(name), old.texts, new.texts),
        (modules.path(name), old.module_texts, new.module_texts),
    )
    return [
        file_change.change(file, found.get(file), written=written, wanted=wanted[-1] if wanted else None)
        for file, written, wanted in texts
    ]


def _texts(name: str, profile: Profile, state: State) -> tuple[str, ...]:
    """Return the text of the profile's drop-in; empty if no line is needed."""
    if not profile.persistent:
        return ()
    lines = {key: state.keys[key] for key in profile.requests if key in state.keys and state.keys[key].line is not None}
    if not lines:
        return ()
    order = write_order.ordered({key: Change(one.before or "", one.line or "") for key, one in lines.items()})
    entries = (Entry(key, lines[key].line or "", profile.requests[key].reason) for key in order)
    return (sysctl_conf.render(_header(name), entries),)


def _header(name: str) -> tuple[str, ...]:
    # The wording stays: another one would change the files of every host.
    return (
        f"{MARK[2:]}: profile {name}",
        "The next run replaces what is changed here; state=absent removes this file",
        "and puts back the values that were there before it.",
    )


class Files(NamedTuple):
    """after: the journal with the files taken over. refused: by name, why our line of a parameter cannot win."""

    after: State
    changes: tuple[FileChange, ...]
    refused: Mapping[str, str]


def calculate(host: Host, *, before: State, after: State, run_profiles: AbstractSet[str]) -> Files:
    """Return the changes of files when the journal goes from `before` to `after`.

    run_profiles: those that the run applies or reverts. Files of someone else are changed only if one of those has
    take_over before or after, or to restore them once no profile has it. Raises ForeignFile.
    """
    found = host.files_at_boot
    own = changes(found, before=before, after=after, run_profiles=run_profiles)
    taking = [one for one in after.profiles.values() if one.take_over]
    named = (one for state in (before, after) for name, one in state.profiles.items() if name in run_profiles)
    if not any(one.take_over for one in named) and (taking or not before.taken):
        return Files(after, own, {})
    keys = {key for one in taking for key in one.requests}

    def is_same(name: str, one: str, other: str) -> bool:
        parameter = admit.describe(name, host)
        return value.normal(parameter, one) == value.normal(parameter, other)

    taken = take_over.calculate(
        applied(host.boot_files, own),
        before.taken,
        {key: one.line for key, one in after.keys.items() if key in keys and one.line is not None},
        ours=frozenset(map(path, after.profiles)),
        loader=host.loader,
        programs=host.programs._replace(modules=frozenset()),
        is_same=is_same,
    )
    return Files(after._replace(taken=taken.taken), (*own, *taken.changes), taken.refused)
