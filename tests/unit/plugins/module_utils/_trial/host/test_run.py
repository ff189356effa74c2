# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any, Callable

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._host.trial_lock import pending
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl import admit
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.snapshot import Host
from ansible_collections.nettune.tcp.plugins.module_utils._trial import saved
from ansible_collections.nettune.tcp.plugins.module_utils._trial.host.run import Clock, Stopped, TrialRun
from ansible_collections.nettune.tcp.plugins.module_utils._trial.host.trial_value import TrialValue
from ansible_collections.nettune.tcp.plugins.module_utils._trial.request import Request
from ansible_collections.nettune.tcp.plugins.module_utils._trial.saved import Trial
from ansible_collections.nettune.tcp.tests.unit.support.fake_host import FakeHost

KEY = "net.ipv4.tcp_fin_timeout"
# Seconds that a socket of this host lives, by the parameter's value; ten new ones arrive per second.
LIVES = {"60": 107.0, "3": 6.6, "7": 53.0, "2": 3.3}


class Time(Clock):
    """A clock that does not sleep. at: calls by the second at which they happen."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 1000.0
        self.at: dict[float, Callable[[], None]] = {}

    def seconds(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        for moment in [moment for moment in self.at if moment <= self.now - 1000.0]:
            self.at.pop(moment)()
        if self.stopped:
            raise Stopped


class Scene:
    """A host with a load, and a trial of it."""

    def __init__(self, root: Path, **differs: Any) -> None:
        self.host = FakeHost(root)
        (root / "var/lib/nettune/tcp/trials").mkdir(parents=True)
        options: dict[str, Any] = {"guards": (), "settle": 0.0, "window": 10.0, "interval": 1.0, "keep": "never"}
        request = Request("x", KEY, ("3", "7", "2"), "minimise", "states.LAST_ACK", **{**options, **differs})
        self.clock = Time()
        self.saved: list[Trial] = []
        self.gathered = 0
        self.trial = Trial(saved.as_text(request), request, "60", boot_id="first boot")
        parameter = admit.describe(KEY, Host("6.12.0", {}))
        self.value = TrialValue(self.host, parameter, "60")
        self.value.begin(name="x", token="t", boot_id="first boot")
        self.gather: Callable[[], dict[str, Any]] = self.facts

    def facts(self) -> dict[str, Any]:
        self.gathered += 1
        wobble = self.gathered % 3 - 1
        count = int(10 * LIVES[self.host.value(KEY)]) + wobble
        return {"states": {"LAST_ACK": count, "ESTABLISHED": 100}, "counters": {"Tcp": {"EstabResets": self.gathered}}}

    def run(self) -> Trial:
        def gather() -> dict[str, Any]:  # which a test may have put another in the place of
            return self.gather()

        ended = TrialRun(self.trial, self.value, gather, self.saved.append, self.clock).run()
        assert ended == self.saved[-1]
        return ended

    def is_clean(self) -> bool:
        """Return whether the old value is restored and its record removed."""
        return self.host.value(KEY) == "60" and not pending(self.host)


@pytest.fixture(autouse=True)
def no_waiting_for_disks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "fsync", lambda _descriptor: None)


@pytest.fixture
def scene(tmp_path: Path) -> Callable[..., Scene]:
    return lambda **differs: Scene(tmp_path, **differs)


def test_each_value_has_its_window_and_the_old_one_is_restored(scene: Callable[..., Scene]) -> None:
    one = scene()
    ended = one.run()
    assert ended.status == "done"
    assert [(window.role, window.value, len(window.readings)) for window in ended.windows] == [
        ("baseline", "60", 10),
        ("candidate", "3", 10),
        ("baseline", "60", 10),
        ("candidate", "7", 10),
        ("baseline", "60", 10),
        ("candidate", "2", 10),
        ("baseline", "60", 10),
    ]
    assert [set(window.readings) for window in ended.windows if window.value in ("3", "7")] == [
        {65.0, 66.0, 67.0},
        {529.0, 530.0, 531.0},
    ]
    assert [step for step in one.host.steps if step.startswith("write ")] == [
        f"write /proc/sys/net/ipv4/tcp_fin_timeout {value}" for value in ("3", "60", "7", "60", "2", "60")
    ]
    assert one.is_clean()
    assert one.clock.now - 1000.0 == 70.0


def test_readings_count_only_after_the_settling_time(scene: Callable[..., Scene]) -> None:
    one = scene(settle=20.0)
    one.run()
    assert one.clock.now - 1000.0 == 10 + 6 * 30
    assert one.gathered == 1 + 10 + 6 * 30


def test_phases_are_saved_as_they_start(scene: Callable[..., Scene]) -> None:
    one = scene()
    one.run()
    assert [trial.phase for trial in one.saved][:4] == [
        "baseline 60 (1 of 4)",
        "candidate 3 (1 of 3)",
        "baseline 60 (2 of 4)",
        "candidate 7 (2 of 3)",
    ]


def test_keep_best(scene: Callable[..., Scene]) -> None:
    one = scene(keep="best")
    ended = one.run()
    assert (ended.kept, one.host.value(KEY)) == ("2", "2")
    assert not pending(one.host)


def test_keep_best_keeps_nothing_if_nothing_is_better(scene: Callable[..., Scene]) -> None:
    one = scene(keep="best")
    one.gather = lambda: {"states": {"LAST_ACK": 5}, "counters": {}}
    assert one.run().kept is None
    assert one.is_clean()


@pytest.mark.parametrize(
    ("guard", "message"),
    [
        (
            "states.LAST_ACK >= baseline.states.LAST_ACK / 2",
            "states.LAST_ACK was 65, baseline.states.LAST_ACK was 1070",
        ),
        ("rates.states.LAST_ACK > -100", "rates.states.LAST_ACK was -100"),
    ],
)
def test_a_guard_that_breaks_ends_the_trial(scene: Callable[..., Scene], guard: str, message: str) -> None:
    one = scene(guards=("states.ESTABLISHED > 50", guard))
    ended = one.run()
    assert ended.status == "aborted"
    assert ended.reason.startswith(f"the guard {guard} broke: ")
    assert message in ended.reason
    assert len(ended.windows) == 1
    assert one.is_clean()


def test_a_guard_that_holds_does_not_end_the_trial(scene: Callable[..., Scene]) -> None:
    assert scene(guards=("states.LAST_ACK <= 1.1 * baseline.states.LAST_ACK",)).run().status == "done"


@pytest.mark.parametrize("guard", ["states.ESTABLISHED > 500", "states.ESTABLISHED / states.LISTEN > 1"])
def test_a_guard_that_is_false_at_the_start_prevents_all_changes(scene: Callable[..., Scene], guard: str) -> None:
    one = scene(guards=(guard,))
    ended = one.run()
    assert ended.reason == f"the guard {guard} is false or unknown before anything was changed"
    assert not [step for step in one.host.steps if step.startswith("write ")]
    assert one.is_clean()


def test_a_value_set_by_someone_else_is_left_as_is(scene: Callable[..., Scene]) -> None:
    one = scene()
    one.clock.at[15.0] = lambda: one.host.set(KEY, "7")
    ended = one.run()
    assert ended.status == "aborted"
    assert ended.reason == f"someone else has set {KEY} to 7"
    assert ended.left == f"someone else has set {KEY} to 7, which was left alone"
    assert one.host.value(KEY) == "7"
    assert not pending(one.host)


def test_a_stopped_trial_ends(scene: Callable[..., Scene]) -> None:
    one = scene()
    one.clock.at[15.0] = one.clock.stop
    assert one.run().status == "stopped"
    assert one.is_clean()


def test_a_trial_ends_if_the_watchdog_has_restored_the_value(scene: Callable[..., Scene]) -> None:
    one = scene()
    one.clock.at[15.0] = lambda: one.value.restore() and None
    ended = one.run()
    assert ended.status == "aborted"
    assert one.is_clean()


def test_a_watchdog_between_two_writes_ends_the_trial(scene: Callable[..., Scene]) -> None:
    one = scene()
    one.clock.at[5.0] = lambda: one.value.restore() and None
    ended = one.run()
    assert ended.status == "failed"
    assert "the watchdog has restored" in ended.reason
    assert one.is_clean()


def test_failed_readings_are_counted(scene: Callable[..., Scene]) -> None:
    one = scene()
    facts = one.facts

    def some() -> dict[str, Any]:
        found = facts()
        if one.gathered in (13, 15):
            raise OSError(errno.ENOBUFS, "no room")
        return found

    one.gather = some
    ended = one.run()
    assert ended.unread == 2
    assert len(ended.windows[1].readings) == 8


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("at", range(1, 40))
def test_a_failing_step_ends_the_trial_and_leaves_nothing(scene: Callable[..., Scene], at: int, after: bool) -> None:
    one = scene()
    one.host.fails_at, one.host.after = at + len(one.host.steps), after
    ended = one.run()
    assert ended.status in ("failed", "done")
    assert one.is_clean()


def test_a_value_that_the_kernel_refuses_ends_the_trial(scene: Callable[..., Scene]) -> None:
    one = scene()
    one.host.on_write = lambda name, text: "60" if name == KEY and text.strip() == "7" else text
    ended = one.run()
    assert ended.status == "failed"
    assert ended.reason == f"{KEY} = 7 was written, but it is 60"
    assert one.is_clean()
