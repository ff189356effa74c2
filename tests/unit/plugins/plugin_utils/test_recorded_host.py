# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Facts calculated from a recording equal the facts calculated on the host."""

from __future__ import annotations

import json
import os
import socket
import struct

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._host import recording as recording_module
from ansible_collections.nettune.tcp.plugins.module_utils._host.netlink import OwnNamespace
from ansible_collections.nettune.tcp.plugins.module_utils._host.procfs import ProcFS
from ansible_collections.nettune.tcp.plugins.module_utils._tcp.host.facts import TcpHost
from ansible_collections.nettune.tcp.plugins.module_utils._tcp.subsets import DEFAULT as DEFAULTS
from ansible_collections.nettune.tcp.plugins.module_utils._tcp.subsets import FAST
from ansible_collections.nettune.tcp.plugins.plugin_utils.recorded_host import NotRecorded, facts_of, options_for
from ansible_collections.nettune.tcp.tests.unit.support.messages import message

from ..module_utils._tcp.host.test_facts_recorded import FIXTURES, STATES, Recorded

DEFAULT = set(DEFAULTS)
SUBSETS = [*({name} for name in sorted(FAST)), DEFAULT, FAST, {"counters", "memory"}, {"min", "listeners"}]
RECORDS = ("root.bin", "user.bin")


class Host(ProcFS):
    """The host of the fixtures."""

    def __init__(self):
        super().__init__(str(FIXTURES / "proc"))

    def read_sys(self, path):
        raise PermissionError(13, "Permission denied", path)


class Crowded(Recorded):
    """The recorded sockets and additional listeners."""

    def __init__(self, name, listeners):
        super().__init__(name)
        more = b"".join(message(10, sport=1 + port, queues=(port % 7, 128)) for port in range(listeners))
        self.data = more + self.data


@pytest.fixture
def read(monkeypatch):
    """Return a function that records the host for a subset; the recording passes through JSON."""

    def read_file(path):
        if path.startswith("/sys/"):
            raise PermissionError(13, "Permission denied", path)
        found = FIXTURES / path.lstrip("/")
        return found.read_text() if found.exists() else None

    monkeypatch.setattr(recording_module, "read_file", read_file)

    def make(subset, kernel=None):
        kernel = kernel or Recorded("root.bin")

        def dump(request, _namespace):
            return kernel.dump(*struct.unpack_from("=I", request, 68))

        monkeypatch.setattr(recording_module, "dump", dump)
        return json.loads(json.dumps(recording_module.record(**options_for(subset))))

    return make


def facts_on_host(kernel, subset, top=10):
    """Return the facts calculated on the host."""
    return TcpHost(Host(), OwnNamespace(), sock_diag=kernel).gather(subset, source="auto", top=top)


@pytest.mark.parametrize("subset", SUBSETS, ids=lambda subset: "+".join(sorted(subset)))
@pytest.mark.parametrize("top", [1, 10, 40])
@pytest.mark.parametrize("name", RECORDS)
def test_facts_are_equal_to_those_of_the_host(read, subset, top, name):
    assert facts_of(read(subset, Recorded(name)), subset, top=top) == facts_on_host(Recorded(name), subset, top)


def test_the_recorded_states(read):
    found = facts_of(read({"min"}), {"min"}, top=10)
    assert (found["states"], found["source"], found["partial"]) == (STATES, "counters+netlink", [])


def test_listeners_are_dumped_separately_and_counted_once(read):
    found = facts_of(read({"min", "listeners"}), {"min", "listeners"}, top=10)
    assert found["states"]["LISTEN"] == len(found["listeners"]) == STATES["LISTEN"]


def test_a_recording_of_this_host():
    with socket.create_server(("127.0.0.1", 0)) as server:
        recording = json.loads(json.dumps(recording_module.record(**options_for({"listeners"}))))
        port = server.getsockname()[1]
    if isinstance(recording["dumps"][0], int):
        pytest.skip(f"netlink is refused here: {os.strerror(recording['dumps'][0])}")
    found = facts_of(recording, {"listeners"}, top=500)
    assert found == {"listeners": found["listeners"], "source": "netlink", "partial": []}
    assert port in {row["port"] for row in found["listeners"]}


def test_the_fullest_of_many_listeners_are_kept(read):
    subset = {"listeners"}
    found = facts_of(read(subset, Crowded("root.bin", 400)), subset, top=10)
    assert found == facts_on_host(Crowded("root.bin", 400), subset)
    assert found["partial"][0]["reason"].startswith("374 of 406 with emptier queues")


def test_too_many_listeners_are_not_recorded(read):
    recording = read({"listeners"}, Crowded("root.bin", 800))
    assert len(json.dumps(recording)) < 1000
    with pytest.raises(NotRecorded):
        facts_of(recording, {"listeners"}, top=10)


SNMP = "/proc/self/net/snmp"


def file_missing(recording):
    del recording["after"]["/proc/self/net/netstat"]


def dump_refused(recording):
    recording["dumps"][1] = 1


def listeners_refused(recording):
    recording["dumps"][0] = 1


def dump_missing(recording):
    recording["dumps"].pop()


def counters_disagree(recording):
    recording["after"][SNMP] = recording["after"][SNMP].replace("CurrEstab", "Other", 1)


def unknown_state(recording):
    recording["dumps"][1]["by_length"][0][1].append([struct.unpack("=H", bytes([2, 12]))[0], 1])


def old_kernel(recording):
    recording["release"] = "4.9.0"


@pytest.mark.parametrize(
    "spoil", [file_missing, dump_refused, listeners_refused, dump_missing, counters_disagree, unknown_state, old_kernel]
)
def test_an_insufficient_recording_raises(read, spoil):
    recording = read(DEFAULT)
    spoil(recording)
    with pytest.raises(NotRecorded):
        facts_of(recording, DEFAULT, top=10)


NO_TEXT = [[], {}, 1.5, -1, 0, 1 << 70, True, ["x"]]
BROKEN = {
    (): [None, [], "x", 7],
    ("release",): [None, 6, [], {}],
    ("before",): [None, [], "x", 7, {}],
    ("after",): [None, [], "x", 7, {}],
    ("after", SNMP): [*NO_TEXT, "", "Tcp:", "\0"],
    ("before", "/proc/self/net/sockstat"): [*NO_TEXT, "", "TCP: inuse"],
    ("dumps",): [None, [], {}, "x", 7],
    ("dumps", 1): [None, [], "x", 7, {}],
    ("dumps", 0, "kept"): [None, "", "x", 7, [], "00" * 64, message(10)[:-4].hex(), message(10)[4:].hex()],
    ("dumps", 1, "by_length"): [None, 7, "x", {"x": 1}, [None], [[]], [["x", []]]],
    ("dumps", 1, "by_length", 0, 0): [None, 7, "x", message(1, attributes=struct.pack("=HHI", 400, 8, 0)).hex()],
    ("dumps", 1, "by_length", 0, 1): [None, 7, "x", [7], [[1]], [[1, 2, 3]]],
    ("dumps", 1, "by_length", 0, 1, 0): [None, [2561, None], [2561, "1"], [2561, 1.5], [-1, 1], [1 << 70, 1]],
}
ROWS = [pytest.param(place, value, id=f"{place} {value!r:.30}") for place, values in BROKEN.items() for value in values]


@pytest.mark.parametrize(("place", "value"), ROWS)
def test_a_malformed_recording_raises(read, place, value):
    recording = {"the": read(DEFAULT)}
    *way, last = ("the", *place)
    inner = recording
    for step in way:
        inner = inner[step]
    inner[last] = value
    with pytest.raises(NotRecorded):
        facts_of(recording["the"], DEFAULT, top=10)


def test_counters_that_disagree_twice_are_not_used(read):
    recording = read({"min"})
    for files in (recording["before"], recording["after"]):
        files["/proc/self/net/sockstat"] = files["/proc/self/net/sockstat"].replace("TCP: inuse ", "TCP: inuse 1")
    with pytest.raises(NotRecorded):
        facts_of(recording, {"min"}, top=10)


@pytest.mark.parametrize(("found", "reason"), [(13, "EACCES (Permission denied)"), (None, "is absent")])
def test_an_unreadable_file_is_in_partial(read, found, reason):
    recording = read({"counters"})
    recording["after"]["/proc/self/net/netstat"] = found
    partial = facts_of(recording, {"counters"}, top=10)["partial"]
    assert [row["what"] for row in partial] == ["counters.TcpExt"]
    assert reason in partial[0]["reason"]


@pytest.mark.parametrize(
    ("subset", "dumps", "frames"),
    [
        ({"memory"}, [], 0),
        ({"listeners"}, [(0x400, True)], 0),
        ({"min"}, [(0xFBC, False)], 3),
        ({"families"}, [(0xFFC, False)], 3),
        ({"min", "listeners"}, [(0x400, True), (0xBBC, False)], 3),
    ],
)
def test_only_the_needed_files_and_dumps_are_recorded(subset, dumps, frames):
    options = options_for(subset)
    asked = [
        (*struct.unpack_from("=I", bytes.fromhex(dump["request"]), 68), dump["keep"] > 0) for dump in options["dumps"]
    ]
    assert (asked, len(options["before"])) == (dumps, frames)
    assert len(options["after"]) == len(set(options["after"]))
