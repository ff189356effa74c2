# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The steps of a plan, in the order in which they are carried out. Check mode only shows them."""

from __future__ import annotations

from typing import NamedTuple, Union

from .._formats.rlimit import Limit
from .snapshot import Process


class KeepEdited(NamedTuple):
    """Save a copy of a file of ours that someone else has edited, before it is overwritten."""

    path: str
    text: str


class MakeDirectory(NamedTuple):
    path: str


class WriteFile(NamedTuple):
    """before: the current text, None if there is no file."""

    path: str
    before: str | None
    after: str


class RemoveFile(NamedTuple):
    path: str
    before: str


class RemoveDirectory(NamedTuple):
    """Remove a directory that we made, if it is empty."""

    path: str


class Reload(NamedTuple):
    """Make systemd read its files again. This restarts nothing."""


class SetLimit(NamedTuple):
    """process: with its current limit."""

    process: Process
    after: Limit


Action = Union[KeepEdited, MakeDirectory, WriteFile, RemoveFile, RemoveDirectory, Reload, SetLimit]
