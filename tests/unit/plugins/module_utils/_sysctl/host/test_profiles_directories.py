# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Directories that were made for drop-ins are removed with the last of them, and only then."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import ApplyFailed
from ansible_collections.nettune.tcp.tests.unit.support.fake_host import FakeHost
from ansible_collections.nettune.tcp.tests.unit.support.profile_runs import FIN, JOURNAL, SOMAXCONN, absent, present

SYSCTL_D = "/etc/sysctl.d"


@pytest.fixture
def bare(tmp_path: Path) -> FakeHost:
    """Return a host without /etc/sysctl.d."""
    host = FakeHost(tmp_path)
    host.remove_directory(SYSCTL_D)
    return host


def test_a_directory_that_we_made_is_removed_with_the_last_profile(bare: FakeHost) -> None:
    present(bare, "web", {FIN: 30})
    present(bare, "mail", {SOMAXCONN: {"at_least": 16384}})
    assert json.loads(bare.read_text(JOURNAL) or "")["directories"] == [SYSCTL_D]
    absent(bare, "web")
    assert bare.is_directory(SYSCTL_D)
    absent(bare, "mail")
    assert not bare.is_directory(SYSCTL_D)
    assert bare.read_text(JOURNAL) is None


def test_a_directory_that_was_there_or_has_other_files_stays(tmp_path: Path, bare: FakeHost) -> None:
    with_directory = FakeHost(tmp_path / "other")
    present(bare, "web", {FIN: 30})
    bare.put(f"{SYSCTL_D}/50-own.conf", "")
    for host in (bare, with_directory):
        present(host, "web", {FIN: 30})
        absent(host, "web")
        assert host.is_directory(SYSCTL_D)
        assert host.read_text(JOURNAL) is None


def test_a_failed_run_leaves_no_directory(bare: FakeHost) -> None:
    def refuse(_name: str, _text: str) -> str:
        raise OSError(22, "Invalid argument")

    bare.on_write = refuse
    with pytest.raises(ApplyFailed, match="was restored"):
        present(bare, "web", {FIN: 30})
    assert not bare.is_directory(SYSCTL_D)
