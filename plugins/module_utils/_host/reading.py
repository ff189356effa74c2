# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files of /proc and /sys, and netlink's dumps, read on a host and told as they are: what they mean is worked out
elsewhere.
"""

from __future__ import annotations

import errno
import os

from .netlink import OwnNamespace, Tally, dump

# A file of a process that has just ended answers ESRCH.
_ABSENT = (errno.ENOENT, errno.ENOTDIR, errno.ESRCH)


def whole_text(path: str) -> str | None:
    """The text of a file, or None where there is no such file; OSError where it is refused."""
    try:
        with open(path, encoding="utf-8", errors="surrogateescape") as stream:
            return stream.read()
    except OSError as error:
        if error.errno in _ABSENT:
            return None
        raise


def reading(*, before: list[str], dumps: list[dict], after: list[str]) -> dict:
    """{release, before, dumps, after}: files read before the dumps, the dumps in their order, and files read after.

    Of a file there is its text, None if it is absent, or the errno of what stood in the way. Of a dump, asked for as
    {request, least, keep}, there is an errno too, or {by_length, kept}: Tally.by_length() of what answers the request,
    and all of its messages as they came, or None if they are of more than `keep` bytes. What is bytes is hexadecimal.
    """
    # What stands here is done in this order.
    return {
        "release": os.uname().release,
        "before": {path: _told(path) for path in before},
        "dumps": [_counted(**wanted) for wanted in dumps],
        "after": {path: _told(path) for path in after},
    }


def _told(path: str) -> str | int | None:
    try:
        return whole_text(path)
    except OSError as error:
        return error.errno


def _counted(*, request: str, least: int, keep: int) -> dict | int | None:
    try:
        tally, kept = _dumped(bytes.fromhex(request), least, keep)
    except OSError as error:
        return error.errno
    except ValueError:
        return errno.EINVAL
    by_length = [[message.hex(), numbers] for message, numbers in tally.by_length()]
    return {"by_length": by_length, "kept": None if kept is None else kept.hex()}


def _dumped(request: bytes, least: int, keep: int) -> tuple[Tally, bytes | None]:
    tally = Tally(request, least=least)
    kept: bytes | None = b""
    for chunk in dump(request, OwnNamespace()):
        tally.add(chunk)
        kept = kept + chunk if kept is not None and len(kept) + len(chunk) <= keep else None
        if tally.done:
            break
    return tally, kept
