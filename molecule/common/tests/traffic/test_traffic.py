# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever was done to the host so far, the connections of its peer went on."""

from __future__ import annotations

from typing import Any


def test_no_connection_failed(traffic: list[dict[str, Any]]) -> None:
    assert [second for second in traffic if second["failed"]] == []
    assert sum(second["done"] for second in traffic) >= 100
