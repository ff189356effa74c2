# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lines of somebody's file that we have commented out, each so that it can be told from all others."""

from __future__ import annotations

from typing import Collection

PREFIX = "# taken over by nettune.tcp: "


def commented(text: str, numbers: Collection[int]) -> str:
    """The text with the lines of these numbers, the first being 1, commented out."""
    lines = enumerate(text.split("\n"), start=1)
    return "\n".join(f"{PREFIX}{line}" if number in numbers else line for number, line in lines)


def uncommented(text: str) -> str:
    """The text with our lines as they were; the others keep their numbers."""
    return "\n".join(line[len(PREFIX) :] if line.startswith(PREFIX) else line for line in text.split("\n"))
