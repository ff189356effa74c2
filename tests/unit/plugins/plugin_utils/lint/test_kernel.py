# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Releases of kernels."""

from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.plugin_utils.lint import kernel


@pytest.mark.parametrize(
    ("release", "version"),
    [
        ("3.10", (3, 10, 0)),
        ("5.15", (5, 15, 0)),
        ("2.6.32-754.el6.x86_64", (2, 6, 32)),
        ("6.8.0-31-generic", (6, 8, 0)),
        ("4.18.0-553.el8_10.x86_64", (4, 18, 0)),
        ("6.1.0~rc1", (6, 1, 0)),
        ("5.10.16.3-microsoft-standard-WSL2", (5, 10, 16)),
        (" 6.12.117+deb13 ", (6, 12, 117)),
    ],
)
def test_a_release(release, version):
    assert kernel.of(release).version == version


@pytest.mark.parametrize(
    ("release", "since", "has"),
    [
        ("4.12", "4.12", True),
        ("4.11.12", "4.12", False),
        ("5.4", "4.12", True),
        ("2.6.35", "2.6.35", True),
        ("2.6.34", "2.6.35", False),
        ("3.0", "2.6.35", True),
        ("6.8.0", "6.8.1", False),
    ],
)
def test_what_a_kernel_has(release, since, has):
    assert kernel.of(release).has(since) is has
