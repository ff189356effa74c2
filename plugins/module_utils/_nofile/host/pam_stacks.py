# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The files of pam.d that make up session stacks, each read once (pam.conf(5))."""

from __future__ import annotations

from ..._formats import pam_stack
from ..._host.files import HostFiles
from ..._host.procfs import reason


class PamStacks:
    """After limits(), `refused` says by the name of a file why it cannot be read."""

    def __init__(self, files: HostFiles) -> None:
        self._files = files
        self._texts: dict[str, str | None] = {}
        self.refused: dict[str, str] = {}

    def limits(self) -> dict[str, bool | None]:
        """Whether pam_limits.so is in the session stack, for each service of pam_stack.SERVICES that this host has.

        None where that cannot be told.
        """
        self._load()
        present = [service for service in pam_stack.SERVICES if service in self._texts]
        return {service: pam_stack.has_limits(service, self._texts) for service in present}

    def _load(self) -> None:
        pending, seen = list(pam_stack.SERVICES), set()
        while pending:
            name = pending.pop()
            if name in seen:
                continue
            seen.add(name)
            text = self._text(name)
            if text is not None or name in self.refused:
                self._texts[name] = text
            pending += [line.file for line in pam_stack.session(text or "") if line.file]

    def _text(self, name: str) -> str | None:
        try:
            found = (self._files.read_text(path) for path in pam_stack.paths(name))
            return next((text for text in found if text is not None), None)
        except OSError as error:
            self.refused[name] = reason(error)
            return None
