# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Changes of files: replace, remove, or leave alone what someone else has edited."""

from __future__ import annotations

from typing import NamedTuple, Sequence

from .._common.errors import ForeignFile

MARK = "# Managed by Ansible (nettune.tcp.sysctl_profile)"


class FileChange(NamedTuple):
    """before, after: texts, None for no file. edited: whether `before` is not what we wrote.

    An edited file is left alone, or a copy of it is kept. foreign: whether it is a file of someone else in which we
    have changed lines.
    """

    path: str
    before: str | None
    after: str | None
    edited: bool = False
    foreign: bool = False

    @property
    def takes_effect(self) -> bool:
        """Return whether the file is to be replaced or removed."""
        return self.before != self.after and not self.left_alone

    @property
    def left_alone(self) -> bool:
        """Return whether the file should be removed or restored, but stays because someone else has edited it."""
        return self.edited and (self.after is None or self.foreign)


def change(path: str, found: str | None, *, written: Sequence[str], wanted: str | None) -> FileChange:
    """Return the change of one file of ours. written: texts that we have written there or were about to write.

    Raises ForeignFile if the path is taken by a file of someone else.
    """
    is_ours = found is None or found in (*written, wanted) or found.startswith(MARK)
    if not is_ours and wanted is not None:
        raise ForeignFile(f"{path} was not written by nettune.tcp; move it away, or give the profile another name")
    if not is_ours and not written:
        return FileChange(path, found, found)  # a file of someone else, and no file of ours is needed
    return FileChange(path, found, wanted, edited=found is not None and found not in (*written, wanted))
