# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""After a restart all processes of a service have the limit, also those that do not run as root."""

from __future__ import annotations


def test_every_process_has_the_limit(processes: list, granted: int) -> None:
    assert {process: process.soft for process in processes if process.soft < granted} == {}
