# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is known of one kernel parameter: the shape of a catalogue row."""

from __future__ import annotations

import re
from typing import NamedTuple

NETNS = "network namespace"
IPCNS = "IPC namespace"
MACHINE = "machine"

_VERSION = re.compile(r"(\d+)(?:\.(\d+))?", re.ASCII)


class Parameter(NamedTuple):
    """One sysctl(8) parameter.

    name: canonical name, dots between its parts.
    kind: `int` (one number), `vector` (`count` numbers), `ports` (a set such as `80,8000-8100`), `word`, `words`.
    low, high: inclusive bounds of each number, the widest that a supported kernel enforces; None where none does.
    tightened: (first kernel, low, high) where newer kernels enforce narrower bounds; None where they do not.
    scope: what one value belongs to: NETNS, IPCNS or MACHINE (MACHINE also where a child namespace shows the key).
    default: the kernel's own value where it is the same on every machine and version in use; else None.
    removed: the first kernel without it, such as `4.12`, or `0` where no kernel ever had it; empty while it lives.
    renamed_to: the name to use instead; empty where there is none.
    alias_of: the other living name of the very same value; empty where there is none.
    module: the kernel module without which the key does not exist; empty where it is always there.
    raise_only: lowering it below the running value takes room away from what runs (hazard `floor_lowered`).
    rounds: the kernel may store a neighbour of the number it was given.
    writable: False where the kernel only shows it, or where it is a trigger and holds no value.
    secret: its value must not be shown.
    note: one sentence said when the key is skipped or its value doubted; empty where there is nothing to say.
    """

    name: str
    kind: str = "int"
    low: int | None = None
    high: int | None = None
    count: int = 1
    scope: str = NETNS
    default: str | None = None
    removed: str = ""
    renamed_to: str = ""
    module: str = ""
    raise_only: bool = False
    writable: bool = True
    note: str = ""
    tightened: tuple[str, int, int] | None = None
    alias_of: str = ""
    rounds: bool = False
    secret: bool = False

    def on(self, release: str) -> Parameter:
        """The row with the bounds that the kernel `release`, such as `6.18.0-13-amd64`, is known to enforce."""
        if self.tightened is None or _version(release) < _version(self.tightened[0]):
            return self
        return self._replace(low=self.tightened[1], high=self.tightened[2])


def _version(release: str) -> tuple[int, int]:
    found = _VERSION.match(release)
    return (int(found.group(1)), int(found.group(2) or 0)) if found else (0, 0)
