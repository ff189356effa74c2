# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The collection's own tables agree with its files."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from ansible_collections.nettune.tcp.plugins.module_utils._common import versions

ROOT = Path(__file__).resolve().parents[2]
MODULES = sorted(path.stem for path in (ROOT / "plugins" / "modules").glob("*.py") if path.stem != "__init__")
ROLES = sorted(path.name for path in (ROOT / "roles").glob("*") if path.is_dir())


def test_the_action_group_holds_every_module():
    group = yaml.safe_load((ROOT / "meta" / "runtime.yml").read_text())["action_groups"]["tcp"]
    assert group == MODULES, "meta/runtime.yml: action_groups.tcp lists every module, in order"


def test_every_module_gets_to_its_host_the_shortest_way():
    routed = yaml.safe_load((ROOT / "meta" / "runtime.yml").read_text())["plugin_routing"]["modules"]
    actions = {path.stem for path in (ROOT / "plugins" / "action").glob("*.py")}
    assert {row["action_plugin"] for row in routed.values()} == {"nettune.tcp.nofile_limits"}
    assert actions.isdisjoint(routed)
    run_by_actions = {"tcp_facts_fast"}
    assert actions | set(routed) | run_by_actions == set(MODULES), "meta/runtime.yml: plugin_routing, or plugins/action"


@pytest.mark.parametrize("role", ROLES)
def test_every_entry_point_has_its_options_described(role):
    directory = ROOT / "roles" / role
    described = yaml.safe_load((directory / "meta" / "argument_specs.yml").read_text())["argument_specs"]
    # A task file that is not described is a phase: only another task file of the same role names it.
    named = {path.stem for path in (directory / "tasks").glob("*.yml")}
    assert "main" in described
    assert set(described) <= named, (
        f"roles/{role}: described, but no such entry point: {sorted(set(described) - named)}"
    )


def test_managed_hosts_get_the_version_of_the_collection():
    assert yaml.safe_load((ROOT / "galaxy.yml").read_text())["version"] == versions.COLLECTION
