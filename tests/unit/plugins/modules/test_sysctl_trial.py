# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run the module as Ansible does, on a fake host."""

from __future__ import annotations

import json
from functools import partial
from typing import Any, Callable

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._trial.host.trials import Trials
from ansible_collections.nettune.tcp.plugins.modules import sysctl_trial
from ansible_collections.nettune.tcp.tests.unit.support.fake_host import FakeHost
from ansible_collections.nettune.tcp.tests.unit.support.trial_runs import speed_up

KEY = "net.ipv4.tcp_fin_timeout"
ASKED = {
    "name": "x",
    "key": KEY,
    "candidates": [3],
    "minimise": "states.LAST_ACK",
    "guards": [],
    "settle": 0,
    "window": 1,
    "interval": 0.2,
}
Run = Callable[..., "dict[str, Any]"]


class Facts:
    """Facts with as many sockets in LAST_ACK as the value of the parameter."""

    def __init__(self, host: FakeHost) -> None:
        self._host = host

    def gather(self, subset: set[str], *, source: str, top: int) -> dict[str, Any]:
        return {"states": {"LAST_ACK": int(self._host.value(KEY))}, "counters": None, "partial": []}


@pytest.fixture
def run(host: FakeHost, run_module: Run, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setattr(sysctl_trial, "Trials", lambda *_own: Trials(host, Facts(host)))
    speed_up(monkeypatch)
    return partial(run_module, sysctl_trial)


def test_finished_trial_returns_its_result_again(host: FakeHost, run: Run) -> None:
    before = host.tree()
    planned = run(check=True, **ASKED)
    assert (planned["changed"], planned["status"]) == (True, "planned")
    assert planned["verdict"] == (
        f"would try {KEY} = 3, with 60 between them, to minimise states.LAST_ACK; this takes 3 s"
    )
    assert host.tree() == before
    started = run(**ASKED, wait=False)
    assert (started["changed"], started["status"]) == (True, "running")
    assert 0 <= started["remaining"] <= 4
    ended = run(**ASKED)
    assert (ended["changed"], ended["status"], ended["best"], ended["after"]) == (False, "done", "3", "60")
    assert ended["file"] == "/var/lib/nettune/tcp/trials/x.json"
    assert ended["candidates"][0]["effect"] == -57.0
    assert run(check=True, **ASKED)["verdict"] == ended["verdict"]
    other = run(**{**ASKED, "candidates": [4]})
    assert other["msg"].startswith("a saved trial x with other options exists (different: candidates);")
    assert run(check=True, name="x", state="absent")["changed"]
    assert run(name="x", state="absent")["changed"]
    assert host.tree() == before
    assert not run(name="x", state="absent")["changed"]


def test_absent_without_a_name_removes_every_trial(host: FakeHost, run: Run) -> None:
    before = host.tree()
    assert run(state="absent")["removed"] == []
    run(**ASKED)
    run(**{**ASKED, "name": "y"})
    planned = run(check=True, state="absent")
    assert (planned["changed"], planned["removed"]) == (True, ["x", "y"])
    done = run(state="absent")
    assert (done["changed"], done["removed"], done["left_alone"]) == (True, ["x", "y"], [])
    assert host.tree() == before


def test_again_repeats_the_trial(host: FakeHost, run: Run) -> None:
    first = run(**ASKED)
    running = run(**ASKED, again=True, wait=False)
    assert (running["changed"], running["status"]) == (True, "running")
    assert run(**ASKED, again=True)["msg"].startswith("the trial x is still running: wait for it without again: true")
    second = run(**ASKED)
    assert second["worker"] != first["worker"]


def test_killed_trial_fails_the_task(host: FakeHost, run: Run) -> None:
    run(**ASKED)
    path = host.root / "var/lib/nettune/tcp/trials/x.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "status": "running"}))
    killed = run(**ASKED)
    assert killed["failed"]
    assert killed["msg"] == (
        f"the trial of {KEY} was interrupted: its worker was killed or the host was rebooted before it ended;"
        f" {KEY} is 60 again"
    )
    assert killed["candidates"][0]["verdict"] == "better"


@pytest.mark.parametrize(
    ("differs", "message"),
    [
        ({"name": "X"}, "name: 'X' is not allowed"),
        (
            {"minimise": "states.LASTACK"},
            "states.LASTACK is not a number of the TCP facts; did you mean states.LAST_ACK?",
        ),
        ({"minimise": "states."}, "minimise: 'states.' is malformed: missing operator at '.' (character 7)"),
        ({"maximise": "total"}, "parameters are mutually exclusive: minimise|maximise"),
        ({"minimise": None}, "set minimise or maximise to what is to be measured"),
        ({"candidates": ["a\ud800"]}, "contains a control character or a lone surrogate"),
        ({"key": "fs.file-max", "candidates": [5]}, "hazard floor_lowered"),
        ({"state": "absent", "name": "../../x"}, "name: '../../x' is not allowed"),
    ],
    ids=range(8),
)
def test_refused_trial_changes_nothing(host: FakeHost, run: Run, differs: dict[str, Any], message: str) -> None:
    before = host.tree()
    for check in (True, False):
        result = run(check=check, **{**ASKED, **differs})
        assert result["failed"]
        assert message in result["msg"]
    assert host.tree() == before
