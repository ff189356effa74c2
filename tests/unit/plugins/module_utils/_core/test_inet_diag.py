# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
import struct
from collections import Counter

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._core import tcp_state
from ansible_collections.nettune.tcp.plugins.module_utils._core.errors import MalformedInput
from ansible_collections.nettune.tcp.plugins.module_utils._core.inet_diag import NetlinkError, Tally, dump_request

from .messages import AF_INET, AF_INET6, DONE, FULL, SMALL, attribute, chunk, failure, message

CGROUP = attribute(21, bytes(8))
V6ONLY = attribute(11, b"\0")


def tally_of(*chunks):
    tally = Tally()
    for part in chunks:
        tally.add(part)
    return tally


def counted(tally, family=AF_INET, full=None):
    found = Counter()
    for of, state, is_full, number in tally.sockets():
        found[state] += number if of == family and full in (None, is_full) else 0
    return dict(+found)


def test_the_request_is_the_older_one_for_both_families_without_attributes():
    length, kind, flags, _sequence, _port, family, _src, _dst, extensions = struct.unpack_from(
        "=IHHIIBBBB", dump_request(0xFFE)
    )
    assert (length, kind, flags, family, extensions) == (76, 18, 0x301, 0, 0)
    assert len(dump_request(0xFFE)) == length
    assert struct.unpack_from("=I", dump_request(tcp_state.RARE), 68) == (tcp_state.RARE,)


@pytest.mark.parametrize(
    "attributes",
    [
        pytest.param(attribute(8, b"\0"), id="unprivileged, old kernel"),
        pytest.param(attribute(8, b"\0") + CGROUP, id="unprivileged"),
        pytest.param(FULL, id="root, old kernel"),
        pytest.param(FULL + CGROUP + attribute(22, bytes(2)), id="root"),
    ],
)
def test_lengths_are_learnt(attributes):
    tally = tally_of(
        chunk(*[message(1, attributes=attributes)] * 5, *[message(8, attributes=attributes)] * 2), chunk(DONE)
    )
    assert counted(tally) == {1: 5, 8: 2}
    assert tally.done


def test_each_state_and_family_in_uniform_and_in_mixed_chunks():
    states = [1, 1, 4, 8, 10, 11]
    uniform = [message(state) for state in states] + [message(1, family=AF_INET6, source="::1", destination="::1")]
    mixed = [
        *uniform,
        message(6, attributes=SMALL),
        message(10, family=AF_INET6, source="::", destination="::", attributes=FULL + V6ONLY),
    ]
    for messages, expected in ((uniform, {1: 1}), (mixed, {1: 1, 10: 1})):
        tally = tally_of(chunk(*messages))
        assert counted(tally, AF_INET6) == expected
        assert counted(tally).items() >= {1: 2, 4: 1, 8: 1, 10: 1, 11: 1}.items()


def test_what_was_counted_passes_through_json():
    sockets = tally_of(chunk(message(1), message(5, attributes=SMALL), message(1))).sockets()
    assert sockets == [[AF_INET, 1, True, 2], [AF_INET, 5, False, 1]]
    assert json.loads(json.dumps(sockets)) == sockets


def test_fin_wait2_of_a_time_wait_socket_is_told_from_that_of_a_full_one():
    tally = tally_of(
        chunk(message(5), message(5, attributes=SMALL, timer=3), message(6, attributes=SMALL, timer=3), message(5))
    )
    assert counted(tally) == {5: 3, 6: 1}
    assert counted(tally, full=True) == {5: 2}
    assert counted(tally, full=False) == {5: 1, 6: 1}


def test_a_request_socket_is_small_and_a_fast_open_one_is_not():
    tally = tally_of(chunk(message(3, attributes=SMALL, timer=1), message(3)))
    assert counted(tally) == {3: 2}
    assert counted(tally, full=True) == {3: 1}


def test_offsets_of_uniform_and_mixed_chunks():
    full, small = message(1), message(6, attributes=SMALL)
    assert list(Tally().locate(chunk(full, full))) == [0, len(full)]
    assert list(Tally().locate(chunk(full, small, full))) == [0, len(full), len(full) + len(small)]
    assert list(Tally().locate(chunk(DONE))) == []


def test_the_end_may_stand_in_a_chunk_with_sockets():
    tally = tally_of(chunk(message(1), message(6, attributes=SMALL), DONE))
    assert tally.done
    assert counted(tally) == {1: 1, 6: 1}


def test_what_looks_uniform_by_its_ends_only_is_counted_right():
    full, small = message(1), message(6, attributes=SMALL)
    size = len(full) * len(small)
    between = size // len(small) - 2 * len(full) // len(small)
    messages = [full, *[small] * between, full]
    assert counted(tally_of(chunk(*messages))) == {1: 2, 6: between}


@pytest.mark.parametrize("errno", [1, 2, 13, 22])
@pytest.mark.parametrize("kind", [2, 3])
def test_an_error_of_the_kernel_is_raised(errno, kind):
    with pytest.raises(NetlinkError) as caught:
        Tally().add(chunk(failure(errno, kind=kind)))
    assert caught.value.errno == errno


def test_an_error_as_long_as_a_socket_is_no_socket():
    tally = tally_of(chunk(message(1)))
    with pytest.raises(NetlinkError):
        tally.add(chunk(failure(22, padding=len(message(1)) - 20)))


WHOLE = message(1)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(bytes(12), id="less than a header"),
        pytest.param(bytes(64), id="a length of zero"),
        pytest.param(WHOLE[:-4], id="cut"),
        pytest.param(WHOLE + WHOLE[:-8], id="the last one cut"),
        pytest.param(WHOLE + WHOLE[:20], id="cut in its header"),
        pytest.param(WHOLE + bytes(8), id="half a header of something else"),
        pytest.param(WHOLE[:-2], id="not aligned"),
        pytest.param(struct.pack("=IHHII", 40, 18, 0, 0, 0) + bytes(24), id="shorter than a socket"),
        pytest.param(WHOLE[:4] + struct.pack("=H", 99) + WHOLE[6:], id="another kind"),
        pytest.param(message(1, attributes=struct.pack("=HHI", 400, 8, 0)), id="an attribute behind the end"),
        pytest.param(message(1, attributes=struct.pack("=HHI", 0, 1, 0)), id="an attribute of no length"),
        pytest.param(WHOLE[:16] + b"\xff\xff" + WHOLE[18:], id="no family and state at all"),
    ],
)
def test_malformed_chunks_are_refused(data):
    with pytest.raises(MalformedInput):
        Tally().add(memoryview(data))
