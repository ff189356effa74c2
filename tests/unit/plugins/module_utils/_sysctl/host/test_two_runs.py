# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two plays on one host at once: the second run waits for the first, or fails and changes nothing."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Callable

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import JournalError
from ansible_collections.nettune.tcp.plugins.module_utils._host.files import HostFiles
from ansible_collections.nettune.tcp.plugins.module_utils._nofile.host import profiles as limits
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.host import profiles as subject
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.host.profiles import SysctlProfiles
from ansible_collections.nettune.tcp.tests.unit.support.fake_host import FakeHost
from ansible_collections.nettune.tcp.tests.unit.support.profile_runs import (
    ALIVE,
    FIN,
    SOMAXCONN,
    absent,
    present,
)

PATIENCE = 60.0


class Halfway:
    """A run in a thread of its own, which stops halfway until finish() is called."""

    def __init__(self, host: FakeHost, run: Callable[[FakeHost], object]) -> None:
        self._is_halfway, self._may_go_on = threading.Event(), threading.Event()
        host.on_write = self._on_write
        self._thread = threading.Thread(target=run, args=[host])
        self._thread.start()
        assert self._is_halfway.wait(PATIENCE)

    def _on_write(self, _name: str, text: str) -> str:
        self._is_halfway.set()
        assert self._may_go_on.wait(PATIENCE)
        return text

    def finish(self) -> None:
        self._may_go_on.set()
        self._thread.join(PATIENCE)


@pytest.fixture
def host(tmp_path: Path) -> FakeHost:
    return FakeHost(tmp_path)


def test_run_that_waits_too_long_fails_and_changes_nothing(host: FakeHost, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subject, "LOCK_SECONDS", 0.2)
    monkeypatch.setattr(limits, "LOCK_SECONDS", 0.2)
    first = Halfway(host, lambda host: present(host, "web", {FIN: 30, SOMAXCONN: 8192}))
    before = host.tree()
    other = HostFiles(str(host.root))
    for profiles in (SysctlProfiles(other), limits.NofileProfiles(other)):
        waits_in_vain = pytest.raises(JournalError, match="changing this host for 0.2 s .* nothing was changed")
        with waits_in_vain, profiles.lock():
            pytest.fail("two runs have the lock")
    assert host.tree() == before
    first.finish()
    assert (host.value(FIN), host.value(SOMAXCONN)) == ("30", "8192")


@pytest.mark.parametrize("wanted", [{FIN: 20}, {ALIVE: 600}])
def test_run_that_waits_plans_on_what_the_first_has_left(host: FakeHost, wanted: dict[str, int]) -> None:
    """Both profiles are applied as if one came after the other, and both can be reverted."""
    before = host.tree()
    first = Halfway(host, lambda host: present(host, "web", {FIN: {"at_least": 90}, SOMAXCONN: 8192}))
    second = FakeHost.__new__(FakeHost)
    second.__dict__.update(host.__dict__, on_write=lambda _name, text: text, steps=[])
    failed: list[BaseException] = []

    def run() -> None:
        try:
            present(second, "mail", wanted)
        except BaseException as error:  # noqa: B036  # judged below
            failed.append(error)

    waiting = threading.Thread(target=run)
    waiting.start()
    first.finish()
    waiting.join(PATIENCE)
    # The profiles disagree about one parameter: the second run has seen that only because it planned afterwards.
    assert bool(failed) is (FIN in wanted)
    assert (host.value(FIN), host.value(ALIVE)) == ("90", "7200" if failed else "600")
    host.on_write = lambda _name, text: text
    absent(host)
    assert host.tree() == before
