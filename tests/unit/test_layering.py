# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What may import what in plugins/.

1. Code outside folders named host is pure.
2. ORDER lists the packages of module_utils; each may import only itself and earlier ones.
3. SHIPS says which packages each module may send to a host: what a module imports is what Ansible sends.
"""

from __future__ import annotations

import ast
import functools
from pathlib import Path
from typing import Iterable, Iterator

import pytest

ROOT = Path(__file__).resolve().parents[2]
PLUGINS = ROOT / "plugins"
UTILS = PLUGINS / "module_utils"
MODULES = PLUGINS / "modules"
COLLECTION = "ansible_collections.nettune.tcp"
PACKAGE = f"{COLLECTION}.plugins.module_utils"

ORDER = (
    "_common",
    "_formats",
    "_host",
    "_parameters",
    "_tcp",
    "_tcp/host",
    "_confirm",
    "_confirm/host",
    "_sysctl",
    "_sysctl/host",
    "_trial",
    "_trial/host",
    "_nofile",
    "_nofile/host",
    "_checkpoint/host",
    "_verify",
    "_verify/host",
    "_diagnosis",
    "_diagnosis/host",
    "_textfile",
    "_textfile/host",
    "_adopt",
    "_adopt/host",
)

_BASE = {"_common", "_formats", "_host"}
_TCP = {*_BASE, "_tcp", "_tcp/host"}
_SYSCTL = {*_BASE, "_parameters", "_sysctl", "_sysctl/host"}
_CONFIRM = {"_confirm", "_confirm/host"}
_NOFILE = {"_nofile", "_nofile/host"}
SHIPS = {
    "tcp_facts": _TCP,
    "tcp_watch": {"_common"},
    "tcp_diagnosis_info": {*_TCP, *_NOFILE, "_diagnosis", "_diagnosis/host"},
    "sysctl_facts": _SYSCTL,
    "sysctl_profile": {*_SYSCTL, *_CONFIRM},
    "sysctl_trial": {*_TCP, *_SYSCTL, *_CONFIRM, "_trial", "_trial/host"},
    "nofile_facts": {*_BASE, *_NOFILE, "_tcp/host"},
    "nofile_limits": {*_SYSCTL, *_CONFIRM, *_NOFILE},
    # Internal: what a rollout returns to.
    "profile_checkpoint": {*_SYSCTL, *_CONFIRM, *_NOFILE, "_checkpoint/host"},
    "profile_info": {*_SYSCTL, *_CONFIRM, *_NOFILE, "_verify", "_verify/host"},
    # Internal: what the playbooks record and report of a host.
    "host_snapshot": {*_TCP, *_SYSCTL, *_CONFIRM, *_NOFILE, "_verify", "_verify/host", "_diagnosis/host"},
    # Internal: the lines that the playbook adopt turns into variables.
    "host_settings": {*_SYSCTL, *_NOFILE, "_adopt", "_adopt/host"},
    # Internal: the metrics in a file for node_exporter.
    "host_textfile": {"_common", "_host", "_textfile", "_textfile/host"},
    # Internal: the short way of tcp_facts.
    "tcp_facts_fast": {"_host"},
    # Internal: documentation of action plugins.
    "check_options": set(),
    "check_variables": set(),
    "fail_host": set(),
    "lint_host": set(),
    "show": set(),
}

# What few runs of a module need: a host compiles what it imports in each run, which takes most of its time.
LATER = [
    ("nofile_limits", "_sysctl/planner.py"),
    ("tcp_facts", "_host/read_ahead.py"),
    ("tcp_facts", "_tcp/host/addresses.py"),
    ("tcp_facts", "_tcp/host/processes.py"),
]

# The part of the standard library that only computes.
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
    ),
    *("enum", "errno", "fnmatch", "functools", "hashlib", "heapq", "html", "ipaddress", "itertools"),
    *("json", "math", "operator", "re", "string", "struct", "textwrap", "types", "typing"),
}
# Built-in functions that do more than compute.
IMPURE_CALLS = {"open", "print", "input", "exec", "eval", "compile", "__import__", "breakpoint"}
LONGEST_WRAPPER = 60


def sources(directory: Path) -> list[Path]:
    return sorted(path for path in directory.rglob("*.py") if path.name != "__init__.py")


@functools.lru_cache(maxsize=None)
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(), filename=str(path))


def imported(path: Path, *, at_start: bool = False) -> Iterator[str]:
    """Yield the full names of the modules a file imports; `from m import n` gives both m and m.n if n is a module.

    at_start: without imports inside functions and conditions.
    """
    package = ".".join((COLLECTION, *path.relative_to(ROOT).parent.parts))
    for node in tree(path).body if at_start else ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package.rsplit(".", node.level - 1)[0] if node.level else ""
            module = ".".join(part for part in (base, node.module) if part)
            names = [f"{module}.{alias.name}" for alias in node.names if file_of(f"{module}.{alias.name}")]
            # A package itself is no file, so `from . import n` is about n alone.
            yield from names if names and not file_of(module) else [module, *names]


def file_of(name: str) -> Path | None:
    """Return the file of a module in plugins/, or None."""
    if not name.startswith(f"{COLLECTION}.plugins."):
        return None
    path = PLUGINS.joinpath(*name[len(f"{COLLECTION}.plugins.") :].split(".")).with_suffix(".py")
    return path if path.exists() else None


@functools.lru_cache(maxsize=None)
def imported_files(path: Path, *, at_start: bool = False) -> set[Path]:
    return {file for name in imported(path, at_start=at_start) if (file := file_of(name))}


def shipped_with(path: Path, *, at_start: bool = False) -> set[Path]:
    """Return every file of module_utils that a module sends to the host: its imports and theirs.

    at_start: only those that every run imports.
    """
    found: set[Path] = set()
    pending = [path]
    while pending:
        new = {file for file in imported_files(pending.pop(), at_start=at_start) if UTILS in file.parents} - found
        found |= new
        pending += new
    return found


def package_of(path: Path) -> str:
    return str(path.parent.relative_to(UTILS))


def on_the_host(path: Path) -> bool:
    """Return whether a file of module_utils may touch the machine."""
    return path.parent.name in ("host", "_host")


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def cycles(edges: dict[Path, set[Path]]) -> Iterable[list[str]]:
    """Yield one cycle of imports for each file that can be reached from itself, shortest path first."""
    for start in edges:
        paths, seen = [[start]], {start}
        while paths:
            path = paths.pop(0)
            for following in sorted(edges.get(path[-1], ())):
                if following == start:
                    yield [named(step) for step in [*path, start]]
                    paths = []
                    break
                if following not in seen:
                    seen.add(following)
                    paths.append([*path, following])


@pytest.mark.parametrize("path", [path for path in sources(UTILS) if not on_the_host(path)], ids=named)
def test_code_outside_host_is_pure(path):
    foreign = sorted(name for name in imported(path) if name not in PURE and not name.startswith(PACKAGE))
    assert not foreign, f"{named(path)} imports {foreign}: outside folders named host only {sorted(PURE)} are allowed"
    host = sorted(named(file) for file in imported_files(path) if on_the_host(file))
    assert not host, f"{named(path)} imports {host}, which touches the machine"
    called = {
        node.func.id for node in ast.walk(tree(path)) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    assert not called & IMPURE_CALLS, (
        f"{named(path)} calls {sorted(called & IMPURE_CALLS)}: move what touches the machine to a folder named host"
    )


def test_order_names_every_package():
    packages = {package_of(path) for path in sources(UTILS)}
    assert packages == set(ORDER), "ORDER in this file lists the packages of module_utils, each after those it imports"


@pytest.mark.parametrize("path", sources(UTILS), ids=named)
def test_a_package_imports_only_earlier_packages(path):
    allowed = ORDER[: ORDER.index(package_of(path)) + 1]
    later = sorted(named(file) for file in imported_files(path) if package_of(file) not in allowed)
    assert not later, f"{named(path)} imports {later}, which ORDER in this file places after {package_of(path)}"


def test_no_file_imports_itself_through_others():
    found = list(cycles({path: imported_files(path) for path in sources(PLUGINS)}))
    assert not found, f"import cycles: {found}"


def test_ships_names_every_module():
    assert {path.stem for path in sources(MODULES)} == set(SHIPS), "SHIPS in this file has one row for each module"


@pytest.mark.parametrize("path", sources(MODULES), ids=named)
def test_a_module_ships_only_its_packages(path):
    shipped = {package_of(file) for file in shipped_with(path)}
    extra = sorted(shipped - SHIPS[path.stem])
    assert not extra, f"{named(path)} would ship {extra}; if it has to, add that to SHIPS in this file"
    unused = sorted(SHIPS[path.stem] - shipped)
    assert not unused, f"{named(path)} no longer ships {unused}; take that out of SHIPS in this file"


@pytest.mark.parametrize(("module", "file"), LATER)
def test_a_module_imports_at_start_what_most_runs_need(module, file):
    path = MODULES / f"{module}.py"
    assert UTILS / file in shipped_with(path)
    assert UTILS / file not in shipped_with(path, at_start=True), f"import {file} where it is needed, not at the start"


@pytest.mark.parametrize("path", sources(UTILS), ids=named)
def test_module_utils_do_not_import_ansible(path):
    foreign = sorted(name for name in imported(path) if name.partition(".")[0] == "ansible")
    assert not foreign, f"{named(path)} imports {foreign}: only the modules in plugins/modules know Ansible"


@pytest.mark.parametrize("path", sources(UTILS), ids=named)
def test_module_utils_import_each_other_relatively(path):
    absolute = [
        node.module
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ImportFrom) and not node.level and (node.module or "").startswith("ansible_collections")
    ]
    assert not absolute, f"{named(path)} imports {absolute}: inside module_utils write `from .x` or `from .._formats.x`"


@pytest.mark.parametrize("path", sources(PLUGINS), ids=named)
def test_no_file_imports_the_facts_of_ansible(path):
    facts = [name for name in imported(path) if name.startswith("ansible.module_utils.facts")]
    assert not facts, f"{named(path)} imports {facts}, which doubles what is sent to each host"


@pytest.mark.parametrize("path", sources(MODULES), ids=named)
def test_a_module_is_a_thin_wrapper(path):
    allowed = ("ansible.module_utils.", f"{PACKAGE}.")
    foreign = sorted(name for name in imported(path) if name not in PURE and not name.startswith(allowed))
    assert not foreign, f"{named(path)} imports {foreign}: a module parses options, calls module_utils and reports"
    functions = [node for node in tree(path).body if isinstance(node, (ast.FunctionDef, ast.ClassDef))]
    statements = sum(isinstance(node, ast.stmt) for function in functions for node in ast.walk(function))
    assert statements <= LONGEST_WRAPPER, (
        f"{named(path)} has {statements} statements, more than {LONGEST_WRAPPER}: move logic to module_utils"
    )


@pytest.mark.parametrize("path", sources(PLUGINS / "filter"), ids=named)
def test_filters_do_not_touch_the_machine(path):
    host = [named(file) for file in imported_files(path) if UTILS in file.parents and on_the_host(file)]
    assert not host, f"{named(path)} imports {host}: a filter computes, and the controller is not the host"
