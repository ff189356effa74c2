# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options of trials on a fake host, and the numbers they measure."""

from __future__ import annotations

import time
from typing import Any

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._trial.host import trials
from ansible_collections.nettune.tcp.plugins.module_utils._trial.host.run import Clock, Stopped
from ansible_collections.nettune.tcp.tests.unit.support.fake_host import FakeHost

KEY = "net.ipv4.tcp_fin_timeout"
OPTIONS = {
    "name": "x",
    "key": KEY,
    "candidates": [3],
    "minimise": "states.LAST_ACK",
    "maximise": None,
    "guards": [],
    "settle": 0.0,
    "window": 1.0,
    "interval": 0.2,
    "keep": "never",
}


class Facts:
    """Facts with as many sockets in LAST_ACK as the value of the parameter."""

    def __init__(self, host: FakeHost) -> None:
        self._host = host

    def gather(self, subset: set[str], *, source: str, top: int) -> dict[str, Any]:
        return {"states": {"LAST_ACK": int(self._host.value(KEY))}, "counters": None, "partial": []}


class FastClock(Clock):
    """A clock ten times as fast: it advances only while it sleeps, so a busy machine loses no reading."""

    def __init__(self) -> None:
        super().__init__()
        self._now = 0.0

    def seconds(self) -> float:
        return self._now

    def sleep(self, seconds: float) -> None:
        time.sleep(max(0.0, seconds) / 10)
        if self.stopped:
            raise Stopped
        self._now += max(0.0, seconds)


def speed_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let trials that start from now on run ten times as fast. Their workers are forked, so they see it too."""
    monkeypatch.setattr(trials, "Clock", FastClock)
    monkeypatch.setattr(trials, "_POLL_SECONDS", 0.02)
