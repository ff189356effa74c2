# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._formats.rlimit import Limit
from ansible_collections.nettune.tcp.plugins.module_utils._nofile import services
from ansible_collections.nettune.tcp.plugins.module_utils._nofile.request import Request
from ansible_collections.nettune.tcp.plugins.module_utils._nofile.snapshot import Host, Parent, Unit

INIT = Parent("PID 1", Limit(1048576, 1048576))
FLOOR = Limit(4096, 65536)


def decide(line: str = "", default: str = "", floor: Limit = FLOOR) -> services.Decision:
    files = (("/a.service", f"[Service]\n{line}\n"),)
    host = Host(1048576, (INIT,), INIT, defaults=(("/system.conf", f"[Manager]\n{default}\n"),))
    return services.decide(Unit("a.service", files), floor, host, files)


@pytest.mark.parametrize(
    ("line", "default", "limit", "source"),
    [
        ("", "", Limit(4096, 524288), "systemd's default"),
        ("", "DefaultLimitNOFILE=1024:8192", Limit(4096, 65536), "/system.conf:2"),
        ("LimitNOFILE=1024:8192", "DefaultLimitNOFILE=9999", Limit(4096, 65536), "/a.service:2"),
        ("LimitNOFILE=65536", "", None, "/a.service:2"),
        ("LimitNOFILE=infinity", "", None, "/a.service:2 says infinity:infinity"),
    ],
)
def test_limit_of_the_drop_in(line: str, default: str, limit: Limit | None, source: str) -> None:
    found = decide(line, default)
    assert found.limit == limit
    assert f"({source})" in found.reason


def test_unavailable_unit_is_skipped() -> None:
    host = Host(1048576, (INIT,), INIT)
    found = services.decide(Unit("a.service", unavailable="not installed"), FLOOR, host, ())
    assert (found.limit, found.skipped) == (None, "not installed")


def test_drop_in_only_if_the_profile_itself_needs_it() -> None:
    decision = decide("LimitNOFILE=4096:65536", floor=Limit(8192, 65536))
    assert services.render("low", Request(FLOOR), decision) is None
    text = services.render("high", Request(Limit(8192, 65536)), decision) or ""
    assert text.startswith("# Managed by Ansible (nettune.tcp.nofile_limits): profile high\n")
    assert text.endswith("\n[Service]\nLimitNOFILE=8192:65536\n")
