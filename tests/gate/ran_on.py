# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests ran on: noted in .cache/ran_on.jsonl as they run, for tests/gate/support.py."""

from __future__ import annotations

import json
from typing import Iterator

from .places import CACHE

_NOTES = CACHE / "ran_on.jsonl"


def note(kind: str, **versions: str) -> None:
    """Note that tests of a kind passed on these versions."""
    with _NOTES.open("a") as stream:
        stream.write(json.dumps({"kind": kind, **versions}) + "\n")


def notes() -> Iterator[dict[str, str]]:
    """Yield all notes, the oldest first."""
    if _NOTES.exists():
        yield from map(json.loads, _NOTES.read_text().splitlines())
