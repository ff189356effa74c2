# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.host.namespaces import (
    Identity,
    document_name,
    inode_of,
    is_same,
)

NOW = Identity(4026532345, "boot", 7, 812, 4711)


@pytest.mark.parametrize(
    ("changes", "cookie", "process_runs", "same"),
    [
        ({}, 7, False, True),
        ({"pid": 900, "start": 1}, 7, False, True),
        ({"cookie": 8}, 7, True, False),
        ({"inode": 1}, 7, True, False),
        ({"boot_id": "earlier"}, 7, True, False),
        ({"cookie": 0}, 0, True, True),
        ({"cookie": 0}, 0, False, False),
        ({"cookie": 0}, 7, True, True),
        ({"cookie": 0}, 7, False, False),
    ],
)
def test_namespaces_are_the_same(changes: dict, cookie: int, process_runs: bool, same: bool) -> None:
    recorded = {**NOW._asdict(), **changes}
    assert is_same(recorded, NOW._replace(cookie=cookie), process_runs=process_runs) is same


def test_empty_record_matches_no_namespace() -> None:
    assert not is_same({}, NOW, process_runs=True)


@pytest.mark.parametrize(
    ("name", "inode"),
    [
        (document_name("sysctl", 12), 12),
        ("sysctl", None),
        ("sysctl-net-", None),
        ("sysctl-net-x", None),
        ("x/net-1", None),
    ],
)
def test_inode_from_a_document_name(name: str, inode: int | None) -> None:
    assert inode_of(name) == inode
