# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules for the order of lines: lines that something later overrides, and lines that need another line first."""

from __future__ import annotations

from typing import Iterator, Mapping, Sequence

from ansible_collections.nettune.tcp.plugins.module_utils._parameters import catalogue, value

from .case import Scene
from .row import FILE, OK, ORDERING, REMOVE, Finding, Setting


def findings(settings: Sequence[Setting], scene: Scene, effective: Sequence[bool]) -> dict[int, list[Finding]]:
    """Return the findings about the position of lines, by index.

    effective: for each setting, whether it changes anything.
    """
    found = {index: [one] for index, one in _overridden_at_boot(settings, scene, effective)}
    blocks: dict[int, list[int]] = {}
    for index, setting in enumerate(settings):
        if setting.repeated and effective[index]:
            blocks.setdefault(setting.block, []).append(index)
    for indexes in blocks.values():
        for index, finding in [*_overridden(settings, indexes), *_too_early(settings, indexes, scene)]:
            found.setdefault(index, []).append(finding)
    return found


def _overridden_at_boot(
    settings: Sequence[Setting], scene: Scene, effective: Sequence[bool]
) -> Iterator[tuple[int, Finding]]:
    """Find lines of files that a program of the host overrides at boot, such as ufw or TuneD."""
    for index, setting in enumerate(settings):
        name = catalogue.current_name(setting.key)
        later, by = scene.host.set_later.get(name, ("", ""))
        if (
            by
            and effective[index]
            and setting.form == FILE
            and _normal(setting) != _normal(setting._replace(value=later))
        ):
            message = f"overridden at boot: {by} sets it to {later} on this host, after the files of sysctl.d"
            yield index, Finding(ORDERING, message)


def _overridden(settings: Sequence[Setting], indexes: Sequence[int]) -> list[tuple[int, Finding]]:
    """Find lines that a later line of the same parameter overrides."""
    last = {catalogue.current_name(settings[index].key): index for index in indexes}
    found = []
    for index in indexes:
        setting, winner = settings[index], last[catalogue.current_name(settings[index].key)]
        if winner == index:
            continue
        other = settings[winner]
        if _normal(setting) == _normal(other):
            found.append((index, Finding(OK, f"line {other.line} sets the same value again", REMOVE)))
        else:
            message = f"overridden: line {other.line} sets it to {other.value}, and the last line wins"
            found.append((index, Finding(ORDERING, message, REMOVE)))
    return found


def _too_early(settings: Sequence[Setting], indexes: Sequence[int], scene: Scene) -> list[tuple[int, Finding]]:
    """Find lines that the kernel refuses only because another line comes after them instead of before."""
    names = [catalogue.current_name(settings[index].key) for index in indexes]
    final = {name: _normal(settings[index]) for name, index in zip(names, indexes)}
    now: dict[str, str] = {}
    found = []
    for name, index in zip(names, indexes):
        blocker = _blocker({**now, name: _normal(settings[index])}, name, scene)
        if blocker and blocker in final and not _blocker(final, name, scene):
            at = next(settings[other].line for other, one in zip(indexes, names) if one == blocker)
            message = f"the kernel refuses it until line {at} has changed {blocker}: move that line before this one"
            found.append((index, Finding(ORDERING, message, (blocker, final[blocker]))))
        now[name] = _normal(settings[index])
    return found


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


def _normal(setting: Setting) -> str:
    known = catalogue.find(catalogue.current_name(setting.key))
    return value.normal(known, setting.value) if known else setting.value
