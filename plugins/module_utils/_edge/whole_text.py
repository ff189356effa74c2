# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""One file of /proc or /sys, read whole."""

from __future__ import annotations

import errno

# A file of a process that has just ended answers ESRCH.
_ABSENT = (errno.ENOENT, errno.ENOTDIR, errno.ESRCH)


def whole_text(path: str) -> str | None:
    """Its text, or None where there is no such file; OSError where it is refused."""
    try:
        with open(path, encoding="utf-8", errors="surrogateescape") as stream:
            return stream.read()
    except OSError as error:
        if error.errno in _ABSENT:
            return None
        raise
