# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.nettune.tcp.plugins.filter.judge_steps import judge_steps

STEPS = [({}, 100), ({"a": 1}, [104, 110]), ({"b": 1}, 101), ({"c": 1}, 20), ({"a": 2}, 21), ({"d": 1, "e": 2}, 5)]


def test_steps_are_judged():
    found = judge_steps([{"changed": changed, "readings": readings} for changed, readings in STEPS])
    assert found["mattered"] == ["c"]
    assert found["verdict"] == "c mattered; steps that changed several values at once are inconclusive (1)"


def test_too_few_steps_are_refused():
    with pytest.raises(AnsibleFilterError, match="judge_steps: a session is a list of 4 or more steps"):
        judge_steps([])
