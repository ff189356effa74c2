# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The puppets of the lab, which do with real sockets what they are told."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time

import pytest
from inventory import Host
from namespaces import LabError
from puppets import Puppet

HERE = "127.0.0.1"


class ThisMachine(Host):
    """Stands for a private host: loopback is enough here."""

    def popen(self, *command, **options):
        return subprocess.Popen(command, text=True, **options)


@pytest.fixture
def puppet():
    made = Puppet(ThisMachine("here", None, HERE, "::1", "", sys.executable))
    yield made
    made.close()


@pytest.fixture
def port(puppet, unused_port):
    puppet.tell("serve", port=unused_port, manner="leak")
    return unused_port


@pytest.fixture
def unused_port():
    with socket.create_server((HERE, 0)) as listener:
        return listener.getsockname()[1]


def heaps(puppet):
    return puppet.tell("count")["heaps"]


def until(condition):
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_it_connects_accepts_and_closes_by_heaps(puppet, port):
    assert puppet.tell("connect", to=HERE, port=port, sources={"": 3, HERE: 2}) == {}
    until(lambda: heaps(puppet).get("accepted") == 5)
    assert heaps(puppet)["connected"] == 5
    puppet.tell("close", heap="connected")
    assert heaps(puppet)["connected"] == 0
    assert heaps(puppet)["accepted"] == 5


@pytest.mark.skipif(not socket.has_dualstack_ipv6(), reason="this machine has no IPv6")
def test_a_dual_listener_takes_both_families(puppet, unused_port):
    puppet.tell("listen", port=unused_port, dual=True)
    for address, family in ((HERE, socket.AF_INET), ("::1", socket.AF_INET6)):
        with socket.socket(family) as client:
            client.connect((address, unused_port))


def test_refused_connections_are_told_by_their_reason(puppet, unused_port):
    assert puppet.tell("connect", to=HERE, port=unused_port, sources={"": 2}) == {"ECONNREFUSED": 2}


def test_visits_go_on_until_it_rests(puppet, port):
    puppet.tell("visit", to=HERE, port=port, manner="ask", per_second=200)
    until(lambda: heaps(puppet).get("accepted", 0) > 10)
    puppet.tell("rest")
    seen = heaps(puppet)["accepted"]
    time.sleep(0.1)
    assert heaps(puppet)["accepted"] == seen


@pytest.mark.parametrize("manner", ["answer", "answer once", "close", "close late", "dawdle"])
def test_well_behaved_servers_keep_nothing(puppet, unused_port, manner):
    puppet.tell("serve", port=unused_port, manner=manner)
    puppet.tell("connect", to=HERE, port=unused_port, sources={"": 1})
    puppet.tell("send", heap="connected", size=10)
    puppet.tell("close", heap="connected")
    assert heaps(puppet).get("accepted", 0) == 0


def test_it_opens_files_up_to_a_number_and_no_more_than_its_limit(puppet):
    puppet.tell("limit", soft=100)
    puppet.tell("open", number=90)
    with pytest.raises(LabError, match="here: open: .*Too many open files"):
        puppet.tell("open", number=101)


@pytest.mark.parametrize(
    ("call", "arguments", "said"),
    [
        ("heap", {"name": "x"}, "no such call: heap"),
        ("listen", {"prot": 80}, "prot"),
        ("serve", {"port": 0, "manner": "rude"}, "rude"),
    ],
)
def test_what_it_cannot_do_is_an_error_and_it_lives_on(puppet, call, arguments, said):
    with pytest.raises(LabError, match=said):
        puppet.tell(call, **arguments)
    assert puppet.tell("count")["pid"] == puppet.pid


def test_one_that_ended_says_so(puppet):
    os.kill(puppet.pid, signal.SIGKILL)
    with pytest.raises(LabError, match="here: a process ended at count"):
        puppet.tell("count")
