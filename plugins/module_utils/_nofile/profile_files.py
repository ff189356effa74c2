# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The files of profiles: their names and header, and the steps from the files that exist to those that should."""

from __future__ import annotations

from typing import Mapping, NamedTuple, Sequence

from .._common.errors import ForeignFile
from .._common.profile_name import is_profile_name
from .._formats import drop_ins, limits_conf
from .journal import State, Written
from .snapshot import Found, Host
from .steps import Action, KeepEdited, MakeDirectory, RemoveDirectory, RemoveFile, WriteFile

UNITS = "/etc/systemd/system"
EDITED_COPIES = "/var/lib/nettune/tcp/edited"
_MARK = "Managed by Ansible (nettune.tcp.nofile_limits)"

EDITED = "edited by someone else since nettune.tcp wrote it"
UNKNOWN = "marked as written by nettune.tcp, but not in the journal; remove it by hand"


class LeftAlone(NamedTuple):
    """Something that is not reverted. expected, found: as we set it and as it is, for people; None if unknown."""

    what: str
    expected: str | None
    found: str
    reason: str


class FilePlan(NamedTuple):
    """actions: in order. files, directories: of the journal once the actions are done. left_alone: not removed."""

    actions: tuple[Action, ...]
    files: Mapping[str, Written]
    directories: tuple[str, ...]
    left_alone: tuple[LeftAlone, ...]
    warnings: tuple[str, ...]


def limits_file(profile: str) -> str:
    """Return the path of the profile's file for pam_limits(8)."""
    return f"{limits_conf.DIRECTORY}/{drop_ins.file_name(profile)}"


def drop_in(profile: str, unit: str) -> str:
    """Return the path of the profile's drop-in for a unit."""
    return f"{UNITS}/{unit}.d/{drop_ins.file_name(profile)}"


def profile_of(path: str) -> str | None:
    """Return the profile that a path or file name belongs to, or None if the name is not one of ours."""
    name = drop_ins.profile_of(path)
    return name if name is not None and is_profile_name(name) else None


def header(profile: str, notes: list[str]) -> list[str]:
    """Return the lines of the comment at the top of a file, without comment signs.

    A change of the wording rewrites the files of every host, so it is a change for users.
    """
    return [
        f"{_MARK}: profile {profile}",
        "The next run replaces what is changed here; state=absent removes this file.",
        *notes,
    ]


def is_marked(text: str) -> bool:
    """Return whether a text begins with our header."""
    return text.startswith(f"# {_MARK}")


def parents(path: str) -> list[str]:
    """Return the directories above a path, the outermost first, without the root."""
    parts = path.split("/")[1:-1]
    return ["/" + "/".join(parts[: depth + 1]) for depth in range(len(parts))]


def plan_files(
    texts: Mapping[str, tuple[str, str]], *, of: Sequence[str], host: Host, state: State, reverting: bool
) -> FilePlan:
    """Return the steps after which the profiles `of` have the files in `texts`, and no others.

    texts: profile and text by path. A file of another profile is only rewritten if its value changes and it was
    not edited. Raises ForeignFile if a path is taken by something that we did not write.
    """
    file_planner = _FilePlanner(host, state)
    for path, (profile, text) in texts.items():
        if profile in of:
            file_planner.write(path, profile, text)
        else:
            file_planner.update(path, profile, text)
    for path in sorted({*state.files, *host.found}):
        if path not in texts and _profile(path, state) in of:
            file_planner.remove(path, warn=not reverting)
    return file_planner.result()


class _FilePlanner:
    def __init__(self, host: Host, state: State) -> None:
        self._host, self._state = host, state
        self._actions: list[Action] = []
        self._files: dict[str, Written] = dict(state.files)
        self._directories = list(state.directories)
        self._left_alone: list[LeftAlone] = []
        self._warnings: list[str] = []

    def write(self, path: str, profile: str, text: str) -> None:
        found = self._found(path)
        if found.obstacle:
            raise ForeignFile(found.obstacle)
        if found.text is not None and found.text != text and not self._is_known(path, found.text):
            self._keep_edited(path, found.text)
        self._files[path] = Written(profile, (text,))
        if found.text != text:
            self._make_parents(path)
            self._actions.append(WriteFile(path, found.text, text))

    def update(self, path: str, profile: str, text: str) -> None:
        found = self._found(path)
        if found.text is None or found.text == text or not self._is_known(path, found.text):
            return
        self._files[path] = Written(profile, (text,))
        self._actions.append(WriteFile(path, found.text, text))

    def remove(self, path: str, *, warn: bool) -> None:
        found, row = self._found(path), self._files.pop(path, None)
        if row is not None and found.text is not None and found.text in row.texts:
            self._actions.append(RemoveFile(path, found.text))
            return
        expected = "as written" if row is not None else None
        if found.obstacle:
            left = LeftAlone(path, expected, "not a regular file", found.obstacle)
        elif found.text is not None and row is not None:
            left = LeftAlone(path, expected, "edited", EDITED)
        elif found.text is not None and is_marked(found.text):
            left = LeftAlone(path, expected, "unknown", UNKNOWN)
        else:
            return
        self._left_alone.append(left)
        if warn:
            self._warnings.append(f"{path} is no longer needed, but was left as is: {left.reason}")

    def result(self) -> FilePlan:
        for directory in sorted(self._state.directories, key=len, reverse=True):
            if not any(path.startswith(directory + "/") for path in self._files):
                self._directories.remove(directory)
                if directory in self._host.directories:
                    self._actions.append(RemoveDirectory(directory))
        return FilePlan(
            tuple(self._actions),
            self._files,
            tuple(self._directories),
            tuple(self._left_alone),
            tuple(self._warnings),
        )

    def _found(self, path: str) -> Found:
        return self._host.found.get(path, Found(None))

    def _is_known(self, path: str, text: str) -> bool:
        row = self._state.files.get(path)
        return row is not None and text in row.texts

    def _keep_edited(self, path: str, text: str) -> None:
        if path not in self._state.files and not is_marked(text):
            raise ForeignFile(
                f"{path} exists and was not written by nettune.tcp: move it away or choose another profile name"
            )
        self._actions.append(KeepEdited(path, text))
        self._warnings.append(f"{path} was edited since it was written; a copy of its text is in {EDITED_COPIES}")

    def _make_parents(self, path: str) -> None:
        for directory in parents(path):
            if directory in self._host.directories or MakeDirectory(directory) in self._actions:
                continue
            self._actions.append(MakeDirectory(directory))
            if directory not in self._directories:  # an interrupted run may have recorded it already
                self._directories.append(directory)


def _profile(path: str, state: State) -> str | None:
    row = state.files.get(path)
    return row.profile if row is not None else profile_of(path)
