# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Parsers of what the kernel sends as bytes: any bytes are parsed, or refused with an error of ours.

And that each module of _formats is among the parsers of these tests.
"""

from __future__ import annotations

import struct
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any, Callable

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import MalformedInput
from ansible_collections.nettune.tcp.plugins.module_utils._formats import (
    ctnetlink,
    inet_diag,
    netlink_message,
    proc_net_tcp,
    rtnetlink,
    tcp_state,
)
from ansible_collections.nettune.tcp.plugins.module_utils._host.netlink import Tally
from ansible_collections.nettune.tcp.tests.unit.plugins.module_utils._formats import test_arbitrary_text

hypothesis = pytest.importorskip("hypothesis", reason="hypothesis is not installed for the oldest Python of targets")
st = pytest.importorskip("hypothesis.strategies")
pytest.importorskip("hypothesis.configuration").set_hypothesis_home_dir(tempfile.gettempdir())

FORMATS = Path(ctnetlink.__file__ or "").parent


def count_rows(data: bytes) -> None:
    for line, block in proc_net_tcp.blocks([data]):
        proc_net_tcp.count_states(block, first_line=line, counts=[0] * tcp_state.NUMBERS.stop)


def rows_as_messages(data: bytes) -> None:
    for line, block in proc_net_tcp.blocks([data[:7], data[7:]]):
        proc_net_tcp.as_messages(block, first_line=line, family=inet_diag.AF_INET)


def tally(data: bytes) -> None:
    found = Tally(inet_diag.dump_request(1), least=inet_diag.BASE_LENGTH)
    if data:
        found.locate(memoryview(data))
    inet_diag.sockets(found.by_length())


PARSERS: dict[str, Callable[[bytes], Any]] = {
    "ctnetlink": lambda data: ctnetlink.Stats().add(data),
    "inet_diag": tally,
    "inet_diag address": lambda data: inet_diag.address_text(data.ljust(16, b"\0")[:16], ipv6=True),
    "inet_diag message": lambda data: inet_diag.sockets([(data, [(0x0102, 1)])]),
    "netlink_message": lambda data: [list(netlink_message.attributes(data, 0)), list(netlink_message.messages(data))],
    "proc_net_tcp": count_rows,
    "proc_net_tcp messages": rows_as_messages,
    "rtnetlink": lambda data: rtnetlink.Addresses().add(data),
    "tcp_state": tcp_state.is_ghost,
}
HEADER = b"  sl  local_address rem_address   st\n"
ROW = b"   0: 0100007F:0CEA 00000000:0000 0A 00000000:00000000 00:00000000 00000000   113        0 24078 1 0 100\n"
MESSAGE = struct.pack("=IHHII", 92, 20, 2, 1, 0) + bytes([2, 10]) + bytes(74)
PIECES = (
    *(HEADER, ROW, ROW[:40], ROW.replace(b"0A", b"ZZ"), ROW.replace(b":", b" "), ROW.replace(b"0100007F", b"-1")),
    *(MESSAGE, struct.pack("=IHHII", 20, 3, 2, 1, 0) + bytes(4), struct.pack("=IHHII", 36, 2, 0, 1, 0) + bytes(20)),
    *(struct.pack("=IHHII", 28, 260, 2, 1, 0) + bytes(4) + struct.pack("=HH", 8, 9) + bytes(4), bytes(4), b"\xff" * 4),
    *(struct.pack("=I", 16), struct.pack("=HH", 4, 8), struct.pack("=HH", 0, 8)),
)


@pytest.mark.long
@pytest.mark.parametrize("parser", sorted(PARSERS))
def test_any_bytes_are_parsed_or_refused(parser: str) -> None:
    pieces = st.lists(st.one_of(st.sampled_from(PIECES), st.binary(max_size=8)), max_size=12).map(b"".join)

    @hypothesis.settings(max_examples=300, deadline=None, database=None, derandomize=True)
    @hypothesis.given(pieces)
    def check(data: bytes) -> None:
        with suppress(MalformedInput, OSError):
            PARSERS[parser](data)

    check()


def test_every_format_has_a_property_test() -> None:
    tested = {name.split()[0] for name in (*PARSERS, *test_arbitrary_text.PARSERS)}
    named = {"cloud_config": "boot_commands", "debian_version": "limits_conf", "ufw_conf": "boot_commands"}
    found = {named.get(name, name) for name in tested} - {"json_document"}
    assert found == {path.stem for path in FORMATS.glob("*.py")} - {"__init__"}
