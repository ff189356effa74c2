# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is known of one kernel parameter: the shape of a catalogue row."""

from __future__ import annotations

from typing import NamedTuple, Optional

NETNS = "network namespace"
IPCNS = "IPC namespace"
MACHINE = "machine"


class Parameter(NamedTuple):
    """One sysctl(8) parameter.

    name: canonical name, dots between its parts.
    kind: `int` (one number), `vector` (`count` numbers), `ports` (a set such as `80,8000-8100`), `word`, `words`.
    low, high: inclusive bounds of each number as the kernel enforces them; None where it enforces none.
    scope: what one value belongs to: NETNS, IPCNS or MACHINE (MACHINE also where a child namespace shows the key).
    default: the kernel's own value where it is the same on every machine and version in use; else None.
    removed: the first kernel without it, such as `4.12`; empty while it lives.
    renamed_to: the name to use instead; empty where there is none.
    module: the kernel module without which the key does not exist; empty where it is always there.
    raise_only: lowering it below the running value takes room away from what runs (hazard `floor_lowered`).
    writable: False where the kernel only shows it.
    note: one sentence said when the key is skipped or its value doubted; empty where there is nothing to say.
    """

    name: str
    kind: str = "int"
    low: Optional[int] = None
    high: Optional[int] = None
    count: int = 1
    scope: str = NETNS
    default: Optional[str] = None
    removed: str = ""
    renamed_to: str = ""
    module: str = ""
    raise_only: bool = False
    writable: bool = True
    note: str = ""
