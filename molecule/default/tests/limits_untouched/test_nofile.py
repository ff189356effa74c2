# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What runs has its own limit back. (What was started under a drop-in keeps that one until it is started again.)"""

from __future__ import annotations

from testinfra.host import Host


def test_nginx_has_the_limit_that_systemd_gives_it(host: Host, nginx_limits: dict[str, list[int]]) -> None:
    default = int(host.check_output("systemctl show nginx --property=LimitNOFILESoft --value"))
    assert set(nginx_limits["root"] + nginx_limits["www-data"]) == {default}
