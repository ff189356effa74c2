# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import errno
import json
import os

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import InvalidOption
from ansible_collections.nettune.tcp.plugins.plugin_utils.screens.export import write
from ansible_collections.nettune.tcp.plugins.plugin_utils.screens.line import Screen

SCREEN = Screen(
    [], {}, {"hosts": [{"host": "web1"}]}, [{"host": "web1", "total": 3}, {"host": "=cmd()", "why": ["a", "ü"]}]
)


def test_nothing_is_written_without_a_path():
    assert write(SCREEN, None) == []


def test_json(tmp_path):
    path = tmp_path / "out.json"
    assert [line.text for line in write(SCREEN, str(path))] == [f"written: {path}"]
    assert json.loads(path.read_text()) == {"hosts": [{"host": "web1"}]}
    assert path.stat().st_mode & 0o777 == 0o600


def test_csv_keeps_formulas_from_being_executed(tmp_path):
    path = tmp_path / "out.csv"
    write(SCREEN, str(path))
    assert path.read_text() == 'host,total,why\nweb1,3,\n\'=cmd(),,"[""a"", ""ü""]"\n'


def test_an_existing_file_becomes_private(tmp_path):
    path = tmp_path / "out.json"
    path.write_text("old")
    path.chmod(0o644)
    write(SCREEN, str(path))
    assert path.stat().st_mode & 0o777 == 0o600
    assert os.listdir(tmp_path) == ["out.json"]


def test_a_text_of_the_screen_is_for_other_users(tmp_path):
    path = tmp_path / "out.prom"
    write(SCREEN._replace(texts={".prom": "a 1\n"}), str(path))
    assert path.read_text() == "a 1\n"
    assert path.stat().st_mode & 0o777 == 0o644


@pytest.mark.parametrize(
    ("name", "message"),
    [("out.txt", "its name must end with .json or .csv"), ("missing/out.json", "cannot write")],
)
def test_refusals(tmp_path, name, message):
    with pytest.raises(InvalidOption, match=message):
        write(SCREEN, str(tmp_path / name))
    assert os.listdir(tmp_path) == []


def test_surrogates_do_not_break_the_file(tmp_path):
    path = tmp_path / "out.json"
    write(Screen([], {}, ["gr\udce9"], []), str(path))
    assert path.read_text() == '[\n  "gr\\udce9"\n]\n'


def test_fifo_is_written_to_and_not_replaced(tmp_path):
    path = tmp_path / "out.csv"
    os.mkfifo(path)
    reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    try:
        write(Screen([], {}, {}, [{"host": "web1", "reason": None}]), str(path))
        assert os.read(reader, 100) == b"host,reason\nweb1,\n"
    finally:
        os.close(reader)
    assert path.is_fifo()
    assert os.listdir(tmp_path) == ["out.csv"]


def test_failed_write_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "out.json"
    path.write_text("old")

    def full(*_paths):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(InvalidOption, match=f"nettune_output: cannot write {path}: No space left on device"):
        write(SCREEN, str(path))
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["out.json"]
