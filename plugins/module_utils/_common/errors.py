# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The errors this collection raises. Each message is one sentence for the operator; module shells pass it to
fail_json.
"""

from __future__ import annotations


class NettuneError(Exception):
    """Base of all of them."""


class InvalidOption(NettuneError):
    """An option holds something that is not allowed; the message says what was given and what is."""


class MalformedInput(NettuneError):
    """A file or a kernel answer does not have its documented form; the message says where."""


class ForeignFile(NettuneError):
    """A path of ours is taken by something this collection did not write."""


class JournalError(NettuneError):
    """The journal cannot be read, written or locked."""


class ApplyFailed(NettuneError):
    """A change was refused by the machine; the message says which, why, and what was put back."""


class NotConfirmed(NettuneError):
    """What was to be confirmed is gone, or what waits for a confirmation is in the way; the message says since when,
    or until when.
    """
