# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules for every file: licence header, length, no paths of one machine, and a reason for each ignored finding."""

from __future__ import annotations

import ast
import os
import re
from pathlib import Path
from typing import Iterator

import pytest

ROOT = Path(__file__).resolve().parents[2]
MAX_LINES = 350
HEADER = ("# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors", "# SPDX-License-Identifier: GPL-3.0-or-later")
# Directories of one machine and hosts of package registries. The brackets keep the pattern from matching itself.
MACHINE_PATHS = re.compile(
    r"(?<![\w.])/(?:w[o]rk|r[o]ot|f[a]rm)/|[.]py[e]nv/|/tmp/[a]c/|py[p]i[.]|py[t]honhosted|regi[s]try[.]npmjs|d[e]b[.]debian"
)
# Comments that make a tool ignore a finding, and what follows them.
IGNORES = re.compile(
    r"#\s*(?:n[o]qa|type:\s*ign[o]re|n[o]sec|fmt:\s*(?:off|skip)|isort:\s*skip|pragma:\s*no"
    r"|(?:pylint:|shellcheck|yamllint)\s*dis[a]ble)\b(?P<rest>.*)"
)
# A reason is a second comment or a remark in brackets.
REASON = re.compile(r"[#(]\s*\w[^#]{6,}")
# Configuration files: the line before their lists of ignored rules and files, and the line after.
IGNORE_LISTS = [
    (".ansible-lint", r"(?:skip_list|warn_list|exclude_paths):", r"\S"),
    (".yamllint", r"ignore:", r"\S"),
    ("pyproject.toml", r"ignore = \[", r"\]"),
    ("pyproject.toml", r"\[tool\.ruff\.lint\.per-file-ignores\]", r"\[|$"),
    ("pyproject.toml", r"(?:omit|exclude\w*) = \[", r"\]"),
]
EXCLUDED = {".git", ".cache", ".ansible", "__pycache__", "output", "COPYING"}


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def text_files() -> Iterator[Path]:
    """Yield every text file of the checkout, without following links."""
    for directory, directories, names in os.walk(ROOT):
        directories[:] = sorted(set(directories) - EXCLUDED)
        for path in (Path(directory, name) for name in sorted(set(names) - EXCLUDED)):
            if not path.is_symlink() and b"\0" not in path.read_bytes():
                yield path


FILES = list(text_files())
CODE = [path for path in FILES if path.suffix in (".py", ".sh")]
PYTHON = [path for path in CODE if path.suffix == ".py"]


def lines_of_code(path: Path) -> int:
    """Return the number of lines without the documentation that Ansible reads."""
    text = path.read_text()
    documentation = [
        node
        for node in ast.parse(text).body
        if isinstance(node, ast.Assign)
        and getattr(node.targets[0], "id", "") in ("DOCUMENTATION", "EXAMPLES", "RETURN")
    ]
    return text.count("\n") - sum((node.end_lineno or node.lineno) - node.lineno + 1 for node in documentation)


def lacks_reason(line: str) -> bool:
    """Return whether the line ignores a finding without a reason."""
    found = IGNORES.search(line)
    return bool(found) and not REASON.search(found.group("rest"))


def config_entries() -> Iterator[str]:
    """Yield the lines of configuration files that ignore a rule or a file: `file:number: line`."""
    for name, first, end in IGNORE_LISTS:
        path = ROOT / name
        inside = False
        # The collection as installed has no configuration files.
        for number, line in enumerate(path.read_text().splitlines() if path.exists() else [], start=1):
            inside = bool(re.match(first, line)) or (inside and not re.match(end, line))
            if inside and not re.match(first, line):
                yield f"{name}:{number}: {line.strip()}"


@pytest.mark.parametrize("path", CODE, ids=name_of)
def test_code_has_a_licence_header(path: Path) -> None:
    top = path.read_text().splitlines()[:4]
    assert not top or set(HEADER) <= set(top), f"{name_of(path)}: add at the top: {HEADER}"


@pytest.mark.parametrize("path", PYTHON, ids=name_of)
def test_python_files_are_short(path: Path) -> None:
    lines = lines_of_code(path)
    assert lines <= MAX_LINES, f"{name_of(path)} has {lines} lines, the limit is {MAX_LINES}: split it"


def test_no_file_contains_paths_of_one_machine() -> None:
    found = [
        f"{name_of(path)}:{number}: {line.strip()[:120]}"
        for path in FILES
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), start=1)
        if MACHINE_PATHS.search(line)
    ]
    assert not found, "paths of one machine, or hosts of a package registry:\n" + "\n".join(found)


@pytest.mark.parametrize(
    "line", ["cd /wor" + "k/main", "see /roo" + "t/.ssh", "~/.py" + "env/versions/3.8", "https://py" + "pi.org/simple"]
)
def test_paths_of_one_machine_are_recognised(line: str) -> None:
    assert MACHINE_PATHS.search(line)


def test_every_ignored_finding_has_a_reason() -> None:
    found = [
        f"{name_of(path)}:{number}: {line.strip()}"
        for path in FILES
        if path.suffix in (".py", ".sh", ".yml")
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if lacks_reason(line)
    ]
    assert not found, "add the reason on the same line, as a second comment:\n" + "\n".join(found)


def test_every_ignore_in_a_configuration_file_has_a_reason() -> None:
    found = [entry for entry in config_entries() if not REASON.search(entry)]
    assert not found, "add the reason on the same line, as a comment:\n" + "\n".join(found)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("import a  # no" + "qa: E402", True),
        ("import a  # no" + "qa: E402  # found by the line above", False),
        ("- name: x # no" + "qa: name[template] (the step is in the name)", False),
        ("x = y  # type: ign" + "ore[index]", True),
        ("# shellcheck dis" + "able=SC2086", True),
        ("# shellcheck dis" + "able=SC2086  # package names contain no spaces", False),
        ("return 1  # pragma: n" + "o cover", True),
        ("return 1  # pragma: n" + "o cover  # only PyPy gets here", False),
        ("plain = 1  # a comment", False),
    ],
)
def test_reasons_are_recognised(line: str, expected: bool) -> None:
    assert lacks_reason(line) is expected


def test_ansible_test_ignores_nothing() -> None:
    assert not list((ROOT / "tests" / "sanity").glob("ignore-*.txt"))
