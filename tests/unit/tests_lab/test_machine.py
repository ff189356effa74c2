# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Snapshots of a machine, and their differences."""

from __future__ import annotations

import os

import pytest
from machine import Snapshot, changed_values, file_tree, machine_sysctls


@pytest.mark.parametrize(
    ("before", "after", "lines"),
    [
        ({}, {}, []),
        ({"/a": "1\n"}, {"/a": "1\n"}, []),
        ({"/a": "1\n"}, {"/a": "2\n"}, ["/a: '1' is now '2'"]),
        ({"/b": "1", "/a": "1"}, {"/a": "2", "/b": "2"}, ["/a: '1' is now '2'", "/b: '1' is now '2'"]),
        ({"/removed": "1"}, {"/added": "1"}, []),
    ],
)
def test_changed_values(before, after, lines):
    assert changed_values(before, after) == lines


def test_write_only_keys_are_left_out(tmp_path):
    (tmp_path / "net").mkdir()
    (tmp_path / "net" / "somaxconn").write_text("4096\n")
    (tmp_path / "flush").write_text("")
    (tmp_path / "flush").chmod(0o200)
    assert machine_sysctls(str(tmp_path)) == {str(tmp_path / "net" / "somaxconn"): "4096\n"}


def _content(path):
    path.write_text("b")


def _mode(path):
    path.chmod(0o600)


def _type(path):
    path.unlink()
    path.symlink_to("elsewhere")


def _existence(path):
    path.unlink()


@pytest.mark.parametrize("change", [_content, _mode, _type, _existence])
def test_a_changed_file_is_noticed(tmp_path, change):
    path = tmp_path / "a.conf"
    path.write_text("a")
    path.chmod(0o644)
    before = file_tree(str(tmp_path))
    change(path)
    assert file_tree(str(tmp_path)) != before


def test_a_new_empty_directory_is_noticed(tmp_path):
    before = file_tree(str(tmp_path))
    os.mkdir(tmp_path / "nettune")
    assert file_tree(str(tmp_path)) != before


def test_an_untouched_tree_is_equal(tmp_path):
    (tmp_path / "a.conf").write_text("a")
    assert file_tree(str(tmp_path)) == file_tree(str(tmp_path)) != {}


def test_a_missing_directory_has_no_files(tmp_path):
    assert file_tree(str(tmp_path / "absent")) == {}


def test_differences_of_two_snapshots():
    before = Snapshot({"/proc/sys/a": "1", "/proc/sys/b": "1"}, {"/etc/x": "old", "/etc/y": "same"})
    after = Snapshot({"/proc/sys/a": "2", "/proc/sys/b": "1"}, {"/etc/z": "new", "/etc/y": "same"})
    assert before.differences(after) == ["/proc/sys/a: '1' is now '2'", "/etc/x", "/etc/z"]
    assert before.differences(before) == []
