# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Recordings: what is written is read again, and any other file is refused in one sentence."""

from __future__ import annotations

import gzip
import json
import os
import random
import time

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import InvalidOption
from ansible_collections.nettune.tcp.plugins.module_utils._formats import tcp_state
from ansible_collections.nettune.tcp.plugins.plugin_utils.fleet import recording, trial_file
from ansible_collections.nettune.tcp.plugins.plugin_utils.watch import samples
from ansible_collections.nettune.tcp.plugins.plugin_utils.watch.proc_stat import Activity
from ansible_collections.nettune.tcp.plugins.plugin_utils.watch.samples import Sample
from ansible_collections.nettune.tcp.tests.unit.support import fleet_rows

DAY = 24 * 60 * 60
DRIFT = dict.fromkeys(("what", "expected", "running", "boot", "reason", "when"), "x")
MARK = {"what": "net.ipv4.tcp_fin_timeout", "before": "60", "after": "30"}


def written(directory, **changes):
    """Write the recording of the fleet with changes, and return its path."""
    path = directory / "changed.json.gz"
    path.write_bytes(gzip.compress(json.dumps({**recording.document(fleet_rows.fleet()), **changes}).encode()))
    return str(path)


def one_sentence(path):
    """Return the message with which a file is refused."""
    with pytest.raises(InvalidOption) as refused:
        recording.read(str(path))
    message = str(refused.value)
    assert message.startswith("nettune_from: ")
    assert "\n" not in message
    assert len(message) < 400
    return message


def test_what_is_written_is_read(tmp_path):
    found = recording.read(fleet_rows.recorded(tmp_path))
    assert found["hosts"] == fleet_rows.fleet()["hosts"]
    assert [row["host"] for row in found["missing"]] == ["web4"]


def test_a_day_of_samples_every_ten_seconds_is_below_5_mb(tmp_path):
    # Counts and rates that never repeat, which compress worst.
    chance = random.Random(1)
    series = []
    for number in range(DAY // 10):
        states = {state: chance.randrange(100_000) for state in tcp_state.NAMES}
        activity = Activity(*(chance.random() * 100_000 for _field in Activity._fields))
        series.append(samples.record("web1", Sample(1.7e9 + 10 * number, states, activity)))
    row = {**fleet_rows.row("web1"), "samples": recording.columns(series)}
    data = recording.packed(recording.document({"hosts": [row], "missing": []}))
    assert len(data) < 5_000_000
    path = tmp_path / "day.json.gz"
    path.write_bytes(data)
    found = recording.read(str(path))["hosts"][0]["samples"]
    assert found["seconds"][-1] == DAY - 10
    assert found["series"]["LISTEN"] == [sample["LISTEN"] for sample in series]


def test_samples_as_columns():
    rows = [
        {"time": "2026-11-29T23:59:55Z", "host": "web1", "LISTEN": 2, "system": None},
        {"time": "2026-11-30T00:00:05Z", "host": "web1", "LISTEN": 3, "system": 1.5},
    ]
    assert recording.columns(rows, [{"time": "2026-11-30T00:00:05Z", **MARK}]) == {
        "start": "2026-11-29T23:59:55Z",
        "seconds": [0, 10],
        "series": {"LISTEN": [2, 3], "system": [None, 1.5]},
        "marks": [{"seconds": 10, **MARK}],
    }
    assert recording.columns([]) is None


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "it is empty"),
        (b'{"format": "nettune-recording"}', "not compressed with gzip"),
        (gzip.compress(b"{}", mtime=0)[:-9], "truncated"),
        (gzip.compress(b"{}" * 1000, mtime=0)[:20] + b"x" * 30, "damaged"),
        (gzip.compress(b"not JSON", mtime=0), "does not contain JSON"),
        (gzip.compress(b"\xff\xfe{}", mtime=0), "does not contain JSON"),
        (gzip.compress(b'{"version": NaN}', mtime=0), "does not contain JSON"),
        (gzip.compress(b"[]", mtime=0), "does not contain a JSON object"),
        (gzip.compress(b"{}", mtime=0), "not written by the playbook record"),
        (gzip.compress(b"[" * 100_000, mtime=0), "nested too deeply"),
        (gzip.compress(b'{"samples": 1e999}', mtime=0), "a number in it is too large"),
        (gzip.compress(b'{"samples": [1' + b"0" * 400 + b"]}", mtime=0), "a number in it is too large"),
        (gzip.compress(b'{"a":' * 40 + b"1" + b"}" * 40, mtime=0), "nested too deeply"),
    ],
)
def test_other_files_are_refused(tmp_path, data, reason):
    path = tmp_path / "other.json.gz"
    path.write_bytes(data)
    assert reason in one_sentence(path)


def test_a_truncated_recording_is_refused_wherever_it_ends(tmp_path):
    whole = tmp_path / "whole.json.gz"
    whole.write_bytes(recording.packed(recording.document(fleet_rows.fleet())))
    data = whole.read_bytes()
    path = tmp_path / "truncated.json.gz"
    for end in range(0, len(data), 97):
        path.write_bytes(data[:end])
        one_sentence(path)


def test_a_small_file_does_not_fill_the_memory(tmp_path, monkeypatch):
    monkeypatch.setattr(recording.json_file, "MOST_BYTES", 1 << 20)
    path = tmp_path / "large.json.gz"
    path.write_bytes(gzip.compress(b" " * (64 << 20)))
    started = time.monotonic()
    assert "more than 1 MB before compression" in one_sentence(path)
    assert time.monotonic() - started < 10
    with pytest.raises(InvalidOption, match="record fewer hosts in a file"):
        recording.packed({"hosts": ["x" * (2 << 20)]})


def test_files_that_cannot_be_opened(tmp_path):
    assert "No such file or directory" in one_sentence(tmp_path / "none.json.gz")
    assert "Is a directory" in one_sentence(tmp_path)


@pytest.mark.parametrize("kind", ["pipe", "device"])
def test_a_file_without_an_end_is_refused(tmp_path, kind):
    path = tmp_path / "pipe.json.gz"
    os.mkfifo(path)
    assert "it is not a regular file" in one_sentence(path if kind == "pipe" else "/dev/zero")
    with pytest.raises(InvalidOption, match="it is not a regular file"):
        trial_file.read(str(path) if kind == "pipe" else "/dev/zero")


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"version": 2}, "its version is 2, and this release of nettune.tcp reads version 1"),
        ({"version": None}, "its version is None"),
        ({"format": "other"}, "not written by the playbook record"),
        ({"hosts": None}, "hosts is not a list of objects"),
        ({"hosts": ["web1"]}, "hosts is not a list of objects"),
        ({"missing": {}}, "missing is not a list of objects"),
        ({"hosts": [{}]}, "a host has no name"),
        ({"missing": [{"host": 7}]}, "a host has no name"),
        ({"missing": [{"host": "web1", "unreachable": True, "reason": "", "groups": []}]}, "a host is in it twice"),
        ({"missing": [{"host": "a", "unreachable": "yes", "reason": ""}]}, "reason of 'a' does not have the form"),
    ],
)
def test_recordings_of_another_form_are_refused(tmp_path, changes, reason):
    assert reason in one_sentence(written(tmp_path, **changes))


@pytest.mark.parametrize(
    "changes",
    [
        {"groups": "web"},
        {"groups": [1]},
        {"at": 5},
        {"release": []},
        {"partial": {}},
        {"partial": ["sysctl"]},
        {"profiles": []},
        {"profiles": {"profiles": [1], "drift": []}},
        {"profiles": {"profiles": [{"parameters": []}], "drift": []}},
        {"profiles": {"profiles": [], "drift": [{"what": "net.ipv4.tcp_fin_timeout"}]}},
        {"profiles": {"profiles": [], "drift": [{**DRIFT, "profile": ["web"]}]}},
        {"profiles": {"profiles": [], "drift": [], "partial": ["journal"]}},
        {"samples": []},
        {"samples": {"start": "x", "seconds": [1], "series": {"LISTEN": [1, 2]}}},
        {"samples": {"start": "x", "seconds": ["1"], "series": {}}},
        {"samples": {"start": "x", "seconds": [1], "series": {"LISTEN": ["many"]}}},
        {"samples": {"start": "x", "seconds": [], "series": {}, "marks": {}}},
        {"samples": {"start": "x", "seconds": [], "series": {}, "marks": [{"seconds": 1, "what": "x", "before": 1}]}},
        {"samples": {"start": "x", "seconds": [], "series": {}, "marks": [{"seconds": "1", **MARK}]}},
    ],
)
def test_rows_of_another_form_are_refused(tmp_path, changes):
    (name,) = changes
    message = one_sentence(written(tmp_path, hosts=[{**fleet_rows.row("web1"), **changes}]))
    assert f"{name} of 'web1' does not have the form" in message


@pytest.mark.parametrize("facts", [None, 7, {}, {"nettune_tcp": 7}, {"nettune_tcp": {"states": {"LISTEN": "many"}}}])
def test_a_host_with_malformed_facts_is_missing(tmp_path, facts):
    path = written(tmp_path, hosts=[fleet_rows.row("web1"), {**fleet_rows.row("web2"), "facts": facts}])
    found = recording.read(path)
    assert [row["host"] for row in found["hosts"]] == ["web1"]
    assert found["missing"][0]["reason"].startswith("its facts in the recording are malformed: ")
