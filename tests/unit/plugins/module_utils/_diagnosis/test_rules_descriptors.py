# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ansible_collections.nettune.tcp.plugins.module_utils._diagnosis.engine import diagnose
from ansible_collections.nettune.tcp.tests.unit.support.diagnosed import found, host
from ansible_collections.nettune.tcp.tests.unit.support.sick_hosts import HEALTHY


def test_a_high_but_stable_process_is_a_note():
    (note,) = diagnose(HEALTHY["80 % of the open-file limit, stable"])["notes"]
    assert note["id"] == "nofile"
    assert "nginx (PID 711, nginx.service) has 820 of 1024 files open, 80.1 %" in note["text"]


def test_a_sandbox_with_a_low_limit_is_left_out():
    sandbox = {"pid": 9, "name": "x", "descriptors": 8, "soft": 8}
    assert "emfile" not in found(host(processes=[], nofile__processes=[sandbox]))


def test_growth_at_random_is_no_finding():
    slow = host(processes__0__descriptors=800, rates__processes__0__descriptors=2.0)
    assert "emfile" not in found(slow)
