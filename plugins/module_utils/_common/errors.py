# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The errors of this collection. A message is one sentence for the user; modules pass it to fail_json."""

from __future__ import annotations

# Of a file that is not as it was when the run was planned.
CHANGED_MEANWHILE = "changed by someone else during this run"


class NettuneError(Exception):
    """The base class."""


def sentence(error: Exception, module: str) -> str:
    """Return an error as a message for the user of `module`, with the next step if root is missing."""
    if not isinstance(error, OSError) or not error.strerror:
        return str(error)
    text = f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    return f"{text}; {module} must run as root: set become: true" if isinstance(error, PermissionError) else text


class InvalidOption(NettuneError):
    """An option has a value that is not allowed; the message says what was given and what is allowed."""


class MalformedInput(NettuneError):
    """A file or an answer of the kernel does not have its documented format; the message says where."""


class NotWritable(NettuneError):
    """A file cannot be written: its file system is read-only or full. Nothing was changed."""


class ForeignFile(NettuneError):
    """The path of a file to write is taken by something that this collection did not write."""


class UnreadableFile(NettuneError, OSError):
    """A file of someone else cannot be read: it is not a regular file, or too large. The message names it."""


class JournalError(NettuneError):
    """The journal cannot be read, written or locked."""


class ApplyFailed(NettuneError):
    """The host refused a change; the message says which one, why, and what was restored."""


class NotConfirmed(NettuneError):
    """A change can no longer be confirmed, or a pending change blocks this one; the message says when."""
