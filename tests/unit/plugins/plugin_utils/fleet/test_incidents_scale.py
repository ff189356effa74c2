# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Joining five thousand hosts takes seconds, and memory that is linear in the number of hosts."""

from __future__ import annotations

import time
import tracemalloc

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._diagnosis.both_ends import trimmed
from ansible_collections.nettune.tcp.plugins.plugin_utils.fleet.incidents import incidents
from ansible_collections.nettune.tcp.plugins.plugin_utils.screens.findings import cards
from ansible_collections.nettune.tcp.tests.unit.support.simulated_fleet import Host, Process

HOSTS = 5000
# A host's row as it arrives has some 60 KB as Python objects; the join adds far less.
MOST_BYTES_PER_HOST = 10_000
MOST_SECONDS = 20
APP = Process(711)


def fleet(number):
    """Return rows of hosts, of which each tenth leaks connections of the one before; the others are merely busy."""
    hosts = [Host(f"host{index}", _address(index), f"2001:db8::{index:x}") for index in range(number)]
    for index, host in enumerate(hosts):
        host.listen(8080, APP)
        for near in range(1, 12):
            other = (index + near) % number
            host.add("ESTABLISHED", 10 + near, _address(other), port=8080, process=APP)
            host.add("TIME_WAIT", 3 + near, _address(other), remote_port=8080)
        if index % 10 == 9:
            host.add("CLOSE_WAIT", 500, _address(index - 1), port=8080, process=APP)
            hosts[index - 1].add("FIN_WAIT2", 500, _address(index), remote_port=8080)
    busy, leaking = ({**hosts[index].row(), "facts": None} for index in (0, 9))
    return [
        {**(leaking if index % 10 == 9 else busy), "host": host.name, "facts": trimmed(host.facts())}
        for index, host in enumerate(hosts)
    ]


def _address(index):
    return f"10.{index >> 16}.{index >> 8 & 255}.{index & 255}"


def measured(rows):
    """Return the incidents, and the bytes and the seconds that they took."""
    began = time.process_time()
    found = incidents(rows)
    seconds = time.process_time() - began
    tracemalloc.start()
    incidents(rows)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return found, peak, seconds


@pytest.mark.long
def test_five_thousand_hosts():
    rows = fleet(HOSTS)
    found, peak, seconds = measured(rows)
    assert len(found) == HOSTS // 10
    assert {one["cause"]["unit"] for one in found} == {"app.service"}
    assert seconds < MOST_SECONDS
    _found, smaller, _seconds = measured(rows[: HOSTS // 10])
    assert peak < MOST_BYTES_PER_HOST * HOSTS
    assert peak < 12 * smaller, f"{smaller} bytes for {HOSTS // 10} hosts, {peak} for {HOSTS}"
    began = time.process_time()
    text = "\n".join(line.text for line in cards({"hosts": rows, "missing": [], "incidents": found}, width=110))
    assert "caused by app.service on 500 hosts" in text
    assert time.process_time() - began < MOST_SECONDS
