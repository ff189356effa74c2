# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import struct

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._host import netlink_answer
from ansible_collections.nettune.tcp.plugins.module_utils._host.netlink import OwnNamespace
from ansible_collections.nettune.tcp.plugins.module_utils._host.procfs import ProcFS
from ansible_collections.nettune.tcp.plugins.module_utils._tcp.host import addresses
from ansible_collections.nettune.tcp.plugins.module_utils._tcp.host.facts import TcpHost
from ansible_collections.nettune.tcp.tests.unit.plugins.module_utils._formats.test_rtnetlink import DONE, message


@pytest.fixture
def gathered(monkeypatch, tmp_path):
    def gather(*chunks, error=None):
        def dump(_request, _namespace, *, protocol):
            assert protocol == 0
            if error:
                raise error
            yield from map(memoryview, chunks)

        monkeypatch.setattr(netlink_answer, "dump", dump)
        return TcpHost(ProcFS(str(tmp_path)), OwnNamespace()).gather({"addresses"}, source="auto", top=10)

    return gather


def test_addresses(gathered):
    chunk = message("192.0.2.9") + message("127.0.0.1") + DONE
    assert gathered(chunk) == {"addresses": ["192.0.2.9"], "partial": []}


@pytest.mark.parametrize(
    ("chunks", "error", "reason"),
    [
        ((), PermissionError(1, "Operation not permitted"), "EPERM (Operation not permitted)"),
        ((struct.pack("=IHHIIi", 36, 2, 0, 1, 0, -13) + bytes(16),), None, "EACCES (Permission denied)"),
        ((b"\1\0\0\0",), None, "a netlink message of 4 bytes is too short"),
    ],
)
def test_without_netlink_they_are_unknown(gathered, chunks, error, reason):
    expected = {"addresses": None, "partial": [{"what": "addresses", "reason": reason}]}
    assert gathered(*chunks, error=error) == expected


def test_the_number_is_limited(gathered, monkeypatch):
    monkeypatch.setattr(addresses, "_MOST", 2)
    facts = gathered(*(message(f"192.0.2.{last}") for last in range(1, 6)), DONE)
    assert facts["addresses"] == ["192.0.2.1", "192.0.2.2"]
    assert facts["partial"] == [{"what": "addresses", "reason": "3 of 5 are left out"}]
