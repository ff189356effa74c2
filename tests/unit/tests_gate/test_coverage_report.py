# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.nettune.tcp.tests.gate import coverage_report


def report(total: float, **files: tuple[float, list[int]]) -> dict[str, Any]:
    return {
        "totals": {"percent_covered": total},
        "files": {
            f"plugins/{name}.py": {"summary": {"percent_covered": percent}, "missing_lines": missing}
            for name, (percent, missing) in files.items()
        },
    }


def test_low_files_are_listed_lowest_first() -> None:
    read = report(96.04, good=(90.0, [1]), low=(89.9, [3, 4]), branches=(60.0, []))
    assert list(coverage_report.lines(read)) == [
        "96.0 % of the pure code is covered; required: 95 %",
        "60 % of plugins/branches.py; not run: some branches",
        "90 % of plugins/low.py; not run: 3, 4",
    ]


@pytest.mark.parametrize(("total", "suffices"), [(94.99, False), (95.0, True), (100.0, True)])
def test_less_than_the_required_total_fails(total: float, suffices: bool) -> None:
    assert coverage_report.suffices(report(total)) is suffices
