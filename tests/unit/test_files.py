# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What holds for every file: a licence header, a length that can be read at once, and no path of one machine."""

from __future__ import annotations

import ast
import os
import re
from pathlib import Path
from typing import Iterator

import pytest

ROOT = Path(__file__).resolve().parents[2]
LONGEST_FILE = 350
HEADER = ("# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors", "# SPDX-License-Identifier: GPL-3.0-or-later")
# Written so that they do not match themselves. Private addresses of a checkout, a home, an interpreter, a registry.
MACHINE_PATHS = re.compile(
    r"(?<![\w.])/(?:w[o]rk|r[o]ot|f[a]rm)/|[.]py[e]nv/|/tmp/[a]c/|py[p]i[.]|py[t]honhosted|regi[s]try[.]npmjs|d[e]b[.]debian"
)
NOT_OURS = {".git", ".cache", ".ansible", "__pycache__", "output", "COPYING"}


def files() -> Iterator[Path]:
    """Every text file of the checkout; links are not followed."""
    for directory, directories, names in os.walk(ROOT):
        directories[:] = sorted(set(directories) - NOT_OURS)
        for path in (Path(directory, name) for name in sorted(set(names) - NOT_OURS)):
            if not path.is_symlink() and b"\0" not in path.read_bytes():
                yield path


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


FILES = list(files())
PLUGINS = [path for path in FILES if path.suffix == ".py" and named(path).startswith("plugins/")]


def lines_of_code(path: Path) -> int:
    """How many lines the file has, not counting the documentation that Ansible reads."""
    lines = path.read_text().count("\n")
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") in (
            "DOCUMENTATION",
            "EXAMPLES",
            "RETURN",
        ):
            lines -= (node.end_lineno or node.lineno) - node.lineno + 1
    return lines


@pytest.mark.parametrize("path", [path for path in FILES if path.suffix in (".py", ".sh")], ids=named)
def test_licence_header(path):
    top = path.read_text().splitlines()[:4]
    assert not top or set(HEADER) <= set(top), f"{named(path)} lacks one of these lines at its top: {HEADER}"


@pytest.mark.parametrize("path", PLUGINS, ids=named)
def test_length(path):
    length = lines_of_code(path)
    assert length <= LONGEST_FILE, (
        f"{named(path)} has {length} lines, a reader takes in {LONGEST_FILE}: is it two ideas?"
    )


def test_no_paths_of_one_machine():
    found = [
        f"{named(path)}:{number}: {line.strip()[:120]}"
        for path in FILES
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), start=1)
        if MACHINE_PATHS.search(line)
    ]
    assert not found, "paths of one machine, or a registry's host name:\n" + "\n".join(found)


@pytest.mark.parametrize(
    "line", ["cd /wor" + "k/main", "see /roo" + "t/.ssh", "~/.py" + "env/versions/3.8", "https://py" + "pi.org/simple"]
)
def test_such_a_path_is_found(line):
    assert MACHINE_PATHS.search(line)
