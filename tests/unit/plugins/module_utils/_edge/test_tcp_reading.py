# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
import os

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._edge import tcp_reading
from ansible_collections.nettune.tcp.plugins.module_utils._edge.sock_diag import SockDiag
from ansible_collections.nettune.tcp.plugins.module_utils._edge.tcp_reading import reading

from .._core.messages import DONE, chunk, failure, message

LISTENER = message(10, sport=80, queues=(3, 511))


class Kernel(SockDiag):
    """Answers every dump with the same; files of the host change with it."""

    answer = (chunk(LISTENER, message(8)), chunk(DONE))
    refusal = None
    file = None

    def dump(self, states):
        self.file.write_text(f"{states:#x}")
        if self.refusal:
            raise OSError(self.refusal, "no")
        yield from self.answer


@pytest.fixture
def kernel(monkeypatch, tmp_path):
    monkeypatch.setattr(tcp_reading, "SockDiag", Kernel)
    monkeypatch.setattr(Kernel, "file", tmp_path / "state")
    Kernel.file.write_text("untouched")
    return Kernel


def test_files_are_read_before_and_after_the_walk(kernel):
    path = str(kernel.file)
    found = reading(before=[path], states=0x400, listeners=32, after=[path])
    assert found == {
        "release": os.uname().release,
        "before": {path: "untouched"},
        "walk": {
            "sockets": [[2, 8, True, 1], [2, 10, True, 1]],
            "listeners": {"rows": [{"address": "127.0.0.1", "port": 80, "backlog": 511, "queued": 3}], "total": 1},
        },
        "after": {path: "0x400"},
    }
    assert json.loads(json.dumps(found)) == found


def test_listeners_are_bounded_and_may_be_left_out(kernel, monkeypatch):
    monkeypatch.setattr(kernel, "answer", (chunk(*[LISTENER] * 100), chunk(DONE)))
    walk = reading(before=[], states=0x400, listeners=32, after=[])["walk"]
    assert (len(walk["listeners"]["rows"]), walk["listeners"]["total"]) == (32, 100)
    walk = reading(before=[], states=0x400, listeners=0, after=[])["walk"]
    assert walk == {"sockets": [[2, 10, True, 100]], "listeners": {"rows": [], "total": 0}}


def test_without_states_there_is_no_walk(kernel):
    assert reading(before=[], states=0, listeners=0, after=[])["walk"] is None
    assert kernel.file.read_text() == "untouched"


@pytest.mark.parametrize(
    ("attribute", "value"),
    [("refusal", 1), ("answer", (chunk(failure(22)),)), ("answer", (memoryview(bytes(64)),))],
)
def test_a_refused_walk_is_none(kernel, monkeypatch, attribute, value):
    monkeypatch.setattr(kernel, attribute, value)
    assert reading(before=[], states=0xFFE, listeners=32, after=[])["walk"] is None


def test_absent_files_and_refused_ones_are_told_apart(tmp_path):
    absent, refused = str(tmp_path / "absent"), str(tmp_path)
    found = reading(before=[], states=0, listeners=0, after=[absent, refused])
    assert found["after"] == {absent: None, refused: 21}
