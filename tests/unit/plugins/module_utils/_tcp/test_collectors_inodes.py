# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._tcp import collectors
from ansible_collections.nettune.tcp.plugins.module_utils._tcp.collectors import Inodes
from ansible_collections.nettune.tcp.tests.unit.support.messages import SMALL, chunk, message, offsets


def fed(sockets):
    inodes = Inodes()
    for start in range(0, len(sockets), 50):
        part = chunk(*sockets[start : start + 50])
        inodes.add(bytes(part), offsets(part))
    return inodes


def test_states_by_inode():
    inodes = fed([message(1, inode=7), message(8, inode=4294967295), message(6, inode=0, attributes=SMALL)])
    assert inodes.states == {7: 1, 4294967295: 8}
    assert inodes.share == 1
    assert inodes.has(12345)
    assert inodes.inexact == ""


@pytest.mark.parametrize("step", [1, 2, 64])
def test_beyond_the_limit_a_fair_sample_is_kept(monkeypatch, step):
    monkeypatch.setattr(collectors, "INODES", 500)
    held = range(10_000, 10_000 + 4000 * step, step)
    inodes = fed([message(1, inode=inode) for inode in held])
    assert len(inodes.states) <= 500
    assert inodes.share >= 8
    assert set(inodes.states) == {inode for inode in held if inodes.has(inode)}
    assert len(inodes.states) * inodes.share == pytest.approx(4000, rel=0.2)
    assert inodes.inexact == f"more than 500 sockets: counts are estimates from 1 in {inodes.share} of them"


def test_ports_of_listeners_by_inode(monkeypatch):
    sockets = [message(10, inode=5, sport=80), message(10, inode=6, sport=443), message(1, inode=7, sport=80)]
    assert fed(sockets).listens == {5: 80, 6: 443}
    monkeypatch.setattr(collectors, "_LISTENERS", 1)
    assert fed(sockets).listens == {5: 80}


def test_unread_data_of_established_connections():
    assert fed(
        [message(1, inode=7, queues=(9, 0)), message(1, inode=8), message(8, inode=9, queues=(1, 0))]
    ).unread == {7}
