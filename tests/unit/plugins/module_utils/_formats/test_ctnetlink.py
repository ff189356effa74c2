# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import errno
import struct

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import MalformedInput
from ansible_collections.nettune.tcp.plugins.module_utils._formats.ctnetlink import STATS_REQUEST, Stats

KIND = 0x0104
DONE = struct.pack("=IHHIIi", 20, 3, 2, 1, 0, 0)


def message(*counts, kind=KIND):
    """Return the message of one processor with (attribute, count) pairs."""
    attributes = b"".join(struct.pack("=HH", 8, name) + struct.pack("!I", count) for name, count in counts)
    return struct.pack("=IHHII", 20 + len(attributes), kind, 2, 1, 0) + bytes(4) + attributes


def counts(*chunks):
    stats = Stats()
    for chunk in chunks:
        stats.add(chunk)
    return stats.counts, stats.done


def test_the_request_has_its_length_and_kind():
    assert struct.unpack_from("=IHH", STATS_REQUEST) == (len(STATS_REQUEST), KIND, 0x301)


def test_counts_of_all_processors_are_summed():
    first = message((2, 7), (9, 1), (10, 3), (11, 0))
    second = message((2, 7), (9, 1), (10, 2), (11, 4))
    expected = {"insert_failed": 2, "drop": 5, "early_drop": 4}
    assert counts(first + second, DONE) == (expected, True)
    assert counts(first, second + DONE) == (expected, True)


def test_messages_of_another_kind_are_ignored():
    assert counts(message((10, 3), kind=0x0200) + DONE) == ({}, True)


def test_an_error_of_the_kernel():
    stats = Stats()
    stats.add(struct.pack("=IHHIIi", 36, 2, 0, 1, 0, -errno.EPERM) + bytes(16))
    assert (stats.done, stats.error) == (True, errno.EPERM)


@pytest.mark.parametrize(
    "chunk",
    [
        message((10, 3))[:-4],
        bytes(8),
        struct.pack("=IHHII", 4, KIND, 2, 1, 0),
        struct.pack("=IHHII", 28, KIND, 2, 1, 0) + bytes(4) + struct.pack("=HHI", 80, 10, 0),
    ],
)
def test_malformed_messages(chunk):
    with pytest.raises(MalformedInput, match="netlink message"):
        counts(chunk)
