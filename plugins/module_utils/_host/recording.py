# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Record files and sock_diag dumps of a host as they are, for plugin_utils/recorded_host.py to interpret."""

from __future__ import annotations

import errno
import os

from .netlink import OwnNamespace, Tally, dump
from .procfs import read_file


def record(*, before: list[str], dumps: list[dict], after: list[str]) -> dict:
    """Return {release, before, dumps, after}: files read before the dumps, the dumps, and files read after them.

    A file is its text, None if it is absent, or the errno of the failed read. An item of `dumps` is {request, least,
    keep}; its result is the errno of the failure or {by_length, kept}: Tally.by_length() of the answer, and all its
    messages, or None if they are longer than `keep` bytes. Bytes are written in hexadecimal.
    """
    # The order of this dictionary is the order of the reads.
    return {
        "release": os.uname().release,
        "before": {path: _file(path) for path in before},
        "dumps": [_dump(**arguments) for arguments in dumps],
        "after": {path: _file(path) for path in after},
    }


def _file(path: str) -> str | int | None:
    try:
        return read_file(path)
    except OSError as error:
        return error.errno


def _dump(*, request: str, least: int, keep: int) -> dict | int | None:
    try:
        tally, kept = _tallied(bytes.fromhex(request), least, keep)
    except OSError as error:
        return error.errno
    except ValueError:
        return errno.EINVAL
    by_length = [[message.hex(), numbers] for message, numbers in tally.by_length()]
    return {"by_length": by_length, "kept": None if kept is None else kept.hex()}


def _tallied(request: bytes, least: int, keep: int) -> tuple[Tally, bytes | None]:
    tally = Tally(request, least=least)
    kept: bytes | None = b""
    for chunk in dump(request, OwnNamespace()):
        tally.add(chunk)
        kept = kept + chunk if kept is not None and len(kept) + len(chunk) <= keep else None
        if tally.done:
            break
    return tally, kept
