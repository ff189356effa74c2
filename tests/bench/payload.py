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
_SHARED_CODE = "/plugins/module_utils/"
_MODULES = "/plugins/modules/"
# The names of parts that are no package of shared code.
ANSIBLE, MODULE = "ansible-core", "the module"


class Payload(NamedTuple):
    """A shipped file: its path, its size in bytes, the number of files packed in it, and {part: bytes} of these."""

    path: Path
    bytes: int
    files: int
    parts: dict[str, int]


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
    archive = base64.b64decode(packed)
    parts: dict[str, int] = {}
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        files = opened.infolist()
    ends = [*(file.header_offset for file in files[1:]), opened.start_dir]
    for file, end in zip(files, ends):
        part = part_of(file.filename)
        parts[part] = parts.get(part, 0) + (end - file.header_offset) * len(packed) // len(archive)
    return Payload(path, len(text.encode()), len(files), parts)


def part_of(name: str) -> str:
    """Return the part of a packed file: a package of our shared code, our module, or ansible-core."""
    if _MODULES in name:
        return MODULE
    _before, shared, below = name.partition(_SHARED_CODE)
    return below.partition("/")[0] if shared and "/" in below else ANSIBLE
