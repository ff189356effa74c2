# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The files of a fake host as a dictionary: read, restored, and compared."""

from __future__ import annotations

import os
import re
import shutil
import stat
from pathlib import Path
from typing import Dict, NamedTuple

JOURNAL = "/var/lib/nettune"
_COPIES = f"{JOURNAL}/tcp/edited"
# A file that was not finished has this name in a compared tree; the next run removes it.
LEFTOVER = "(temporary)"
_TEMPORARY = re.compile(r"\.nettune-[\w-]+\.tmp$")
# What differs from run to run in the journal.
_VARIES = re.compile(r'"(at|started|ends|pid|number|token)": [^,\n]*')


class Entry(NamedTuple):
    """mode: st_mode. content: of a file, or the target of a link; empty for a directory."""

    mode: int
    content: str

    @property
    def is_directory(self) -> bool:
        return stat.S_ISDIR(self.mode)


Tree = Dict[str, Entry]


def read(root: Path) -> Tree:
    """Return every file, link and directory below `root` by its path on the host, directories first."""
    found: Tree = {}
    for directory, directories, names in os.walk(root):
        for name in directories + names:
            path = f"{directory}/{name}"
            found[path[len(str(root)) :]] = _entry(path)
    return found


def restore(root: Path, wanted: Tree) -> None:
    """Make the files below `root` those of a tree that was read before."""
    found = read(root)
    for path in sorted({*found} - {*wanted}, reverse=True):
        place = f"{root}{path}"
        shutil.rmtree(place) if found[path].is_directory else os.unlink(place)
    for path, entry in wanted.items():
        if found.get(path) != entry:
            _write(f"{root}{path}", entry)


def compared(tree: Tree) -> Tree:
    """Return a tree without copies of edited files and without what differs from run to run."""
    return {
        _TEMPORARY.sub(LEFTOVER, path): entry._replace(content=_VARIES.sub("", entry.content))
        for path, entry in tree.items()
        if not path.startswith(_COPIES)
    }


def lasting(tree: Tree) -> Tree:
    """Return a compared tree without what the next run removes: unfinished files, empty directories of the journal."""
    files = [f"{path}/" for path, entry in tree.items() if not entry.is_directory]
    return {
        path: entry
        for path, entry in tree.items()
        if not path.endswith(LEFTOVER)
        and not (path.startswith(JOURNAL) and not any(file.startswith(f"{path}/") for file in files))
    }


def visible(tree: Tree) -> Tree:
    """Return the values and files without the journal, and without unfinished files."""
    return {path: one for path, one in tree.items() if not path.startswith(JOURNAL) and not path.endswith(LEFTOVER)}


def difference(wanted: Tree, found: Tree) -> str:
    """Return in words how two trees differ; empty if they do not."""
    paths = sorted(path for path in {*wanted, *found} if wanted.get(path) != found.get(path))
    return "; ".join(f"{path}: {found.get(path)} instead of {wanted.get(path)}" for path in paths)[:2000]


def _entry(path: str) -> Entry:
    mode = os.lstat(path).st_mode
    if stat.S_ISLNK(mode):
        return Entry(mode, os.readlink(path))
    return Entry(mode, "" if stat.S_ISDIR(mode) else Path(path).read_text())


def _write(path: str, entry: Entry) -> None:
    if stat.S_ISLNK(entry.mode):
        os.symlink(entry.content, path)
        return
    if entry.is_directory:
        os.makedirs(path, exist_ok=True)
    else:
        Path(path).write_text(entry.content)
    os.chmod(path, stat.S_IMODE(entry.mode))
