# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json

import pytest
from ansible_collections.nettune.tcp.plugins.plugin_utils.progress.count import FAILED, OK, UNREACHABLE, Count

HOSTS = [f"web{number}" for number in range(1, 21)]


@pytest.fixture
def count():
    """Return a count of 20 hosts; five started at second 100."""
    found = Count(HOSTS, began=100.0)
    for host in HOSTS[:5]:
        found.start(host, 100.0)
    return found


def test_before_a_host_has_answered(count):
    assert count.text(103.4) == "0 of 20 hosts answered, 3 s so far"


def test_one_round_of_four(count):
    for host in HOSTS[:5]:
        count.finish(host, OK, 106.0)
    for host in HOSTS[5:10]:
        count.start(host, 106.0)
    assert count.text(106.0) == "5 of 20 hosts answered, about 18 s left"
    assert count.text(111.0) == "5 of 20 hosts answered, about 13 s left"


def test_failed_hosts_answered_and_unreachable_hosts_did_not(count):
    for host, outcome in zip(HOSTS, (OK, FAILED, UNREACHABLE, UNREACHABLE)):
        count.finish(host, outcome, 106.0)
    assert count.text(106.0).startswith("2 of 20 hosts answered, 1 failed, 2 unreachable, about ")


def test_only_hosts_that_are_ok_tell_how_long_it_takes(count):
    count.finish("web1", UNREACHABLE, 100.1)
    assert count.text(102.0) == "0 of 20 hosts answered, 1 unreachable, 2 s so far"


def test_the_last_hosts_are_late():
    count = Count(HOSTS, began=0.0)
    for host in HOSTS:
        count.start(host, 0.0)
    for host in HOSTS[:15]:
        count.finish(host, OK, 6.0)
    assert count.text(20.0) == "15 of 20 hosts answered, waiting for 5 hosts"
    for host in HOSTS[15:18]:
        count.finish(host, OK, 20.0)
    assert count.text(30.0) == "18 of 20 hosts answered, waiting for web19, web20"


def test_an_expected_end_is_used_before_a_host_has_answered(count):
    for host in HOSTS[:5]:
        count.expect(host, 700.0)
    assert count.text(100.0) == "0 of 20 hosts answered, about 40 min left"


@pytest.mark.parametrize(("host", "covered"), [("web1", False), ("web2", True), ("web7", True), ("db1", False)])
def test_a_batch_or_a_repetition_is_another_count(count, host, covered):
    count.finish("web1", OK, 101.0)
    assert count.covers(host) is covered


def test_it_can_be_saved_as_json(count):
    count.finish("web1", OK, 101.0)
    count.expect("web2", 120.0)
    assert Count(**json.loads(json.dumps(count.document()))) == count
