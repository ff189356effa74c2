# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The file that Ansible ships to a host for a task, and its contents."""

from __future__ import annotations

import base64
import io
import json
import re
import subprocess
import zipfile
from pathlib import Path
from typing import Any, NamedTuple

_LONG_TEXT = re.compile(r"""["']([A-Za-z0-9+/=]{1000,})["']""")


class Payload(NamedTuple):
    """A shipped file: its path, its size in bytes, and the number of files packed in it."""

    path: Path
    bytes: int
    files: int


def kept(
    module: str, options: dict[str, Any], *, ansible: Path, python: Path, env: dict[str, str], into: Path
) -> Payload:
    """Run a task here in check mode, and keep the shipped file in a new directory below `into`.

    The result of the task does not matter. Raises FileNotFoundError with Ansible's output if nothing was shipped.
    """
    place = into / module
    place.mkdir(parents=True)
    settings = {"ANSIBLE_KEEP_REMOTE_FILES": "1", "ANSIBLE_PIPELINING": "False", "ANSIBLE_REMOTE_TMP": str(place)}
    command = [ansible, "localhost", "--check", "-e", f"ansible_python_interpreter={python}", "-m", module]
    command += ["-a", json.dumps(options)] if options else []
    done = subprocess.run(command, env={**env, **settings}, capture_output=True, text=True, check=False)
    shipped = next(place.rglob("AnsiballZ_*.py"), None)
    if not shipped:
        raise FileNotFoundError(f"{module} was not shipped: {(done.stderr or done.stdout).strip()}")
    return described(shipped)


def described(path: Path) -> Payload:
    """Describe a shipped file; its longest base64 text is a zip archive."""
    text = path.read_text()
    packed = max(_LONG_TEXT.findall(text), key=len)
    with zipfile.ZipFile(io.BytesIO(base64.b64decode(packed))) as archive:
        return Payload(path, len(text.encode()), len(archive.infolist()))
