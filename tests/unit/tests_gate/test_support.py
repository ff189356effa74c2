# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The support matrix, and whether both READMEs have the one that docs/support.json gives."""

from __future__ import annotations

import pytest

from tests.gate import support
from tests.gate.places import ROOT

NOTES = [
    {"kind": "controller", "core": "2.20.10", "controller": "3.13.0", "target": "3.11.2"},
    {"kind": "controller", "core": "2.20.9", "controller": "3.12.1", "target": "3.11.2"},
    {"kind": "target", "target": "3.10.13", "core": "2.19.14", "controller": "3.11.7"},
    {"kind": "target", "target": "3.8.18", "core": "2.19.14", "controller": "3.11.7"},
    {"kind": "container", "system": "Debian 11", "python": "3.9.2"},
    {"kind": "machine", "system": "Debian 13", "kernel": "7.0.4+deb13-amd64"},
    {"kind": "machine", "system": "Debian 13", "kernel": "6.12.9-amd64"},
]


def test_notes_are_added_to_the_data():
    data = support.merged({"target": {"3.9": ["2.19"]}}, NOTES)
    assert list(data["target"]) == ["3.8", "3.9", "3.10", "3.11"]
    assert data["controller"] == {"2.19": ["3.11"], "2.20": ["3.12", "3.13"]}
    assert support.merged(data, NOTES) == data


def test_table():
    text = support.table(support.merged({}, NOTES), ["RHEL 9", "Alpine 3.23"])
    assert "| ansible-core (controller's Python) | 2.19 (3.11), 2.20 (3.12, 3.13) | |" in text
    assert "| Python of managed hosts, each module | 3.8, 3.10, 3.11 | |" in text
    assert "| containers with systemd | Debian 11 (Python 3.9) | |" in text
    assert "| virtual machines that reboot | Debian 13 (Linux 6.12, 7.0) | |" in text
    assert text.endswith("| other distributions | | RHEL 9, Alpine 3.23 |\n")


def test_what_did_not_run_has_no_row():
    assert support.table(support.merged({}, []), []).count("\n") == 3


def test_markers_are_needed():
    with pytest.raises(ValueError, match="README.md lacks"):
        support.rendered("no markers\n", "")


def test_readme_has_the_matrix_of_the_data():
    matrix = support.matrix_of((ROOT / "docs" / "support.json").read_text())
    readme = support.README.read_text()
    assert support.rendered(readme, matrix) == readme, "README.md is out of date: run make docs"
    assert matrix.count("\n") <= 15
    chinese = support.CHINESE.read_text()
    assert support.rendered(chinese, support.in_chinese(matrix)) == chinese, (
        "README.zh-CN.md is out of date: run make docs"
    )
    assert "ran on" not in support.in_chinese(matrix)
