# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lines of others that beat ours at boot: commented out in their files, and given back byte for byte.

Only files below /etc are an administrator's. Those below /usr are a package's, which an update would bring back, and
those below /run are made anew at each boot; sysctl.d(5) has masking for both.
"""

from __future__ import annotations

from typing import AbstractSet, Callable, Collection, Iterable, Mapping, NamedTuple

from .._formats.sysctl_conf import Assignment
from .boot import SYSTEMD, boot
from .file_change import FileChange
from .journal import Taken
from .snapshot import boot_lines

# Lines of somebody's file that we have commented out, each so that it can be told from all others.

PREFIX = "# taken over by nettune.tcp: "


def commented(text: str, numbers: Collection[int]) -> str:
    """The text with the lines of these numbers, the first being 1, commented out."""
    lines = enumerate(text.split("\n"), start=1)
    return "\n".join(f"{PREFIX}{line}" if number in numbers else line for number, line in lines)


def uncommented(text: str) -> str:
    """The text with our lines as they were; the others keep their numbers."""
    return "\n".join(line[len(PREFIX) :] if line.startswith(PREFIX) else line for line in text.split("\n"))


class TakeOver(NamedTuple):
    """What it comes to. taken: what to journal, by path. refused: why a parameter's line cannot be made to win."""

    changes: tuple[FileChange, ...]
    taken: Mapping[str, Taken]
    refused: Mapping[str, str]


def bases(found: Mapping[str, str], taken: Mapping[str, Taken]) -> dict[str, str]:
    """The texts by path as they would be without us. found: as they are."""
    return {path: _base(text, taken.get(path)) for path, text in found.items()}


def calculate(
    found: Mapping[str, str],
    taken: Mapping[str, Taken],
    lines: Mapping[str, str],
    *,
    ours: AbstractSet[str],
    loader: str,
    is_same: Callable[[str, str, str], bool],
) -> TakeOver:
    """What has to become of the files of others, so that what our drop-ins say of the parameters in `lines` holds.

    found: texts by path of all that the loader reads, our drop-ins as they will be. ours: their paths. is_same: whether
    two values of a parameter mean the same.
    """
    texts = {**found, **bases({path: found[path] for path in taken if path in found}, taken)}
    numbers: dict[str, set[int]] = {}
    refused: dict[str, str] = {}
    in_order = boot_lines(texts, loader=loader)
    for name, value in lines.items():
        for line in _shadowing(name, value, in_order, ours=ours, loader=loader, is_same=is_same):
            if line.path.startswith("/etc/"):
                numbers.setdefault(line.path, set()).add(line.line)
            else:
                refused[name] = _why_not(line)
    changes = [
        _change(path, found.get(path), texts.get(path), taken.get(path), numbers.get(path, ())) for path in texts
    ]
    gone = [
        FileChange(path, None, taken[path].before, edited=True, foreign=True) for path in taken if path not in found
    ]
    wanted = {path: commented(texts[path], numbers[path]) for path in numbers}
    return TakeOver(
        tuple(change for change in [*changes, *gone] if change.before != change.after),
        {path: Taken(texts[path], (wanted[path],)) for path in numbers},
        refused,
    )


def _base(text: str, taken: Taken | None) -> str:
    if taken is None:
        return text
    return taken.before if text in taken.texts else uncommented(text)


def _shadowing(
    name: str,
    value: str,
    in_order: list[Assignment],
    *,
    ours: AbstractSet[str],
    loader: str,
    is_same: Callable[[str, str, str], bool],
) -> Iterable[Assignment]:
    """The lines of others that keep ours from holding at boot; none where it holds."""
    at_boot = boot(name, in_order, loader=loader).value
    if at_boot is not None and is_same(name, at_boot, value):
        return ()
    last = max((at for at, line in enumerate(in_order) if line.name == name and line.path in ours), default=-1)
    later = (line for line in in_order[last + 1 :] if line.name == name)
    return [
        line for line in later if (loader == SYSTEMD if line.value is None else not is_same(name, line.value, value))
    ]


def _change(
    path: str, found: str | None, base: str | None, taken: Taken | None, numbers: Collection[int]
) -> FileChange:
    """What becomes of one file of others."""
    if taken is None and not numbers:
        return FileChange(path, found, found, foreign=True)
    edited = not numbers and taken is not None and found not in (*taken.texts, taken.before)
    return FileChange(path, found, commented(base or "", numbers), edited=edited, foreign=True)


def _why_not(line: Assignment) -> str:
    what = "takes it out" if line.value is None else "sets it"
    return (
        f"{line.name}: {line.path}:{line.line} {what} later at boot, and take_over changes files below /etc only: mask"
        " it by a file or a link to /dev/null of the same name in /etc/sysctl.d"
    )
