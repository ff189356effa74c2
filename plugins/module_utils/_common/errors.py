# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The errors of this collection. A message is one sentence for the user; modules pass it to fail_json."""

from __future__ import annotations


class NettuneError(Exception):
    """The base class."""


class InvalidOption(NettuneError):
    """An option has a value that is not allowed; the message says what was given and what is allowed."""


class MalformedInput(NettuneError):
    """A file or an answer of the kernel does not have its documented format; the message says where."""


class ForeignFile(NettuneError):
    """The path of a file to write is taken by something that this collection did not write."""


class JournalError(NettuneError):
    """The journal cannot be read, written or locked."""


class ApplyFailed(NettuneError):
    """The host refused a change; the message says which one, why, and what was restored."""


class NotConfirmed(NettuneError):
    """A change can no longer be confirmed, or a pending change blocks this one; the message says when."""
