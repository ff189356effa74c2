# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files of a host for one look at it, in which the same directories and links are asked for again and again."""

from __future__ import annotations

from .files import HostFiles


class RememberedFiles(HostFiles):
    """Reads a directory or a link once and answers from memory after that; only for who changes nothing.

    Finding the drop-ins of a unit takes every link of systemd's directories, and finding those of the next one the
    same links.
    """

    def __init__(self, files: HostFiles) -> None:
        super().__init__(files.locate(""))
        self._names: dict[str, list[str]] = {}
        self._links: dict[str, str | None] = {}

    def listdir(self, path: str) -> list[str]:
        """As HostFiles.listdir()."""
        if path not in self._names:
            self._names[path] = super().listdir(path)
        return self._names[path]

    def readlink(self, path: str) -> str | None:
        """As HostFiles.readlink()."""
        if path not in self._links:
            self._links[path] = super().readlink(path)
        return self._links[path]
