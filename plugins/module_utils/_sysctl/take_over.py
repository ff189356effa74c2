# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Comment out lines in other files that override ours at boot, and restore those files byte for byte.

Only files below /etc belong to the administrator. Those below /usr belong to packages, whose updates would undo the
change, and those below /run are created at each boot; both can be masked (sysctl.d(5)).
"""

from __future__ import annotations

from typing import AbstractSet, Callable, Collection, Iterable, Mapping, NamedTuple

from .._common.text import without_prefix
from .._formats.sysctl_conf import Assignment
from .._parameters import catalogue
from .boot import DIRECTORIES, SYSTEMD, boot, named
from .boot_programs import NO_PROGRAMS, Programs
from .file_change import FileChange
from .journal import Taken
from .snapshot import boot_lines

# Marks a line that we have commented out.
PREFIX = "# taken over by nettune.tcp: "


def commented(text: str, numbers: Collection[int]) -> str:
    """Return the text with the lines of these numbers, counted from 1, commented out."""
    lines = enumerate(text.split("\n"), start=1)
    return "\n".join(f"{PREFIX}{line}" if number in numbers else line for number, line in lines)


def uncommented(text: str) -> str:
    """Return the text with the lines that we commented out as they were; line numbers do not change."""
    return "\n".join(without_prefix(line, PREFIX) for line in text.split("\n"))


class TakeOver(NamedTuple):
    """taken: the files for the journal, by path. refused: by name, why our line of a parameter cannot win."""

    changes: tuple[FileChange, ...]
    taken: Mapping[str, Taken]
    refused: Mapping[str, str]


def uncommented_files(found: Mapping[str, str], taken: Mapping[str, Taken]) -> dict[str, str]:
    """Return texts by path without our comment signs. found: the texts as they are."""
    return {path: _uncommented_file(text, taken.get(path)) for path, text in found.items()}


def calculate(
    found: Mapping[str, str],
    taken: Mapping[str, Taken],
    lines: Mapping[str, str],
    *,
    ours: AbstractSet[str],
    loader: str,
    programs: Programs = NO_PROGRAMS,
    is_same: Callable[[str, str, str], bool],
) -> TakeOver:
    """Return the changes of other files after which our drop-ins decide the parameters in `lines` at boot.

    found: texts by path of all files that the loader reads, with our drop-ins as they will be. lines: values by name.
    ours: the paths of our drop-ins. is_same: whether two values of a parameter mean the same.
    """
    texts = {**found, **uncommented_files({path: found[path] for path in taken if path in found}, taken)}
    numbers: dict[str, set[int]] = {}
    refused: dict[str, str] = {}
    in_order = boot_lines(texts, loader=loader, programs=programs)
    for name, value in lines.items():
        for line in _shadowing(name, value, in_order, ours=ours, loader=loader, is_same=is_same):
            if line.path in texts and line.path.startswith("/etc/"):
                numbers.setdefault(line.path, set()).add(line.line)
            else:
                refused[name] = _refusal(line)
    changes = [_change(path, found[path], texts[path], taken.get(path), numbers.get(path, ())) for path in texts]
    gone = [
        FileChange(path, None, taken[path].before, edited=True, foreign=True) for path in taken if path not in found
    ]
    wanted = {path: commented(texts[path], numbers[path]) for path in numbers}
    return TakeOver(
        tuple(change for change in [*changes, *gone] if change.before != change.after),
        {path: Taken(texts[path], (wanted[path],)) for path in numbers},
        refused,
    )


def _uncommented_file(text: str, taken: Taken | None) -> str:
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
    """Return the lines in other files that override ours at boot."""
    at_boot = boot(name, in_order, loader=loader).value
    if at_boot is not None and is_same(name, at_boot, value):
        return ()

    def overrides(line: Assignment) -> bool:
        # Only systemd-sysctl applies an exclusion to a line with the name itself.
        if line.value is None:
            return loader == SYSTEMD and line.name == name
        return not is_same(name, line.value, value)

    of_name = [line for line in in_order if line.name in catalogue.names_of(name)]
    last = max((index for index, line in enumerate(of_name) if line.path in ours), default=-1)
    return [line for index, line in enumerate(of_name) if index > last and not line.unknown and overrides(line)]


def _change(path: str, found: str, base: str, taken: Taken | None, numbers: Collection[int]) -> FileChange:
    """Return the change of one file of someone else. base: its text without our comment signs."""
    edited = not numbers and taken is not None and found not in (*taken.texts, taken.before)
    return FileChange(path, found, commented(base, numbers), edited=edited, foreign=True)


def _refusal(line: Assignment) -> str:
    what = "excludes it" if line.value is None else "sets it"
    if line.by or line.path.rpartition("/")[0] not in DIRECTORIES:
        return f"{line.name}: {named(line)} {what} at boot, after our file; change it there, take_over cannot"
    return (
        f"{line.name}: {line.path}:{line.line} {what} at boot, after our file, and take_over only changes files below"
        " /etc: mask that file with a file or a link to /dev/null of the same name in /etc/sysctl.d"
    )
