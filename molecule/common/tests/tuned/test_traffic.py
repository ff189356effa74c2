# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""There was traffic before and while the profile was applied."""

from __future__ import annotations

from typing import Any

from testinfra.host import Host


def test_traffic_flowed_while_the_profile_was_applied(
    host: Host, traffic: list[dict[str, Any]], tuned: dict[str, Any]
) -> None:
    applied = int(host.check_output("stat --format=%%Y /etc/sysctl.d/99-zz-nettune-%s.conf", tuned["profile"]))
    done = [second["second"] for second in traffic if second["done"]]
    assert any(second < applied for second in done)
    assert any(applied <= second <= applied + 10 for second in done)
