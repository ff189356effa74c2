# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The file layouts of distributions: the trees in tests/fixtures/distributions, built from their packaging sources.

Each has a file SOURCE with a line for every path: `path`, `path -> target` for a link or `path/` for a directory, two
blanks, and where it comes from. The files are below `root`; links and empty directories are in SOURCE only.
"""

from __future__ import annotations

from pathlib import Path
from typing import Iterator, NamedTuple

TREES = Path(__file__).resolve().parents[2] / "fixtures" / "distributions"
NAMES = sorted(path.name for path in TREES.iterdir())


class Place(NamedTuple):
    """One line of SOURCE. target: of a link, else empty. source: the package and file that say so."""

    path: str
    target: str
    source: str


def title(name: str) -> str:
    """Return the distribution and its release, without the rest of the first line of SOURCE."""
    return _source(name)[0].partition(":")[0]


def places(name: str) -> Iterator[Place]:
    """Yield every path of a tree."""
    for line in _source(name):
        if line.startswith("/"):
            path, _blanks, source = line.partition("  ")
            yield Place(*path.partition(" -> ")[::2], source)


def references(name: str) -> dict[str, str]:
    """Return where the sources named in brackets are."""
    lines = (line[1:].partition("] ") for line in _source(name) if line.startswith("["))
    return {key: where for key, _bracket, where in lines}


def files_in(name: str) -> set[str]:
    """Return the paths of the files below `root`."""
    root = TREES / name / "root"
    return {f"/{path.relative_to(root)}" for path in root.rglob("*") if path.is_file()}


def lay_out(name: str, root: Path) -> None:
    """Copy a tree to the host that starts at `root`; its directory /etc/sysctl.d may exist."""
    for place in places(name):
        target = root / place.path.strip("/")
        if place.path.endswith("/"):
            target.mkdir(parents=True, exist_ok=True)
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        if place.target:
            target.symlink_to(place.target)
        else:
            target.write_text((TREES / name / "root" / place.path.lstrip("/")).read_text())


def _source(name: str) -> list[str]:
    return (TREES / name / "SOURCE").read_text().splitlines()
