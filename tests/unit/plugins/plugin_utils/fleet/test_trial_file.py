# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The result of a trial is read from its file, and every other file is refused in one sentence."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any, Callable

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import InvalidOption
from ansible_collections.nettune.tcp.plugins.plugin_utils.fleet import trial_file
from ansible_collections.nettune.tcp.tests.unit.support import report_fleets

SAMPLE = {"time": "2026-11-29T09:30:00Z", "host": "web1", "ESTABLISHED": 1}


def refused(path: Path, contents: bytes) -> str:
    path.write_bytes(contents)
    with pytest.raises(InvalidOption) as error:
        trial_file.read(str(path))
    text = str(error.value)
    assert text.startswith(f"nettune_trial: {path} is not a result of the playbook trial: ")
    assert text.endswith("; name a file that nettune.tcp.trial -e nettune_output=trial.json has written")
    assert "\n" not in text
    return text


def changed(change: Callable[[dict[str, Any]], Any]) -> bytes:
    """Return the file of a trial with its first host changed."""
    found = report_fleets.trial()
    change(found["hosts"][0])
    return json.dumps(found).encode()


def test_the_file_of_a_trial(tmp_path: Path) -> None:
    path = tmp_path / "trial.json"
    path.write_text(json.dumps(report_fleets.trial()))
    assert trial_file.read(str(path)) == report_fleets.trial()


@pytest.mark.parametrize(
    ("contents", "reason"),
    [
        (b"", "it is empty"),
        (b"host,key,status\nweb1,net.ipv4.tcp_fin_timeout,done\n", "it does not contain JSON"),
        (f"{json.dumps(SAMPLE)}\n{json.dumps(SAMPLE)}\n".encode(), "it has more than one JSON value"),
        (json.dumps(SAMPLE).encode(), "it has no candidates of hosts"),
        (gzip.compress(b'{"hosts": [], "missing": []}'), "it does not contain JSON"),
        (b"[]", "it does not contain a JSON object"),
        (b'{"hosts": [{"host": "web1", "findings": []}], "missing": []}', "it has no candidates of hosts"),
        (b'{"hosts": []}', "it has no missing"),
        (b'{"hosts": [], "missing": []' + b" " * 9 + b', "x": 1e400}', "a number in it is too large"),
    ],
    ids=range(9),
)
def test_another_file_is_refused(tmp_path: Path, contents: bytes, reason: str) -> None:
    assert reason in refused(tmp_path / "other.json", contents)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda row: row.pop("objective"), "has no objective"),
        (lambda row: row.update(key=7), "key is 7"),
        (lambda row: row["candidates"][0].update(median="1"), "a number in it is not a number"),
        (lambda row: row["candidates"][0].update(verdict="fine"), "the verdict of a candidate is unknown"),
        (lambda row: row["samples"]["readings"].pop(), "do not have a time for each reading"),
        (lambda row: row["samples"]["readings"].__setitem__(0, None), "a number in it is not a number"),
        (lambda row: row["samples"]["marks"][0].pop("after"), "has no after"),
        (lambda row: row.update(host="gone1"), "a host is in it twice"),
    ],
)
def test_a_file_that_was_changed_is_refused(
    tmp_path: Path, change: Callable[[dict[str, Any]], Any], reason: str
) -> None:
    assert reason in refused(tmp_path / "trial.json", changed(change))


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(InvalidOption, match="nettune_trial: cannot read .*/none.json: No such file or directory"):
        trial_file.read(str(tmp_path / "none.json"))
