# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""After a run in check mode, and after the revert, the host is as before."""

from __future__ import annotations

from testinfra.host import Host


def test_etc_and_sysctls_are_as_before(host_differences: list[str]) -> None:
    assert host_differences == []


def test_no_file_of_ours_remains(host: Host) -> None:
    assert host.check_output("find /etc /run /usr /var -name '*nettune*'") == ""
