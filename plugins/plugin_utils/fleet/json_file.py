# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read a JSON object that may come from someone else: nothing in it can exhaust the memory or break a browser."""

from __future__ import annotations

import errno
import json
import os
import stat
from typing import IO, Any

from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import MalformedInput

# Before compression: some 10,000 hosts without samples. A compressed file of a few kB could otherwise fill the memory.
MOST_BYTES = 256 << 20
_DEEPEST = 30
_GREATEST = 1 << 64


def opened(path: str) -> IO[bytes]:
    """Open a file for reading. Raises OSError, or MalformedInput for a pipe or device, whose end may never come."""
    # Opening a pipe waits for a writer otherwise.
    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    kind = os.fstat(handle).st_mode
    if stat.S_ISREG(kind):
        return open(handle, "rb")
    os.close(handle)
    if stat.S_ISDIR(kind):
        raise OSError(errno.EISDIR, os.strerror(errno.EISDIR), path)
    raise MalformedInput("it is not a regular file")


def load(file: IO[bytes]) -> dict[str, Any]:
    """Return the JSON object in an open file. Raises MalformedInput, and what reading the file raises."""
    text = file.read(MOST_BYTES + 1)
    if not text:
        raise MalformedInput("it is empty")
    if len(text) > MOST_BYTES:
        raise MalformedInput(f"it has more than {MOST_BYTES >> 20} MB before compression")
    try:
        found = json.loads(text, parse_constant=_refuse_constant)
    except RecursionError:
        raise MalformedInput("its JSON is nested too deeply") from None
    except ValueError as error:
        several = str(error).startswith("Extra data")
        raise MalformedInput("it has more than one JSON value" if several else "it does not contain JSON") from None
    if not isinstance(found, dict):
        raise MalformedInput("it does not contain a JSON object")
    _check_values(found)
    return found


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _check_values(value: Any, depth: int = 0) -> None:
    """Raise MalformedInput for nesting that is too deep, and for numbers that a browser would not read."""
    if depth > _DEEPEST:
        raise MalformedInput("its JSON is nested too deeply")
    if isinstance(value, (int, float)) and not abs(value) <= _GREATEST:
        raise MalformedInput("a number in it is too large")
    for held in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        _check_values(held, depth + 1)
