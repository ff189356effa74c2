# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options of trials on a fake host, and the numbers they measure."""

from __future__ import annotations

from typing import Any

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
