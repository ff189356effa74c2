# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Running services have their original limit. (One that started with the drop-in keeps its limit until a restart.)"""

from __future__ import annotations

from typing import Any

from testinfra.host import Host


def test_services_have_the_limit_that_systemd_gives_them(
    host: Host, tuned: dict[str, Any], services: list[str], processes: list, ceiling: int
) -> None:
    shown = [host.check_output("systemctl show %s --property=LimitNOFILESoft --value", name) for name in services]
    given = {ceiling} if tuned.get("raises_itself") else set(map(int, shown))
    assert {process.soft for process in processes} == given
