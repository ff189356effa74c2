# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""From the files that are there to the files that should be: the steps, and what is left to whoever changed it."""

from __future__ import annotations

import re
from typing import Mapping, NamedTuple, Sequence

from .._common.errors import ForeignFile
from .._formats import limits_conf
from .journal import State, Written
from .snapshot import Found, Host
from .steps import Action, KeepEdited, MakeDirectory, RemoveDirectory, RemoveFile, WriteFile

# Where files of ours are, and how one is recognised.

UNITS = "/etc/systemd/system"
EDITED_COPIES = "/var/lib/nettune/tcp/edited"
_FILE = re.compile(r"99-zz-nettune-(?P<profile>[a-z][a-z0-9_]{0,31})\.conf\Z")
_MARK = "Managed by Ansible (nettune.tcp.nofile_limits)"


def limits_file(profile: str) -> str:
    """The file that pam_limits(8) reads for the profile."""
    return f"{limits_conf.DIRECTORY}/{_file(profile)}"


def drop_in(profile: str, unit: str) -> str:
    """The file that systemd reads for the profile and the unit."""
    return f"{UNITS}/{unit}.d/{_file(profile)}"


def profile_of(file_name: str) -> str | None:
    """The profile a file name of ours belongs to; None where it is no name of ours."""
    match = _FILE.match(file_name)
    return match["profile"] if match else None


def header(profile: str, why: list[str]) -> list[str]:
    """The comment above every file of ours, without its comment signs."""
    return [
        f"{_MARK}: profile {profile}",
        "The next run replaces what is changed here; state=absent removes this file.",
        *why,
    ]


def is_marked(text: str) -> bool:
    """Whether the text begins as our files do."""
    return text.startswith(f"# {_MARK}")


def parents(path: str) -> list[str]:
    """The directories above a path, the outermost first, without the root."""
    parts = path.split("/")[1:-1]
    return ["/" + "/".join(parts[: depth + 1]) for depth in range(len(parts))]


def _file(profile: str) -> str:
    return f"99-zz-nettune-{profile}.conf"


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


def to_be_as(
    texts: Mapping[str, tuple[str, str]], *, of: Sequence[str], host: Host, state: State, taking_away: bool
) -> FilePlan:
    """The steps after which the files of the profiles `of` are `texts` (profile and text by path), and no others.

    A file of another profile is only written anew where its value changes, and only where nobody else has changed it.
    Raises ForeignFile where a path is taken by something that is none of ours.
    """
    work = _Work(host, state)
    for path, (profile, text) in texts.items():
        if profile in of:
            work.want(path, profile, text)
        else:
            work.renew(path, profile, text)
    for path in sorted({*state.files, *host.found}):
        if path not in texts and _profile(path, state) in of:
            work.take_away(path, says_so=taking_away)
    return work.result()


class _Work:
    def __init__(self, host: Host, state: State) -> None:
        self._host, self._state = host, state
        self._actions: list[Action] = []
        self._files: dict[str, Written] = dict(state.files)
        self._directories = list(state.directories)
        self._left_alone: list[LeftAlone] = []
        self._warnings: list[str] = []

    def want(self, path: str, profile: str, text: str) -> None:
        found = self._found(path)
        if found.why_not:
            raise ForeignFile(
                f"{path} {found.why_not}; nettune.tcp leaves it alone: move it away, or choose another name"
            )
        if found.text is not None and found.text != text and not self._is_known(path, found.text):
            self._keep_edited(path, found.text)
        self._files[path] = Written(profile, (text,))
        if found.text != text:
            self._make_parents(path)
            self._actions.append(WriteFile(path, found.text, text))

    def renew(self, path: str, profile: str, text: str) -> None:
        found = self._found(path)
        row = self._state.files.get(path)
        if row is None or found.text is None or found.text == text or found.text not in row.texts:
            return
        self._files[path] = Written(profile, (text,))
        self._actions.append(WriteFile(path, found.text, text))

    def take_away(self, path: str, *, says_so: bool) -> None:
        found, row = self._found(path), self._files.pop(path, None)
        if row is not None and found.text is not None and found.text in row.texts:
            self._actions.append(RemoveFile(path, found.text))
            return
        why = found.why_not or (EDITED if row is not None else UNKNOWN)
        if found.why_not or (found.text is not None and (row is not None or is_marked(found.text))):
            expected = None if row is None else "as written"
            state = "not a regular file" if found.why_not else "unknown" if row is None else "edited"
            self._left_alone.append(LeftAlone(path, expected, state, why))
            if not says_so:
                self._warnings.append(f"{path} is no longer needed, but is left alone: {why}")

    def result(self) -> FilePlan:
        for directory in sorted(self._state.directories, key=len, reverse=True):
            if not any(path.startswith(directory + "/") for path in self._files):
                self._directories.remove(directory)
                if directory in self._host.directories:
                    self._actions.append(RemoveDirectory(directory))
        return FilePlan(
            tuple(self._actions), self._files, tuple(self._directories), tuple(self._left_alone), tuple(self._warnings)
        )

    def _found(self, path: str) -> Found:
        return self._host.found.get(path, Found(None))

    def _is_known(self, path: str, text: str) -> bool:
        row = self._state.files.get(path)
        return row is not None and text in row.texts

    def _keep_edited(self, path: str, text: str) -> None:
        if path not in self._state.files and not is_marked(text):
            raise ForeignFile(
                f"{path} is there already and nettune.tcp did not write it; it is left alone: move it away, or choose"
                " another name"
            )
        self._actions.append(KeepEdited(path, text))
        self._warnings.append(f"{path} was edited since it was written; its text is kept in {EDITED_COPIES}")

    def _make_parents(self, path: str) -> None:
        for directory in parents(path):
            if directory in self._host.directories or MakeDirectory(directory) in self._actions:
                continue
            self._actions.append(MakeDirectory(directory))
            if directory not in self._directories:  # a run that was interrupted may have noted it already
                self._directories.append(directory)


def _profile(path: str, state: State) -> str | None:
    row = state.files.get(path)
    return row.profile if row is not None else profile_of(path.rsplit("/", 1)[1])
