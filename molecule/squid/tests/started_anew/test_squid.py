# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Squid sizes its descriptor table when it starts, so it needs the restart that the run reported."""

from __future__ import annotations

from testinfra.host import Host


def test_descriptor_table_grew_with_the_restart(host: Host, granted: int) -> None:
    sizes = "sed -n 's/.*With \\([0-9]*\\) file descriptors available.*/\\1/p' /var/log/squid/cache.log"
    assert int(host.check_output(sizes).splitlines()[-1]) >= granted
