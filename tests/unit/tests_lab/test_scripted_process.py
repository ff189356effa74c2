# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Scripted processes and their behaviours, with real sockets on loopback."""

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
from scripted_process import ScriptedProcess

HERE = "127.0.0.1"


class ThisMachine(Host):
    """Stands for a local test host."""

    def popen(self, *command, **options):
        return subprocess.Popen(command, text=True, **options)


@pytest.fixture
def process():
    made = ScriptedProcess(ThisMachine("here", None, HERE, "::1", "", sys.executable))
    yield made
    made.end()


@pytest.fixture
def unused_port():
    with socket.create_server((HERE, 0)) as listener:
        return listener.getsockname()[1]


def groups(process):
    return process.call("status")["groups"]


def until(condition):
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_sockets_stay_in_their_group_until_closed(process, unused_port):
    process.call("serve", port=unused_port, behaviour="leak")
    assert process.call("connect", to=HERE, port=unused_port, sources={"": 3, HERE: 2}) == {}
    until(lambda: groups(process).get("accepted") == 5)
    assert groups(process)["connected"] == 5
    process.call("close", group="connected")
    assert groups(process)["connected"] == 0
    assert groups(process)["accepted"] == 5


@pytest.mark.skipif(not socket.has_dualstack_ipv6(), reason="this machine has no IPv6")
def test_a_dual_listener_takes_both_families(process, unused_port):
    process.call("listen", port=unused_port, dual=True)
    for address, family in ((HERE, socket.AF_INET), ("::1", socket.AF_INET6)):
        with socket.socket(family) as client:
            client.connect((address, unused_port))


def test_failed_connections_are_counted_by_reason(process, unused_port):
    assert process.call("connect", to=HERE, port=unused_port, sources={"": 2}) == {"ECONNREFUSED": 2}


def test_visits_continue_until_stopped(process, unused_port):
    process.call("serve", port=unused_port, behaviour="leak")
    process.call("visit", to=HERE, port=unused_port, behaviour="ask", per_second=200)
    until(lambda: groups(process).get("accepted", 0) > 10)
    process.call("stop")
    seen = groups(process)["accepted"]
    time.sleep(0.1)
    assert groups(process)["accepted"] == seen


@pytest.mark.parametrize("behaviour", ["answer", "answer once", "close", "close late", "read slowly"])
def test_correct_servers_keep_no_connection(process, unused_port, behaviour):
    process.call("serve", port=unused_port, behaviour=behaviour)
    process.call("connect", to=HERE, port=unused_port, sources={"": 1})
    process.call("send", group="connected", size=10)
    process.call("close", group="connected")
    assert groups(process).get("accepted", 0) == 0


def test_a_proxy_passes_answers_on_and_reports_failures(process, unused_port):
    with socket.create_server((HERE, 0)) as other:
        proxy_port = other.getsockname()[1]
    backend = {"to": HERE, "port": unused_port}
    process.call("serve", port=proxy_port, behaviour="proxy", options=backend)
    ask = {"to": HERE, "port": proxy_port, "number": 20}
    assert process.call("request", **ask, most_failures=20) == {"502 ECONNREFUSED": 20}
    assert sum(process.call("request", **ask, most_failures=3).values()) < 20
    process.call("serve", port=unused_port, behaviour="answer")
    assert process.call("request", **ask, most_failures=1) == {"200 OK": 20}


def test_open_stops_at_the_number_or_at_the_limit(process):
    process.call("limit", soft=100)
    process.call("open", number=90)
    with pytest.raises(LabError, match=r"here: open: .*Too many open files"):
        process.call("open", number=101)


@pytest.mark.parametrize(
    ("name", "arguments", "message"),
    [
        ("_group", {}, "_group: no such call"),
        ("listen", {"prot": 80}, "prot"),
        ("serve", {"port": 0, "behaviour": "rude"}, "serve: 'rude'"),
    ],
)
def test_an_invalid_call_is_an_error_and_the_process_continues(process, name, arguments, message):
    with pytest.raises(LabError, match=message):
        process.call(name, **arguments)
    assert process.call("status")["pid"] == process.pid


def test_the_end_of_the_process_is_an_error(process):
    os.kill(process.pid, signal.SIGKILL)
    with pytest.raises(LabError, match="here: a scripted process ended at status"):
        process.call("status")
