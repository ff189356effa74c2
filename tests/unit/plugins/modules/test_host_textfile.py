# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path
from typing import Any, Callable

import pytest
from ansible_collections.nettune.tcp.plugins.modules import host_textfile
from ansible_collections.nettune.tcp.tests.unit.support.fake_host import FakeHost

PLACE = "/var/lib/node_exporter"


@pytest.fixture
def run(
    host: FakeHost, monkeypatch: pytest.MonkeyPatch, run_module: Callable[..., dict[str, Any]]
) -> Callable[..., dict[str, Any]]:
    monkeypatch.setattr(host_textfile, "HostFiles", lambda: host)
    Path(host.locate(PLACE)).mkdir()
    return lambda **options: run_module(host_textfile, **options)


def test_write_and_remove(run: Callable[..., dict[str, Any]], host: FakeHost) -> None:
    before = host.tree()
    options = {"directory": PLACE, "content": "a 1\n"}
    assert run(check=True, **options)["changed"]
    assert host.tree() == before
    assert run(**options)["files"][0]["status"] == "created"
    assert host.read_text(f"{PLACE}/nettune_tcp.prom") == "a 1\n"
    assert run(state="absent")["files"][0]["status"] == "removed"
    assert host.tree() == before
    assert not run(state="absent")["changed"]


def test_a_refusal_is_a_sentence(run: Callable[..., dict[str, Any]]) -> None:
    found = run(directory="/absent", content="a 1\n")
    assert found["failed"]
    assert found["msg"].startswith("there is no directory /absent; create it")
