# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import os

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._host import namespace as namespace_module
from ansible_collections.nettune.tcp.plugins.module_utils._host.namespace import OtherNamespace


@pytest.fixture
def entered_namespace(tmp_path, monkeypatch):
    """Return a namespace made of two files, and the list of the files entered."""
    (tmp_path / "own").write_text("")
    (tmp_path / "other").write_text("")
    entered = []
    monkeypatch.setattr(
        namespace_module,
        "_setns",
        lambda descriptor: entered.append(os.path.basename(os.readlink(f"/proc/self/fd/{descriptor}"))),
    )
    return OtherNamespace(str(tmp_path / "other"), own=str(tmp_path / "own")), entered


def descriptors():
    return len(os.listdir("/proc/self/fd"))


def test_the_namespace_is_entered_and_left(entered_namespace):
    namespace, entered = entered_namespace
    before = descriptors()
    for _time in range(2):
        with namespace:
            assert entered[-1] == "other"
        assert entered[-1] == "own"
    assert descriptors() == before


def test_the_namespace_is_left_after_an_error(entered_namespace):
    namespace, entered = entered_namespace
    with pytest.raises(ValueError, match="inside"), namespace:
        raise ValueError("inside")
    assert entered == ["other", "own"]


def test_a_refusal_leaves_no_descriptor_open(entered_namespace, monkeypatch):
    namespace, _entered = entered_namespace

    def refuse(_descriptor):
        raise PermissionError(1, "no")

    monkeypatch.setattr(namespace_module, "_setns", refuse)
    before = descriptors()
    with pytest.raises(PermissionError), namespace:
        pass
    assert descriptors() == before


def test_an_absent_namespace_raises(tmp_path):
    (tmp_path / "own").write_text("")
    before = descriptors()
    with pytest.raises(FileNotFoundError), OtherNamespace(str(tmp_path / "gone"), own=str(tmp_path / "own")):
        pass
    assert descriptors() == before


@pytest.mark.parametrize("remove_os_setns", [False, True])
def test_a_file_that_is_no_namespace_raises_with_and_without_os_setns(tmp_path, monkeypatch, remove_os_setns):
    if remove_os_setns:
        monkeypatch.delattr(os, "setns", raising=False)
    (tmp_path / "no_namespace").write_text("")
    with pytest.raises(OSError, match="Invalid argument"), OtherNamespace(
        str(tmp_path / "no_namespace"), own=str(tmp_path / "no_namespace")
    ):
        pass
