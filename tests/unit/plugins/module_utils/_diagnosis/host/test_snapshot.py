# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import MalformedInput
from ansible_collections.nettune.tcp.plugins.module_utils._diagnosis import rules
from ansible_collections.nettune.tcp.plugins.module_utils._diagnosis.engine import diagnose
from ansible_collections.nettune.tcp.plugins.module_utils._diagnosis.host import snapshot
from ansible_collections.nettune.tcp.plugins.module_utils._diagnosis.host.snapshot import MANAGED_KEYS
from ansible_collections.nettune.tcp.tests.unit.support import diagnosed
from ansible_collections.nettune.tcp.tests.unit.support.fake_host import FakeHost
from ansible_collections.nettune.tcp.tests.unit.support.profile_runs import FIN, present

ROOT = Path(__file__).resolve().parents[6]


class Host:
    """Stands in for DiagnosedHost."""

    def gather(self, *, sample, top):
        assert (sample, top) == (5, 10)
        return diagnosed.host()


@pytest.fixture
def files(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "fsync", lambda _descriptor: None)
    return FakeHost(tmp_path)


def test_snapshot_has_facts_values_at_boot_and_drift(files):
    present(files, "web", {FIN: 30})
    files.put("/etc/sysctl.d/zz.conf", f"{FIN} = 20\n")
    found = snapshot.take(Host(), files, sample=5, top=10)
    assert found["facts"]["nettune_sysctl"]["keys"][FIN] == {
        "value": "30",
        "boot_value": "20",
        "boot_source": {"path": "/etc/sysctl.d/zz.conf", "line": 1},
        "drift": True,
    }
    assert found["facts"]["nettune_tcp"] == diagnosed.host()["nettune_tcp"]
    assert [(row["what"], row["when"]) for row in found["profiles"]["drift"]] == [(FIN, "next boot")]
    assert found["partial"] == []
    assert len(json.dumps(found)) < 20_000


def test_a_damaged_journal_leaves_out_the_profiles_only(files, monkeypatch):
    def damaged(*_arguments, **_options):
        raise MalformedInput("the journal is damaged")

    monkeypatch.setattr(snapshot.ProfileDrift, "gather", damaged)
    found = snapshot.take(Host(), files, sample=5, top=10)
    assert found["profiles"] is None
    assert found["partial"] == [{"what": "profiles", "reason": "the journal is damaged"}]
    assert diagnose(found["facts"])["findings"] == []


def test_without_files_the_values_of_the_diagnosis_are_kept(files, monkeypatch):
    def refused(*_arguments):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(snapshot.sysctl_facts, "gather", refused)
    found = snapshot.take(Host(), files, sample=5, top=10)
    assert found["facts"]["nettune_sysctl"] == diagnosed.host()["nettune_sysctl"]
    assert found["partial"] == [{"what": "sysctl", "reason": "EACCES (Permission denied)"}]


def test_managed_keys_are_those_of_the_remedies_and_roles():
    remedies = {key for rule in rules.RULES for remedy in rule.remedies for key in remedy.keys}
    assert remedies <= set(MANAGED_KEYS)
    yaml = pytest.importorskip("yaml")
    for path in [*ROOT.glob("roles/*/defaults/main.yml"), *ROOT.glob("roles/*/vars/main.yml")]:
        settings = {key for value in (yaml.safe_load(path.read_text()) or {}).values() for key in _keys(value)}
        assert settings <= {*MANAGED_KEYS, "kernel.shmmax"}, path


def _keys(value):
    """Yield the names of kernel parameters in a role's variable, at any depth."""
    if isinstance(value, dict):
        for name, held in value.items():
            yield from [name] if str(name).startswith(("net.", "fs.", "kernel.", "vm.")) else _keys(held)
    elif isinstance(value, list):
        for held in value:
            yield from _keys(held)
