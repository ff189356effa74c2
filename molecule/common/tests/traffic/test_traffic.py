# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The connections of the peer succeeded during all changes of the host."""

from __future__ import annotations

from typing import Any


def test_no_connection_failed(traffic: list[dict[str, Any]]) -> None:
    assert [second for second in traffic if second["failed"]] == []
    assert sum(second["done"] for second in traffic) >= 100
