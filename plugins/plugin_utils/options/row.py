# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The row of an option."""

from __future__ import annotations

from typing import Any, NamedTuple


class Row(NamedTuple):
    """An option.

    kind: str, bool, int, float, list, dict, file (an existing file) or output (a file to write). elements: kind of the
    elements of a list. choices: allowed values, or elements. low, high: the range of a number. default: its value
    if it is not set; default_text: what the help says instead of the value. example: a value for -e.
    """

    name: str
    kind: str
    meaning: str
    example: str
    used_by: tuple[str, ...]
    default: Any = None
    default_text: str = ""
    elements: str = "str"
    choices: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    required: bool = False
