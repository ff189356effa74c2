# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._formats import limits_conf

OTHER = "Package: libpam-modules-bin\nStatus: install ok installed\nVersion: 9.9.9\n\n"


@pytest.mark.parametrize(
    ("stanza", "expected"),
    [
        ("Package: libpam-modules\nStatus: install ok installed\nVersion: 1.5.2-6+deb12u2\n", (1, 5)),
        ("Package: libpam-modules\nSource: pam (1.2)\nVersion: 1.7.0-5\n", (1, 7)),
        ("Package: libpam-modules\nVersion: 1:1.10.0-1\n", (1, 10)),
        ("Package: libpam-modules\nStatus: deinstall ok config-files\n\nPackage: x\nVersion: 3.0\n", None),
        ("", None),
    ],
)
def test_version_is_read_from_its_own_paragraph(stanza, expected):
    assert limits_conf.debian_version(OTHER + stanza + "\n" + OTHER) == expected


@pytest.mark.parametrize(("version", "expected"), [((1, 1), True), ((1, 5), True), ((1, 7), False), ((2, 0), False)])
def test_versions_that_start_sessions_from_init(version, expected):
    assert limits_conf.starts_from_init(version) is expected
