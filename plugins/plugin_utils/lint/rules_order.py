# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lines of a file that others undo, or that need others before them."""

from __future__ import annotations

from typing import Mapping, Sequence

from ansible_collections.nettune.tcp.plugins.module_utils._parameters import catalogue, value

from . import names as lint_names
from .case import Scene, lasting_name
from .row import GO, OK, ORDERING, Finding, Setting


def findings(settings: Sequence[Setting], scene: Scene, effective: Sequence[bool]) -> dict[int, list[Finding]]:
    """What there is to say of lines for where they stand, by their index.

    effective: whether the line of an index changes anything.
    """
    found: dict[int, list[Finding]] = {}
    blocks: dict[int, list[int]] = {}
    for index, setting in enumerate(settings):
        if setting.repeated and effective[index]:
            blocks.setdefault(setting.block, []).append(index)
    for indexes in blocks.values():
        for index, finding in [*_undone(settings, indexes), *_too_early(settings, indexes, scene)]:
            found.setdefault(index, []).append(finding)
    return found


def _undone(settings: Sequence[Setting], indexes: Sequence[int]) -> list[tuple[int, Finding]]:
    """Lines that a later one of the same parameter takes back: the last one wins."""
    last = {lasting_name(settings[index].key): index for index in indexes}
    found = []
    for index in indexes:
        setting, winner = settings[index], last[lasting_name(settings[index].key)]
        if winner == index:
            continue
        other = settings[winner]
        if _normal(setting) == _normal(other):
            found.append((index, Finding(OK, f"line {other.line} says the same again", GO)))
        else:
            said = f"never holds: line {other.line} sets it to {other.value}, and the last line wins"
            found.append((index, Finding(ORDERING, said, GO)))
    return found


def _too_early(settings: Sequence[Setting], indexes: Sequence[int], scene: Scene) -> list[tuple[int, Finding]]:
    """Lines that the kernel refuses only because another line comes after them and not before."""
    names = [lasting_name(settings[index].key) for index in indexes]
    final = {name: _normal(settings[index]) for name, index in zip(names, indexes)}
    now: dict[str, str] = {}
    found = []
    for name, index in zip(names, indexes):
        broken = _breaks({**now, name: _normal(settings[index])}, name, scene)
        if broken and broken in final and not _breaks(final, name, scene):
            at = next(settings[other].line for other in indexes if lasting_name(settings[other].key) == broken)
            said = f"the kernel refuses it as long as {broken} is what it was: put line {at} before this one"
            found.append((index, Finding(ORDERING, said, (broken, final[broken]))))
        now[name] = _normal(settings[index])
    return found


def _breaks(values: Mapping[str, str], name: str, scene: Scene) -> str:
    """The parameter that forbids the value of `name` as long as the others have theirs; empty for none."""
    for lower, upper in catalogue.bounded():
        if name in (lower, upper):
            low, high = (_number(values, key, scene) for key in (lower, upper))
            if low is not None and high is not None and low > high:
                return upper if name == lower else lower
    return ""


def _number(values: Mapping[str, str], name: str, scene: Scene) -> int | None:
    known = lint_names.find(name)
    default = known.default_on(scene.kernel.release) if known else None
    text = values.get(name, scene.host.values.get(name, default or ""))
    try:
        return value.numbers(text)[0]
    except (IndexError, ValueError):
        return None


def _normal(setting: Setting) -> str:
    known = lint_names.find(lasting_name(setting.key))
    return value.normal(known, setting.value) if known else setting.value
