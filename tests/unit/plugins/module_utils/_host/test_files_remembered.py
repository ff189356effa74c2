# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._host.files import HostFiles, RememberedFiles


@pytest.fixture
def files(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "link").symlink_to("there")
    return RememberedFiles(HostFiles(str(tmp_path)))


def test_file_is_read_once(files, tmp_path):
    assert (files.listdir("/a"), files.readlink("/a/link")) == (["link"], "there")
    (tmp_path / "a" / "link").unlink()
    assert (files.listdir("/a"), files.readlink("/a/link")) == (["link"], "there")


def test_absence_is_remembered(files, tmp_path):
    assert (files.listdir("/b"), files.readlink("/b")) == ([], None)
    (tmp_path / "b").symlink_to("a")
    assert (files.listdir("/b"), files.readlink("/b")) == ([], None)


def test_remembered_files_have_the_same_root(files):
    assert files.is_directory("/a")
