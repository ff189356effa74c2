# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._formats.inet_diag import BASE_LENGTH, dump_request
from ansible_collections.nettune.tcp.plugins.module_utils._host import recording as recording_module
from ansible_collections.nettune.tcp.plugins.module_utils._host.recording import record
from ansible_collections.nettune.tcp.tests.unit.support.messages import DONE, by_length, chunk, failure, message

LISTENER = message(10, sport=80, queues=(3, 511))
ANSWER = chunk(LISTENER, message(8)), chunk(DONE)


@pytest.fixture
def kernel(monkeypatch, tmp_path):
    """Return a function that makes netlink answer every dump with these reads; a file changes with each dump."""
    file = tmp_path / "state"
    file.write_text("untouched")

    def install(*reads):
        def dump(request, _namespace):
            file.write_text(file.read_text() + f" {request[68:72].hex()}")
            for read in reads:
                if isinstance(read, OSError):
                    raise read
                yield memoryview(read)

        monkeypatch.setattr(recording_module, "dump", dump)
        return str(file)

    return install


def asked(states=0x400, keep=1 << 16):
    return {"request": dump_request(states).hex(), "least": BASE_LENGTH, "keep": keep}


def dumped(**options):
    return record(before=[], dumps=[asked(**options)], after=[])["dumps"][0]


def test_files_are_read_before_and_after_the_dumps(kernel):
    path = kernel(*ANSWER)
    found = record(before=[path], dumps=[asked(), asked(0xBFE, keep=0)], after=[path])
    numbers = [[first.hex(), [list(pair) for pair in pairs]] for first, pairs in by_length(LISTENER, message(8))]
    states = [dump_request(mask)[68:72].hex() for mask in (0x400, 0xBFE)]
    numbers[0][1].sort()
    assert json.loads(json.dumps(found)) == {
        "release": os.uname().release,
        "before": {path: "untouched"},
        "dumps": [
            {"by_length": numbers, "kept": (LISTENER + message(8) + DONE).hex()},
            {"by_length": numbers, "kept": None},
        ],
        "after": {path: " ".join(["untouched", *states])},
    }


@pytest.mark.parametrize(("more", "kept"), [(0, True), (-1, False)])
def test_messages_are_kept_up_to_a_limit(kernel, more, kept):
    reads = [LISTENER * 100, LISTENER * 100, DONE]
    kernel(*reads)
    size = len(b"".join(reads))
    found = dumped(keep=size + more)
    assert found["kept"] == (b"".join(reads).hex() if kept else None)
    assert found["by_length"][0][1][0][1] == 200


def test_the_result_does_not_grow_with_the_number_of_sockets(kernel):
    kernel(*[LISTENER * 290] * 100, DONE)
    assert len(json.dumps(dumped(keep=4096))) < 500


def test_without_dumps_netlink_is_not_used(kernel):
    path = kernel(*ANSWER)
    assert record(before=[], dumps=[], after=[path])["dumps"] == []
    assert Path(path).read_text() == "untouched"


@pytest.mark.parametrize(
    ("reads", "number"),
    [
        pytest.param([PermissionError(1, "no")], 1, id="refused"),
        pytest.param([failure(22)], 22, id="an error of the kernel"),
        pytest.param([bytes(64)], 74, id="malformed"),
        pytest.param([LISTENER, LISTENER[:-4]], 74, id="malformed later"),
    ],
)
def test_a_failed_dump_is_an_errno(kernel, reads, number):
    kernel(*reads)
    assert dumped() == number


@pytest.mark.parametrize(
    "request_text",
    [
        pytest.param("no request", id="not hexadecimal"),
        pytest.param("", id="nothing"),
        pytest.param(dump_request(0x400)[3::-1].hex() + dump_request(0x400)[4:].hex(), id="another byte order"),
    ],
)
def test_a_malformed_request_is_not_sent(kernel, request_text):
    path = kernel(*ANSWER)
    wanted = {"request": request_text, "least": BASE_LENGTH, "keep": 0}
    assert record(before=[], dumps=[wanted], after=[])["dumps"] == [22]
    assert Path(path).read_text() == "untouched"


def test_an_absent_file_is_none_and_an_unreadable_one_an_errno(tmp_path):
    absent, refused = str(tmp_path / "absent"), str(tmp_path)
    found = record(before=[], dumps=[], after=[absent, refused])
    assert found["after"] == {absent: None, refused: 21}
