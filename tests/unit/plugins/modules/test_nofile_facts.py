# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run the module as Ansible does, on a fake host."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Callable

import pytest
from ansible_collections.nettune.tcp.plugins.modules import nofile_facts
from ansible_collections.nettune.tcp.tests.unit.support import documented
from ansible_collections.nettune.tcp.tests.unit.support.nofile_host import web_host

Run = Callable[..., Any]


def test_options_are_those_of_the_documentation() -> None:
    assert documented.options(nofile_facts) == nofile_facts.ARGUMENTS


def test_facts_are_returned_and_nothing_is_written(
    tmp_path: Path, run_module: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    host = web_host(tmp_path)
    before = host.tree()
    monkeypatch.setattr(nofile_facts, "HostFiles", lambda: host.files)
    result = run_module(nofile_facts, names=["nginx"])
    facts = result["ansible_facts"]["nettune_nofile"]
    assert [row["pid"] for row in facts["processes"]] == [812, 813]
    assert facts["units"] == {"nginx.service": {"soft": 1024, "hard": 524288}}
    assert not result["changed"]
    assert host.tree() == before


@pytest.mark.parametrize("top", [0, 1001])
def test_top_out_of_range_fails(run_module: Run, top: int) -> None:
    result = run_module(nofile_facts, top=top)
    assert result["failed"]
    assert "it must be between 1 and 1000" in result["msg"]
