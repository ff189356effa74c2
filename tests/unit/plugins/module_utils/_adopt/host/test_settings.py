# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is read of a host when some of its files cannot be read, as without root."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._adopt.host.settings import gather
from ansible_collections.nettune.tcp.tests.unit.support.fake_host import FakeHost

SYSCTL, LIMITS = "/etc/sysctl.d/90-b.conf", "/etc/security/limits.conf"


class Unprivileged(FakeHost):
    """A host on which some paths, and all below them, belong to root alone."""

    private: tuple[str, ...] = ()

    def locate(self, path: str) -> str:
        if path.startswith(self.private) and self.private:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), path)
        return super().locate(path)


@pytest.fixture
def host(tmp_path: Path) -> Unprivileged:
    host = Unprivileged(tmp_path)
    host.put("/etc/sysctl.d/10-a.conf", "net.core.somaxconn = 4096\n")
    host.put(SYSCTL, "net.core.somaxconn = 8192\n")
    host.put(LIMITS, "app - nofile 4096\n")
    return host


@pytest.mark.parametrize(
    ("private", "entries"), [(SYSCTL, 1), (LIMITS, 0), ("/etc/security/limits.d", 1), ("/var/lib/dpkg/status", 1)]
)
def test_each_file_that_cannot_be_read_is_named_and_the_rest_is_read(
    host: Unprivileged, private: str, entries: int
) -> None:
    host.private = (private,)
    found = gather(host)
    assert [row["reason"] for row in found["partial"]] == [f"{private} cannot be read: EACCES (Permission denied)"]
    assert found["lines"][0]["name"] == "net.core.somaxconn"
    assert len(found["limits"]["entries"]) == entries


def test_a_value_that_an_unread_file_may_set_is_not_known(host: Unprivileged) -> None:
    host.private = (SYSCTL,)
    fact = gather(host)["keys"]["net.core.somaxconn"]
    assert fact["boot_value"] is None
    assert fact["boot_reason"] == f"not known: {SYSCTL} cannot be read: EACCES (Permission denied)"
    assert fact["shadowed"] == [{"path": "/etc/sysctl.d/10-a.conf", "line": 1, "value": "4096"}]
