# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A start gives the limit to all of a service, to those of its processes too that do not run as root."""

from __future__ import annotations


def test_every_process_has_the_limit(processes: list, granted: int) -> None:
    assert {process: process.soft for process in processes if process.soft < granted} == {}
