# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.nettune.tcp.plugins.module_utils._formats import limits_conf
from ansible_collections.nettune.tcp.plugins.module_utils._formats.rlimit import INFINITY

OTHER = "Package: libpam-modules-bin\nStatus: install ok installed\nVersion: 9.9.9\n\n"


@pytest.mark.parametrize(
    ("stanza", "expected"),
    [
        ("Package: libpam-modules\nStatus: install ok installed\nVersion: 1.5.2-6+deb12u2\n", (1, 5, 2)),
        ("Package: libpam-modules\nSource: pam (1.2)\nVersion: 1.7.0-5\n", (1, 7, 0)),
        ("Package: libpam-modules\nVersion: 1:1.10.0-1\n", (1, 10, 0)),
        ("Package: libpam-modules\nVersion: 1.7-1\n", (1, 7, 0)),
        ("Package: libpam-modules\nStatus: deinstall ok config-files\n\nPackage: x\nVersion: 3.0\n", None),
        ("", None),
    ],
)
def test_version_is_read_from_its_own_paragraph(stanza, expected):
    assert limits_conf.debian_version(OTHER + stanza + "\n" + OTHER) == expected


@pytest.mark.parametrize(("version", "expected"), [((1, 1), True), ((1, 5), True), ((1, 7), False), ((2, 0), False)])
def test_versions_that_start_sessions_from_init(version, expected):
    assert limits_conf.starts_from_init(version) is expected


@pytest.mark.parametrize(
    ("version", "expected"),
    [(None, False), ((1, 4, 0), True), ((1, 5, 2), True), ((1, 5, 3), False), ((1, 7, 0), False)],
)
def test_versions_that_fail_without_limits_conf(version, expected):
    assert limits_conf.needs_main(version) is expected


@pytest.mark.parametrize(
    ("version", "expected"), [(None, False), ((1, 3), True), ((1, 4), True), ((1, 5), False), ((1, 7), False)]
)
def test_versions_that_cannot_set_unlimited(version, expected):
    assert limits_conf.unlimited_fails(version) is expected


@pytest.mark.parametrize(
    ("line", "before_1_6", "since"),
    [
        ("* soft nofile 4096\r", 4096, 4096),
        ("* soft nofile unlimited\r", INFINITY, None),  # as edited on Windows
        ("* soft nofile unlimited \t# all", INFINITY, INFINITY),
        ("* soft nofile unlimited please", INFINITY, None),
        ("* soft nofile 4096 please", 4096, 4096),
        ("*\rsoft nofile 4096", 4096, None),
        ("\r* soft nofile 4096", 4096, 4096),
        ("* soft\u00a0nofile 4096", None, None),
        ("* soft nofile\v4096\u00a0", 4096, None),
    ],
)
def test_blanks_by_version(line, before_1_6, since):
    for version, expected in (((1, 5), before_1_6), ((1, 6), since), (None, since)):
        found = limits_conf.entries("f", limits_conf.as_scanned(f"#\n{line}\n", version))
        assert [(entry.line, entry.value) for entry in found] == ([] if expected is None else [(2, expected)])
