# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Metadata in meta/ and roles/*/meta/ matches the files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.nettune.tcp.plugins.module_utils._common import journal_format

ROOT = Path(__file__).resolve().parents[2]
MODULES = sorted(path.stem for path in (ROOT / "plugins" / "modules").glob("*.py") if path.stem != "__init__")
ROLES = sorted(path.name for path in (ROOT / "roles").glob("*") if path.is_dir())


def load(name: str) -> Any:
    return yaml.safe_load((ROOT / name).read_text())


def test_action_group_lists_every_module() -> None:
    assert load("meta/runtime.yml")["action_groups"]["tcp"] == MODULES, "meta/runtime.yml: list every module, sorted"


def test_every_module_has_an_action_plugin() -> None:
    routed = load("meta/runtime.yml")["plugin_routing"]["modules"]
    actions = {path.stem for path in (ROOT / "plugins" / "action").glob("*.py")}
    assert {row["action_plugin"] for row in routed.values()} == {"nettune.tcp.nofile_limits"}
    assert actions.isdisjoint(routed), "a module is routed and has an action plugin of its own name"
    # The action plugin of tcp_facts runs this one itself.
    internal = {"host_snapshot", "tcp_facts_fast"}
    assert actions | set(routed) | internal == set(MODULES), (
        "add a route in meta/runtime.yml or a file in plugins/action"
    )


def test_execution_environment_names_existing_files() -> None:
    files = load("meta/execution-environment.yml")["dependencies"].values()
    assert all((ROOT / name).is_file() for name in files)


@pytest.mark.parametrize("role", ROLES)
def test_every_described_entry_point_exists(role: str) -> None:
    described = load(f"roles/{role}/meta/argument_specs.yml")["argument_specs"]
    # Task files without a description are only included by other task files of the role.
    tasks = {path.stem for path in (ROOT / "roles" / role / "tasks").glob("*.yml")}
    assert "main" in described
    assert set(described) <= tasks, f"roles/{role}: no task file for {sorted(set(described) - tasks)}"


def test_managed_hosts_get_the_version_of_the_collection() -> None:
    assert load("galaxy.yml")["version"] == journal_format.COLLECTION
