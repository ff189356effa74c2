# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A start gives the limit to all of nginx, workers among them."""

from __future__ import annotations


def test_every_nginx_has_the_limit(nginx_limits: dict[str, list[int]], granted: int) -> None:
    assert sorted(nginx_limits) == ["root", "www-data"]
    assert min(nginx_limits["root"] + nginx_limits["www-data"]) >= granted
