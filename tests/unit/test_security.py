# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Claims of SECURITY.md that hold for all code: no shell, no templates from hosts, and tests that exist."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any, Iterator

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
PLUGINS = sorted(ROOT.glob("plugins/**/*.py"))
TASKS = sorted([*ROOT.glob("playbooks/**/*.yml"), *ROOT.glob("roles/*/tasks/**/*.yml")])
FILTERS = sorted(path for path in ROOT.glob("plugins/filter/*.py") if path.name != "__init__.py")
SHELLS = {"shell", "raw", "script", "expect", "powershell"}
# The command that an operator gives is split into words, and only it has a variable.
COMMANDS = {"{{ __tuning.options.tuning_health_command }}"}


def tasks(value: Any) -> Iterator[dict[str, Any]]:
    """Yield every dictionary of a YAML document; tasks and plays are among them."""
    if isinstance(value, dict):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from tasks(inner)


@pytest.mark.parametrize("path", PLUGINS, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_code_starts_a_shell(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func) if hasattr(ast, "unparse") else ""
            assert called not in ("os.system", "os.popen", "subprocess.getoutput", "subprocess.getstatusoutput", "eval")
            assert all(one.arg != "shell" and one.arg != "use_unsafe_shell" for one in node.keywords), called


@pytest.mark.parametrize("path", TASKS, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_task_uses_a_shell(path: Path) -> None:
    for task in tasks(yaml.safe_load(path.read_text())):
        names = {str(name).rpartition(".")[2]: given for name, given in task.items()}
        assert not SHELLS & {str(name).rpartition(".")[2] for name in task if str(name).startswith("ansible.")}
        if "ansible.builtin.command" in task:
            assert names["command"] in COMMANDS


@pytest.mark.parametrize("path", FILTERS, ids=lambda path: path.stem)
def test_results_of_filters_are_never_templated(path: Path) -> None:
    assert "return wrap_var(" in path.read_text()


def test_files_named_in_the_document_exist() -> None:
    text = (ROOT / "SECURITY.md").read_text()
    named = re.findall(r"`(tests/[\w./]+\.py)`", text)
    assert named
    assert all((ROOT / path).is_file() for path in named)
