# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""After the revert nothing tells that the host was tuned."""

from __future__ import annotations

from testinfra.host import Host


def test_etc_and_the_network_sysctls_are_as_before_the_converge(host_differences: list[str]) -> None:
    assert host_differences == []


def test_no_file_of_ours_is_left(host: Host) -> None:
    assert host.check_output("find /etc /run /usr/lib /usr/local -name '*nettune*'") == ""


def test_the_journal_holds_no_profile(host: Host) -> None:
    assert host.check_output("find /var/lib/nettune -type f -name '*.json' 2>/dev/null || true") == ""


def test_nginx_still_serves(host: Host) -> None:
    assert host.service("nginx").is_running
    assert host.socket("tcp://0.0.0.0:80").is_listening
