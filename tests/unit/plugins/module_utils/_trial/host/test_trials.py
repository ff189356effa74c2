# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Trials in processes of their own, on a host of files. These tests take seconds, so there are few."""

from __future__ import annotations

import json
import os
import signal
import time
from pathlib import Path
from typing import Any, Callable

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import (
    ApplyFailed,
    InvalidOption,
    JournalError,
    NotConfirmed,
)
from ansible_collections.nettune.tcp.plugins.module_utils._host.trial_lock import TRIALS, pending
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.host.profiles import SysctlProfiles
from ansible_collections.nettune.tcp.plugins.module_utils._trial import request
from ansible_collections.nettune.tcp.plugins.module_utils._trial.host import trials as trials_module
from ansible_collections.nettune.tcp.plugins.module_utils._trial.host import watchdog
from ansible_collections.nettune.tcp.plugins.module_utils._trial.host.trials import Trials
from ansible_collections.nettune.tcp.plugins.module_utils._trial.saved import Trial
from ansible_collections.nettune.tcp.tests.unit.support.confirm_runs import CONFIRM, Site
from ansible_collections.nettune.tcp.tests.unit.support.fake_host import FakeHost
from ansible_collections.nettune.tcp.tests.unit.support.trial_runs import KEY, OPTIONS, Facts, speed_up

PATIENCE = 60.0


@pytest.fixture
def host(tmp_path: Path) -> FakeHost:
    return FakeHost(tmp_path)


@pytest.fixture
def trials(host: FakeHost) -> Trials:
    return Trials(host, Facts(host))


def start(trials: Trials, **differs: Any) -> Trial:
    asked = request.from_options({**OPTIONS, **differs})
    return trials.start(asked, accept_hazards=frozenset())


def until(holds: Callable[[], Any]) -> Any:
    """Return the result of `holds` once it is true."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        found = holds()
        if found:
            return found
        time.sleep(0.02)
    raise AssertionError("timed out")


def test_a_pending_change_refuses_a_trial(host: FakeHost, trials: Trials) -> None:
    site = Site(host, host)
    site.sysctl(settings={KEY: 30}, confirm_within=86400)
    document = site.document()
    document["pending"]["due"] += time.monotonic()
    host.put(CONFIRM, json.dumps(document))
    with pytest.raises(NotConfirmed, match=f"no trial of {KEY} was started: a change of profile web is pending"):
        start(trials)


def worker_of(trials: Trials) -> int:
    def pid() -> int | None:
        found = trials.find("x")
        return found.worker.pid if found is not None and found.worker else None

    return until(pid)


def is_over(pid: int) -> bool:
    """Return whether the process has ended; nothing reaps it, so it stays as a zombie."""
    try:
        return ") Z " in Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return True


@pytest.mark.long
def test_a_trial_leaves_nothing_but_its_result(host: FakeHost, trials: Trials) -> None:
    before = host.tree()
    started = start(trials)
    assert started.status == "running"
    with pytest.raises(JournalError, match=f"the trial x is trying values of {KEY}"):
        start(trials, name="y")
    profiles = SysctlProfiles(host)
    with pytest.raises(JournalError, match="stop it with nettune.tcp.sysctl_trial and state: absent"), profiles.lock():
        pass
    ended = trials.wait("x")
    assert ended.status == "done"
    assert [window.readings for window in ended.windows] == [(60.0,) * 5, (3.0,) * 5, (60.0,) * 5]
    assert host.value(KEY) == "60"
    assert not pending(host)
    assert trials.find("x") == ended
    until(lambda: is_over(started.watchdog or 0))
    assert trials.remove("x") == []
    assert trials.find("x") is None
    with profiles.lock():
        pass
    assert host.tree() == before


def test_the_watchdog_restores_the_value_of_a_killed_trial(host: FakeHost, trials: Trials) -> None:
    start(trials, window=30.0)
    worker = worker_of(trials)
    host.set(KEY, "60")
    os.kill(worker, signal.SIGKILL)
    found = until(lambda: (one := trials.find("x")) and one.status == "interrupted" and one)
    assert found.reason.startswith("its worker was killed")
    assert not pending(host)


@pytest.mark.long
@pytest.mark.parametrize("watched", [True, False])
def test_a_candidate_does_not_outlive_its_trial(host: FakeHost, trials: Trials, watched: bool) -> None:
    started = start(trials, settle=30.0)
    worker = worker_of(trials)
    until(lambda: host.value(KEY) == "3")
    if not watched:
        os.kill(started.watchdog or 0, signal.SIGKILL)
    os.kill(worker, signal.SIGKILL)
    if watched:
        until(lambda: host.value(KEY) == "60")
        until(lambda: not pending(host))
    else:
        until(lambda: is_over(worker))
        assert host.value(KEY) == "3"
        with SysctlProfiles(host).lock():
            assert host.value(KEY) == "60"
    until(lambda: is_over(started.watchdog or 0))
    found = trials.find("x", read_only=True)
    assert found is not None
    assert found.status == "interrupted"
    trials.remove("x")
    assert not host.exists(TRIALS)


def test_a_running_trial_is_stopped_and_removed(
    host: FakeHost, trials: Trials, monkeypatch: pytest.MonkeyPatch
) -> None:
    start(trials, settle=30.0)
    worker = worker_of(trials)
    # The /proc of a host of files does not list the worker.
    monkeypatch.setattr(f"{trials_module.__name__}.process_start", lambda _files, pid: 0 if pid == worker else None)
    assert trials.remove("x") == []
    assert host.value(KEY) == "60"
    assert not host.exists(TRIALS)


def test_a_kept_value_is_reverted(host: FakeHost, trials: Trials, monkeypatch: pytest.MonkeyPatch) -> None:
    speed_up(monkeypatch)
    start(trials, keep="best")
    assert trials.wait("x").kept == "3"
    assert host.value(KEY) == "3"
    assert not pending(host)
    assert trials.remove("x") == []
    assert host.value(KEY) == "60"


def test_a_value_set_by_someone_else_since_is_left_as_is(
    host: FakeHost, trials: Trials, monkeypatch: pytest.MonkeyPatch
) -> None:
    speed_up(monkeypatch)
    start(trials, keep="best")
    trials.wait("x")
    host.set(KEY, "8")
    [left] = trials.remove("x")
    assert (left["what"], left["found"]) == (KEY, "8")
    assert left["reason"].startswith("changed by someone else since; it was ")
    assert host.value(KEY) == "8"


@pytest.mark.long
def test_a_reboot_ends_a_trial(host: FakeHost, trials: Trials) -> None:
    started = start(trials, settle=30.0)
    worker = worker_of(trials)
    until(lambda: host.value(KEY) == "3")
    for pid in (started.watchdog or 0, worker):
        os.kill(pid, signal.SIGKILL)
    until(lambda: is_over(worker))
    host.reboot({KEY: "45"})
    found = trials.find("x")
    assert found is not None
    assert (found.status, found.left) == ("interrupted", f"{KEY} was reset by a reboot")
    assert host.value(KEY) == "45"


@pytest.mark.parametrize(
    ("differs", "message"),
    [
        ({"minimise": "states.LASTACK"}, "did you mean states.LAST_ACK?"),
        ({"guards": ["states.LISTEN > 0"]}, "states.LISTEN is not a number of the TCP facts"),
        ({"candidates": ["x"]}, "'x' is not a whole number"),
        ({"key": "net.ipv4.tcp_fin_timeuot"}, "did you mean net.ipv4.tcp_fin_timeout?"),
    ],
)
def test_a_refusal_changes_nothing(host: FakeHost, trials: Trials, differs: dict[str, Any], message: str) -> None:
    before = host.tree()
    with pytest.raises(InvalidOption) as caught:
        start(trials, **differs)
    assert message in str(caught.value)
    assert host.tree() == before


def test_without_a_watchdog_no_trial_starts(host: FakeHost, trials: Trials, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(f"{watchdog.__name__}.sys.executable", "/bin/false")
    before = host.tree()
    with pytest.raises(ApplyFailed, match="did not start, so nothing was changed"):
        start(trials)
    assert host.tree() == before
