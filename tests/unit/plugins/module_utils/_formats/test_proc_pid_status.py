# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import MalformedInput
from ansible_collections.nettune.tcp.plugins.module_utils._formats import proc_pid
from ansible_collections.nettune.tcp.plugins.module_utils._formats.proc_pid import Ids

STATUS = "Name:\tnginx\nUid:\t33\t34\t35\t36\nGid:\t1\t2\t3\t4\nCapEff:\t{}\n"


@pytest.mark.parametrize(
    ("mask", "expected"),
    [("000001ffffffffff", True), ("0000000001000000", True), ("000001fffeffffff", False), ("0000000000000000", False)],
)
def test_cap_sys_resource(mask, expected):
    assert proc_pid.may_raise_limits(STATUS.format(mask)) is expected


def test_ended_process():
    assert proc_pid.may_raise_limits("") is False
    assert proc_pid.ids("") is None


def test_ids():
    assert proc_pid.ids(STATUS.format("0")) == Ids((33, 34, 35), (1, 2, 3))
    assert Ids((33, 34, 35), (1, 2, 3)).all_as_real() == Ids((33, 33, 33), (1, 1, 1))


@pytest.mark.parametrize(
    ("text", "expected"),
    [("         0          0 4294967295\n", True), ("0 100000 65536\n", False), ("", False), (None, True)],
)
def test_initial_user_namespace(text, expected):
    assert proc_pid.is_initial_map(text) is expected


def test_malformed():
    with pytest.raises(MalformedInput, match="/proc/PID/status"):
        proc_pid.ids("Uid:\ta\tb\tc\nGid:\t1\t1\t1\n")
    with pytest.raises(MalformedInput, match="CapEff"):
        proc_pid.may_raise_limits("CapEff:\tmany\n")
