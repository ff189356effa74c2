# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a diagnosis in the lab is held against."""

from __future__ import annotations

import pytest
from case import Between
from verdicts import Expected, healthy, sick, told

LAST_ACK = Expected("last_ack", {"count": Between(300, 302), "port": 80}, remedies=("orphans",), never=("keepalive",))


def finding(name, *, primary=False, because_of=None, profiles=(None,), **evidence):
    return {
        "id": name,
        "primary": primary,
        "because_of": because_of,
        "evidence": evidence,
        "remedies": [{"profile": profile} for profile in profiles],
    }


def diagnosis(*findings, unjudged=("tcp_memory",)):
    return {"findings": list(findings), "unjudged": [{"id": name, "reason": "it is absent"} for name in unjudged]}


PRIMARY = finding("last_ack", primary=True, profiles=(None, "orphans"), count=301, port=80, peers=["a"])


def test_nothing_found_is_healthy():
    assert healthy(diagnosis()) == []


@pytest.mark.parametrize(
    ("found", "complaint"),
    [
        (diagnosis(finding("emfile", count=1)), "a false alarm: emfile {'count': 1}"),
        (diagnosis(unjudged=["tcp_memory", "close_wait"]), "not judged: close_wait, for it is absent"),
        (diagnosis(unjudged=[]), "it is not said that tcp_memory cannot be judged here"),
    ],
)
def test_anything_found_or_left_out_is_not(found, complaint):
    assert healthy(found) == [complaint]


def test_the_right_finding():
    assert sick(diagnosis(PRIMARY), LAST_ACK) == []


@pytest.mark.parametrize(
    ("findings", "complaint"),
    [
        ([], "last_ack was to be the primary finding, not nothing"),
        ([finding("closing", primary=True)], "last_ack was to be the primary finding, not closing {}"),
        ([{**PRIMARY, "evidence": {"count": 299, "port": 80}}], "count was to be 300 to 302, not 299"),
        ([{**PRIMARY, "evidence": {"count": 300}}], "port was to be 80, not None"),
        ([PRIMARY, finding("closing")], "a false alarm besides: closing {}"),
        ([PRIMARY, finding("closing", because_of="last_ack")], "a false alarm besides: closing {}"),
        ([finding("last_ack", primary=True, count=300, port=80)], "the remedy orphans is not proposed"),
        (
            [finding("last_ack", primary=True, profiles=("orphans", "keepalive"), count=300, port=80)],
            "keepalive is proposed, which cannot help",
        ),
    ],
)
def test_a_wrong_finding(findings, complaint):
    assert sick(diagnosis(*findings), LAST_ACK) == [complaint]


@pytest.mark.parametrize(
    ("others", "complaints"),
    [
        ([finding("emfile", because_of="last_ack")], []),
        ([finding("emfile")], ["emfile was to be there because of last_ack, but is None"]),
        ([finding("emfile", because_of="closing")], ["emfile was to be there because of last_ack, but is closing"]),
        ([], ["emfile was to be there because of last_ack, but is absent"]),
    ],
)
def test_what_it_drags_along(others, complaints):
    assert sick(diagnosis(PRIMARY, *others), LAST_ACK._replace(drags={"emfile": "last_ack"})) == complaints


@pytest.mark.parametrize(
    ("figure", "right", "wrong"), [(Between(2, 3), [2, 2.5, 3], [1.9, 3.1, None, "2"]), (Between(2, 2), [2], [1, 3])]
)
def test_a_figure_that_moves(figure, right, wrong):
    assert all(figure == number for number in right)
    assert not any(figure == number for number in wrong)


def test_figures_are_told_in_a_line():
    peers = [{"address": "192.0.2.1", "count": 2}, {"address": "192.0.2.2", "count": 1}]
    found = diagnosis(finding("last_ack", primary=True, count=3, peers=peers))
    assert told(found, {"count": 3, "peers": peers, "pid": 1}) == "count 3, peers 192.0.2.1 2 192.0.2.2 1, pid None"
