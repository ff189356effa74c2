# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import base64
import io
import tarfile
from typing import Any

from ansible_collections.nettune.tcp.tests.vm import logins


class Machine:
    """Records the commands, and unpacks the archive as the machine would."""

    def __init__(self) -> None:
        self.commands: list[str] = []
        self.names: list[str] = []

    def run(self, command: str, *, text: str = "") -> str:
        self.commands.append(command)
        if text:
            with tarfile.open(fileobj=io.BytesIO(base64.b64decode(text))) as archive:
                self.names = archive.getnames()
        return "0 differ"


def test_the_program_and_what_it_imports_are_sent() -> None:
    machine: Any = Machine()
    assert logins.compare(machine) == "0 differ"
    assert "tests/referee/pam_sessions.py" in machine.names
    assert "plugins/module_utils/_nofile/logins.py" in machine.names
    assert "pam_sessions.py 20 " in machine.commands[-1]
