# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules for the order of lines: lines that something later overrides, and lines that need another line first."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from typing import Iterator, NamedTuple

from ansible_collections.nettune.tcp.plugins.module_utils._parameters import catalogue, value

from .case import Scene
from .row import FILE, OK, ORDERING, REMOVE, Finding, Setting


def findings(settings: Sequence[Setting], scene: Scene, effective: Sequence[bool]) -> dict[int, tuple[Finding, ...]]:
    """Return the findings about the position of lines, by index.

    effective: for each setting, whether it changes anything.
    """
    later = _overridden_at_boot(settings, scene, effective) if scene.host.set_later else ()
    found = {index: (one,) for index, one in later}
    bounded = {name for pair in catalogue.bounded() for name in pair}
    # By block: the last index of each parameter, and the indexes of parameters that bound each other.
    last: dict[int, dict[str, int]] = {}
    together: dict[int, list[int]] = {}
    kept = [index for index, setting in enumerate(settings) if setting.repeated and effective[index]]
    for index in kept:
        name, block = catalogue.current_name(settings[index].key), settings[index].block
        last.setdefault(block, {})[name] = index
        if name in bounded:
            together.setdefault(block, []).append(index)
    for index in kept:
        setting = settings[index]
        winner = last[setting.block][catalogue.current_name(setting.key)]
        if winner != index:
            found[index] = (*found.get(index, ()), _overridden(setting, settings[winner]))
    for indexes in together.values():
        for at, finding in _too_early([_placed(settings[index]) for index in indexes], scene):
            found[indexes[at]] = (*found.get(indexes[at], ()), finding)
    return found


def _overridden_at_boot(
    settings: Sequence[Setting], scene: Scene, effective: Sequence[bool]
) -> Iterator[tuple[int, Finding]]:
    """Find lines of files that a program of the host overrides at boot, such as ufw or TuneD."""
    for index, setting in enumerate(settings):
        name = catalogue.current_name(setting.key)
        later, by = scene.host.set_later.get(name, ("", ""))
        if by and effective[index] and setting.form == FILE and _normal(name, setting.value) != _normal(name, later):
            message = f"overridden at boot: {by} sets it to {later} on this host, after the files of sysctl.d"
            yield index, Finding(ORDERING, message)


class _Placed(NamedTuple):
    """A setting of a block. name: the parameter's current name. text: the value in normal form."""

    line: int
    name: str
    text: str


def _placed(setting: Setting) -> _Placed:
    return _Placed(setting.line, *_normal(setting.key, setting.value))


@functools.lru_cache(maxsize=4096)
def _normal(key: str, given: str) -> tuple[str, str]:
    name = catalogue.current_name(key)
    known = catalogue.find(name)
    return name, value.normal(known, given) if known else given


def _overridden(setting: Setting, winner: Setting) -> Finding:
    """Return the finding about a line that a later line of the same parameter overrides."""
    same = _normal(setting.key, setting.value)[1] == _normal(winner.key, winner.value)[1]
    return _overriding(winner.line, winner.value, same=same)


@functools.lru_cache(maxsize=4096)
def _overriding(line: int, text: str, *, same: bool) -> Finding:
    if same:
        return Finding(OK, f"line {line} sets the same value again", REMOVE)
    return Finding(ORDERING, f"overridden: line {line} sets it to {text}, and the last line wins", REMOVE)


def _too_early(placed: Sequence[_Placed], scene: Scene) -> Iterator[tuple[int, Finding]]:
    """Find lines that the kernel refuses only because another line comes after them instead of before.

    placed: the settings of parameters that bound each other, in order.
    """
    final = {one.name: one.text for one in placed}
    first: dict[str, int] = {}
    for one in placed:
        first.setdefault(one.name, one.line)
    now: dict[str, str] = {}
    for at, one in enumerate(placed):
        now[one.name] = one.text
        blocker = _blocker(now, one.name, scene)
        if blocker and blocker in final and not _blocker(final, one.name, scene):
            message = (
                f"the kernel refuses it until line {first[blocker]} has changed {blocker}:"
                " move that line before this one"
            )
            yield at, Finding(ORDERING, message, (blocker, final[blocker]))


def _blocker(values: Mapping[str, str], name: str, scene: Scene) -> str:
    """Return the parameter that makes the kernel refuse the value of `name`, or an empty text."""
    for lower, upper in catalogue.bounded():
        if name in (lower, upper):
            low, high = (_number(values, key, scene) for key in (lower, upper))
            if low is not None and high is not None and low > high:
                return upper if name == lower else lower
    return ""


def _number(values: Mapping[str, str], name: str, scene: Scene) -> int | None:
    known = catalogue.find(name)
    default = known.default_on(scene.kernel.release) if known else None
    text = values.get(name, scene.host.values.get(name, default or ""))
    try:
        return value.numbers(text)[0]
    except (IndexError, ValueError):
        return None
