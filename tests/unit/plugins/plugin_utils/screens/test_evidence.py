# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.plugin_utils.screens.evidence import figures, involved


@pytest.mark.parametrize(
    ("evidence", "expected"),
    [
        ({}, []),
        ({"growth": 0.0, "lingering": 0, "share": None}, []),
        ({"growth": -1.25, "established": 0}, ["-1.25/s", "0 connections are in use"]),
        ({"seconds_left": 45}, ["limit in 45 seconds at this rate"]),
        ({"seconds_left": 754}, ["limit in 12 minutes at this rate"]),
        ({"seconds_left": 20000}, ["limit in 5 hours at this rate"]),
        ({"seconds_left": 200000}, []),
    ],
)
def test_only_known_figures_are_shown(evidence, expected):
    assert figures("close_wait", evidence) == expected


def test_figures_of_an_additional_rule():
    assert figures("mine", {"found": 7, "rows": [1]}) == ["found: 7"]


@pytest.mark.parametrize(
    ("evidence", "expected"),
    [
        ({}, []),
        ({"pid": 7, "name": "java", "port": 80}, ["java (PID 7)", "on port 80"]),
        ({"address": "::", "port": 80, "backlog": 9}, ["listens on [::]:80"]),
        ({"source": "10.0.0.1", "destination": "10.0.0.2", "port": 5432}, ["from 10.0.0.1 to 10.0.0.2 port 5432"]),
        ({"peers": [{"address": "10.0.0.3", "count": 4}]}, ["peers 10.0.0.3 (4)"]),
    ],
)
def test_involved(evidence, expected):
    assert list(involved(evidence)) == expected
