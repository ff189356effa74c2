# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import errno

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.host.proc_sys import explain


@pytest.mark.parametrize(
    ("number", "message"),
    [
        (errno.EINVAL, "EINVAL: the kernel rejects this value"),
        (errno.ENOENT, "ENOENT: the kernel does not know this name; an algorithm"),
        (errno.EACCES, "EACCES: the file is read-only"),
        (errno.EPERM, "EPERM: a capability is missing"),
        (errno.EROFS, "EROFS: /proc/sys is mounted read-only"),
        (errno.EBUSY, "EBUSY: "),
        (errno.ENOMEM, "ENOMEM: "),
        (errno.ENODEV, "ENODEV: "),
    ],
)
def test_errno_has_name_and_explanation(number: int, message: str) -> None:
    assert explain(number).startswith(message)


@pytest.mark.parametrize(("number", "message"), [(errno.EIO, "EIO"), (0, "0"), (99999, "99999")])
def test_errno_without_explanation(number: int, message: str) -> None:
    assert explain(number) == message
