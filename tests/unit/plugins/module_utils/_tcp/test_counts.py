# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import MalformedInput
from ansible_collections.nettune.tcp.plugins.module_utils._formats.inet_diag import sockets
from ansible_collections.nettune.tcp.plugins.module_utils._formats.tcp_state import NAMES
from ansible_collections.nettune.tcp.plugins.module_utils._tcp.counts import (
    Counters,
    counted,
    counters_of,
    counts_by_namespace,
    derived,
    disagreement,
)
from ansible_collections.nettune.tcp.tests.unit.support.messages import AF_INET, AF_INET6, SMALL, by_length, message


def counters(**changes):
    values = {"inuse": {AF_INET: 10, AF_INET6: 4}, "tw": 7, "current": 9, "opened": 100}
    return Counters(**{**values, **changes})


def walked_to(*messages):
    return sockets(by_length(*messages))


V6 = {"family": AF_INET6, "source": "::1", "destination": "::1"}
MAPPED = {"family": AF_INET6, "source": "::ffff:127.0.0.1", "destination": "::ffff:127.0.0.1"}
RARE = [
    message(10),
    message(10, **V6),
    message(8),
    message(9, **MAPPED),
    message(5),
    message(5, attributes=SMALL, timer=3),
    message(3, attributes=SMALL, timer=1),
    message(3, attributes=SMALL, timer=1),
]


def states(sockets):
    return {name: count for name, count in sockets.states_fact()["states"].items() if count}


def test_established_and_time_wait_are_derived():
    sockets = derived(walked_to(*RARE), counters(), time_wait=False)
    assert states(sockets) == {
        "ESTABLISHED": (10 - 3) + (4 - 2),
        "SYN_RECV": 2,
        "FIN_WAIT2": 2,
        "TIME_WAIT": 7 - 1,
        "CLOSE_WAIT": 1,
        "LAST_ACK": 1,
        "LISTEN": 2,
    }
    assert sockets.states_fact()["total"] == 23


def test_a_mapped_socket_counts_as_ipv6():
    walked = [*RARE, *[message(6, attributes=SMALL)] * 6]
    families = derived(walked_to(*walked), counters(), time_wait=True).families_fact()
    assert families["ipv4"]["states"]["ESTABLISHED"] == 7
    assert families["ipv4"]["states"]["TIME_WAIT"] == 6
    assert families["ipv6"]["states"]["ESTABLISHED"] == 2
    assert families["ipv6"]["states"]["LAST_ACK"] == 1
    assert families["ipv4"]["total"] + families["ipv6"]["total"] == 23


def test_derived_numbers_equal_those_of_a_full_dump():
    established = [*[message(1)] * 7, *[message(1, **V6)] * 2]
    exact = counted(walked_to(*RARE, *established, *[message(6, attributes=SMALL)] * 6))
    assert exact.states_fact() == derived(walked_to(*RARE), counters(), time_wait=False).states_fact()
    assert set(exact.states_fact()["states"]) == set(NAMES)
    assert exact.states_fact()["total"] == sum(exact.states_fact()["states"].values())


def test_derived_numbers_are_never_negative():
    sockets = derived(walked_to(*RARE), counters(inuse={AF_INET: 0, AF_INET6: 0}, tw=0), time_wait=False)
    assert sockets.states_fact()["states"]["ESTABLISHED"] == 0
    assert sockets.states_fact()["states"]["TIME_WAIT"] == 0


@pytest.mark.parametrize(
    ("before", "current", "agrees"),
    [
        pytest.param({}, 9, True, id="established alone, older kernels"),
        pytest.param({}, 10, True, id="with close_wait, newer kernels"),
        pytest.param({}, 11, False, id="idle host, CurrEstab too high"),
        pytest.param({}, 8, False, id="idle host, CurrEstab too low"),
        pytest.param({"opened": 99}, 15, True, id="five differ, one opened"),
        pytest.param({"opened": 99}, 16, False, id="six differ, one opened"),
        pytest.param({"tw": 6}, 14, True, id="five differ, one closed"),
        pytest.param({"opened": -900}, 60, True, id="1/20 of 1000 opened"),
        pytest.param({"opened": -900}, 61, False, id="more than 1/20"),
    ],
)
def test_derived_numbers_are_compared_with_currestab(before, current, agrees):
    after = counters(current=current)
    found = disagreement(
        derived(walked_to(*RARE), after, time_wait=False), counters(**{"current": current, **before}), after
    )
    assert (found is None) == agrees
    if found:
        assert found == f"the counters give 9 ESTABLISHED and 10 with CLOSE_WAIT, but CurrEstab is {current}"


@pytest.mark.parametrize("strange", [[AF_INET, 12, True, 1], [AF_INET, 0, True, 1], [1, 1, True, 1]])
def test_an_unknown_family_or_state_raises(strange):
    with pytest.raises(MalformedInput, match="1 of 9 sock_diag messages have an unknown family or state"):
        counted([*walked_to(*[message(1)] * 8), strange])


SOCKSTAT = {"TCP": {"inuse": 5, "tw": 2}}
TCP = {"CurrEstab": 3, "ActiveOpens": 10, "PassiveOpens": 20}


def test_counters_without_ipv6():
    found = counters_of(SOCKSTAT, {}, TCP)
    assert (found.inuse, found.tw, found.current, found.opened) == ({AF_INET: 5, AF_INET6: 0}, 2, 3, 30)


@pytest.mark.parametrize(
    ("sockstat", "sockstat6", "tcp"),
    [({}, {}, TCP), ({"TCP": {"inuse": 5}}, {}, TCP), (SOCKSTAT, {"UDP6": {"inuse": 1}}, TCP), (SOCKSTAT, {}, {})],
)
def test_missing_counters_are_named(sockstat, sockstat6, tcp):
    with pytest.raises(MalformedInput, match="have no '"):
        counters_of(sockstat, sockstat6, tcp)


@pytest.mark.parametrize(
    ("release", "expected"),
    [
        ("6.1.0-18-amd64", True),
        ("4.10.0", True),
        ("4.9.337", False),
        ("3.10.0-1160.el7.x86_64", False),
        ("6.12-rc3", True),
        ("10", False),
        ("unknown", False),
        ("", False),
    ],
)
def test_counts_by_namespace(release, expected):
    assert counts_by_namespace(release) == expected
