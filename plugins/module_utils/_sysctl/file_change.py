# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files that a profile has written, told apart from everybody else's, and what is to become of them."""

from __future__ import annotations

from typing import NamedTuple, Sequence

from .._common.errors import ForeignFile

MARK = "# Managed by Ansible (nettune.tcp.sysctl_profile)"


class FileChange(NamedTuple):
    """before, after: texts, None for no file. edited: `before` is not what we wrote, so it is kept or left alone.

    foreign: whether it is somebody else's file, in which we have changed lines.
    """

    path: str
    before: str | None
    after: str | None
    edited: bool = False
    foreign: bool = False

    @property
    def takes_effect(self) -> bool:
        """Whether the file is to be replaced or removed."""
        return self.before != self.after and not self.left_alone

    @property
    def left_alone(self) -> bool:
        """Whether the file should go, or be as it was, but stays because somebody has edited it since."""
        return self.edited and (self.after is None or self.foreign)


def change(path: str, found: str | None, *, written: Sequence[str], wanted: str | None) -> FileChange:
    """What is to become of one file of ours. written: what we wrote there, or were about to.

    Raises ForeignFile where its place is taken by a file that is not ours.
    """
    is_ours = found is None or found in (*written, wanted) or found.startswith(MARK)
    if not is_ours and wanted is not None:
        raise ForeignFile(f"{path} was not written by nettune.tcp; move it away, or give the profile another name")
    if not is_ours and not written:
        return FileChange(path, found, found)  # somebody else's, where nothing of ours is to be
    return FileChange(path, found, wanted, edited=found is not None and found not in (*written, wanted))
