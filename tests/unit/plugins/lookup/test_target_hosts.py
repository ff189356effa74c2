# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The hosts of a play, whatever the pattern matches."""

from __future__ import annotations

from typing import Any

import pytest
from ansible import context
from ansible.errors import AnsibleError
from ansible.parsing.dataloader import DataLoader
from ansible_collections.nettune.tcp.plugins.lookup.target_hosts import LookupModule

GROUPS = {"all": ["web1", "web2", "db1"], "web": ["web1", "web2"], "db": ["db1"], "ungrouped": []}


@pytest.mark.parametrize(
    ("pattern", "variables", "expected"),
    [
        ("web", {}, "web"),
        (["web", "db"], {}, "web,db"),
        ("web:!web1", {}, "web:!web1"),
        ("localhost", {}, "localhost"),
        ("mail", {}, "localhost"),
        ("web", {"ansible_limit": "web1"}, "web"),
        ("web", {"ansible_limit": "db1"}, "db1"),
        ("web", {"nettune_help": "true"}, "localhost"),
        ("web", {"nettune_help": "false"}, "web"),
        ("web", {"nettune_help": "maybe"}, "web"),
        ("web", {"nettune_help": True, "ansible_limit": "web2"}, "web2"),
    ],
)
def test_hosts(pattern: Any, variables: dict[str, Any], expected: str) -> None:
    lookup = LookupModule(loader=DataLoader())
    assert lookup.run([pattern], {"groups": GROUPS, **variables}) == [expected]


def test_the_check_of_the_options_cannot_be_skipped(monkeypatch: pytest.MonkeyPatch) -> None:
    lookup = LookupModule(loader=DataLoader())
    with pytest.raises(AnsibleError, match="--skip-tags always: the playbook has to check its options"):
        lookup.run(["web"], {"groups": GROUPS, "ansible_skip_tags": ["always"]})
    for path in ("nettune.tcp.tune_web", "playbooks/tune-web.yml"):
        monkeypatch.setattr(context, "CLIARGS", {"args": [path], "start_at_task": "Show the report"})
        with pytest.raises(AnsibleError, match="--start-at-task: the playbook has to check its options"):
            lookup.run(["web"], {"groups": GROUPS})


@pytest.mark.parametrize(
    ("path", "task"), [("nettune.tcp.facts", "Check the options"), ("nettune.tcp.facts", None), ("site.yml", "Mine")]
)
def test_other_tasks_can_be_started_at(monkeypatch: pytest.MonkeyPatch, path: str, task: str | None) -> None:
    monkeypatch.setattr(context, "CLIARGS", {"args": [path], "start_at_task": task})
    assert LookupModule(loader=DataLoader()).run(["web"], {"groups": GROUPS}) == ["web"]


def test_a_recording_is_read_on_a_single_host() -> None:
    lookup = LookupModule(loader=DataLoader())
    assert lookup.run(["web"], {"groups": GROUPS}, given="/tmp/monday.json.gz") == ["localhost"]
    assert lookup.run(["web"], {"groups": GROUPS}, given="cache") == ["web"]
    assert lookup.run(["web"], {"groups": GROUPS, "nettune_from": "x.json.gz"}) == ["web"]


def test_no_inventory() -> None:
    lookup = LookupModule(loader=DataLoader())
    assert lookup.run(["all"], {"groups": {"all": [], "ungrouped": []}}) == ["localhost"]
