# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The steps of a plan: data that a check shows and a run carries out, one after the other."""

from __future__ import annotations

from typing import NamedTuple, Union

from .._formats.rlimit import Limit
from .snapshot import Process


class KeepEdited(NamedTuple):
    """Keep what somebody wrote into a file of ours before it is written anew."""

    path: str
    text: str


class MakeDirectory(NamedTuple):
    path: str


class WriteFile(NamedTuple):
    """before: the text that is there, None where there is no file."""

    path: str
    before: str | None
    after: str


class RemoveFile(NamedTuple):
    path: str
    before: str


class RemoveDirectory(NamedTuple):
    """It was made by us, and is removed if it is empty."""

    path: str


class Reload(NamedTuple):
    """Have systemd read its files again; it restarts nothing."""


class SetLimit(NamedTuple):
    """process: as it was read, with the limit it has."""

    process: Process
    after: Limit


Action = Union[KeepEdited, MakeDirectory, WriteFile, RemoveFile, RemoveDirectory, Reload, SetLimit]
