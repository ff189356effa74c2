# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Results without bytes that are no text: Ansible refuses to read such a result, and a file may hold anything."""

from __future__ import annotations

from typing import Any


def printable(value: Any) -> Any:
    r"""The value with every text in it, also in lists and dictionaries, as it can be shown.

    A byte that is no UTF-8, which HostFiles reads as a lone surrogate, becomes an escape; so does half a character.

    >>> printable({"text": "gr\udce9"})
    {'text': 'gr\\udce9'}
    """
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode("utf-8")
    if isinstance(value, dict):
        return {printable(key): printable(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [printable(item) for item in value]
    return value
