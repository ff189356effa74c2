# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Suggestions are linted as well: one that is not ok itself is replaced by what is suggested for it, or by no line."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Callable, Iterable

from .case import Scene
from .row import OK, REMOVE, Finding, Setting

# How often a suggestion is replaced before the line is removed instead.
_ATTEMPTS = 3

Write = "tuple[str, str]"


class Approval:
    """Judges suggestions for the kernel and the host of a scene, as if nothing else were set."""

    def __init__(self, scene: Scene, judge: Callable[[Setting, Scene], Iterable[Finding]]) -> None:
        self._scene, self._judge = scene, judge
        self._sound_instead = functools.lru_cache(maxsize=4096)(self._sound)

    def approved(self, finding: Finding, writes: Sequence[Write]) -> tuple[Finding, list[Write]]:
        """Return the finding and the suggestions that can be given with it."""
        asked = tuple(writes)
        found = self._sound_instead(asked)
        # What is ok needs no other line, so a doubtful suggestion is dropped rather than the line.
        return finding, [] if finding.verdict == OK and list(found) == [REMOVE] != list(asked) else list(found)

    def _sound(self, writes: Sequence[Write]) -> Sequence[Write]:
        for _attempt in range(_ATTEMPTS):
            keyed = [write for write in writes if write[0]]
            instead = self._instead(keyed)
            if instead is None:
                return writes
            if not instead:
                break
            writes = instead
        return [REMOVE]

    def _instead(self, writes: Sequence[Write]) -> list[Write] | None:
        """Return other suggestions, none if there is no other; None if these are ok."""
        settings = [Setting(number, key, value) for number, (key, value) in enumerate(writes, start=1)]
        scene = self._scene.of(settings)
        better: dict[str, Write] = {}
        sound = True
        for setting, write in zip(settings, writes):
            bad = [one for one in self._judge(setting, scene) if one.verdict != OK]
            sound = sound and not bad
            given = [one.write for one in bad if one.write is not None and one.write[0]]
            if bad and not given:
                return []
            for key, text in [write, *given]:
                better[key] = (key, text)
            # A suggestion for the key itself replaces it, under its current name.
            if any(key != write[0] for key, _text in given) and bad[0].verdict in ("typo", "renamed"):
                better.pop(write[0], None)
        return None if sound else list(better.values())
