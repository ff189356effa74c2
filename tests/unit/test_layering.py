# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What may import what: module_utils is pure outside folders named host, and modules are shells over it."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Iterator

import pytest

ROOT = Path(__file__).resolve().parents[2]
UTILS = ROOT / "plugins" / "module_utils"
MODULES = ROOT / "plugins" / "modules"
PACKAGE = "ansible_collections.nettune.tcp.plugins.module_utils"

# What of the standard library computes and touches nothing.
PURE = {
    *(
        "__future__",
        "array",
        "bisect",
        "collections",
        "collections.abc",
        "contextlib",
        "copy",
        "dataclasses",
        "difflib",
        "enum",
        "errno",
    ),
    *(
        "fnmatch",
        "functools",
        "hashlib",
        "heapq",
        "html",
        "ipaddress",
        "itertools",
        "json",
        "math",
        "operator",
        "re",
        "string",
        "struct",
    ),
    *("textwrap", "types", "typing"),
}
# Built-in functions that leave the realm of values.
IMPURE_CALLS = {"open", "print", "input", "exec", "eval", "compile", "__import__", "breakpoint"}
LONGEST_SHELL = 60


def sources(directory: Path) -> list[Path]:
    return sorted(path for path in directory.rglob("*.py") if path.name != "__init__.py")


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(), filename=str(path))


def imported(path: Path) -> Iterator[str]:
    """The full names of the modules that `path` imports; for `from m import n` both m and m.n, as n may be a module."""
    package = ".".join(("ansible_collections.nettune.tcp", *path.relative_to(ROOT).parent.parts))
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package.rsplit(".", node.level - 1)[0] if node.level else ""
            module = ".".join(part for part in (base, node.module) if part)
            yield module
            yield from (f"{module}.{alias.name}" for alias in node.names if file_of(f"{module}.{alias.name}"))


def file_of(name: str) -> Path | None:
    """The file of a module of ours, or None."""
    if not name.startswith(PACKAGE):
        return None
    path = UTILS.joinpath(*name[len(PACKAGE) :].strip(".").split("."))
    return next((found for found in (path.with_suffix(".py"), path / "__init__.py") if found.exists()), None)


def shipped_with(path: Path) -> set[Path]:
    """All of module_utils that goes to the host with the module: what it imports, and what that imports."""
    found: set[Path] = set()
    pending = [path]
    while pending:
        new = {file for name in imported(pending.pop()) if (file := file_of(name))} - found
        found |= new
        pending += new
    return found


def on_the_host(path: Path) -> bool:
    """Return whether a file of module_utils is host code."""
    return path.parent.name in ("host", "_host")


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", [path for path in sources(UTILS) if not on_the_host(path)], ids=named)
def test_code_outside_host_is_pure(path):
    foreign = sorted(name for name in imported(path) if name not in PURE and not name.startswith(PACKAGE))
    assert not foreign, f"{named(path)} imports {foreign}: outside folders named host only {sorted(PURE)} are allowed"
    host = sorted(name for name in imported(path) if (file := file_of(name)) and on_the_host(file))
    assert not host, f"{named(path)} imports {host}, which touches the machine"
    called = {
        node.func.id for node in ast.walk(tree(path)) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    assert not called & IMPURE_CALLS, (
        f"{named(path)} calls {sorted(called & IMPURE_CALLS)}: move what touches the machine to a folder named host"
    )


@pytest.mark.parametrize("path", sources(UTILS), ids=named)
def test_module_utils_know_nothing_of_ansible(path):
    foreign = sorted(name for name in imported(path) if name.partition(".")[0] == "ansible")
    assert not foreign, f"{named(path)} imports {foreign}: only the shells in plugins/modules know Ansible"


@pytest.mark.parametrize("path", sources(UTILS), ids=named)
def test_module_utils_import_each_other_relatively(path):
    absolute = [
        node.module
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ImportFrom) and not node.level and (node.module or "").startswith("ansible_collections")
    ]
    assert not absolute, f"{named(path)} imports {absolute}: inside module_utils write `from .x` or `from .._formats.x`"


@pytest.mark.parametrize("path", sources(ROOT / "plugins"), ids=named)
def test_nobody_imports_ansibles_facts(path):
    facts = [name for name in imported(path) if name.startswith("ansible.module_utils.facts")]
    assert not facts, f"{named(path)} imports {facts}, which doubles what is shipped to each host"


@pytest.mark.parametrize("path", sources(MODULES), ids=named)
def test_a_module_is_a_shell(path):
    allowed = ("ansible.module_utils.", "ansible_collections.nettune.tcp.")
    foreign = sorted(name for name in imported(path) if name not in PURE and not name.startswith(allowed))
    assert not foreign, f"{named(path)} imports {foreign}: a shell parses options, calls and reports"
    functions = [node for node in tree(path).body if isinstance(node, (ast.FunctionDef, ast.ClassDef))]
    logic = sum(isinstance(node, ast.stmt) for function in functions for node in ast.walk(function))
    assert logic <= LONGEST_SHELL, (
        f"{named(path)} has {logic} statements: more than {LONGEST_SHELL}; move the logic to module_utils"
    )


@pytest.mark.parametrize("path", sources(ROOT / "plugins" / "filter"), ids=named)
def test_filters_stay_on_the_controller(path):
    host = [name for name in imported(path) if (file := file_of(name)) and on_the_host(file)]
    assert not host, f"{named(path)} imports {host}: a filter computes, and the controller is not the host"


def test_tcp_facts_ship_without_the_catalogue():
    shipped = shipped_with(MODULES / "tcp_facts.py")
    catalogue = sorted(named(path) for path in shipped if path.parent.name == "_parameters")
    assert shipped, "tcp_facts imports nothing of module_utils"
    assert not catalogue, f"tcp_facts runs on every host, often, and would be shipped with {catalogue}"


def test_parameters_ship_without_limits():
    shipped = shipped_with(MODULES / "sysctl_profile.py")
    limits = sorted(named(path) for path in shipped if "_nofile" in path.parts)
    assert shipped, "sysctl_profile imports nothing of module_utils"
    assert not limits, f"sysctl_profile would be shipped with {limits}"


def test_a_lasting_profile_ships_only_planning_and_applying():
    shipped = shipped_with(MODULES / "sysctl_alone.py")
    rest = ("_confirm", "_trial")
    found = sorted(named(path) for path in shipped if set(rest) & set(path.parts))
    assert shipped, "sysctl_alone imports nothing of module_utils"
    assert not found, f"sysctl_alone would be shipped with {found}"
