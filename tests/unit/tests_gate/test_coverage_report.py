# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ansible_collections.nettune.tcp.tests.gate import coverage_report

ROOT = Path(__file__).parents[3]


def report(total: float, branches: float = 97.0, **files: tuple[float, list[int]]) -> dict[str, Any]:
    return {
        "totals": {"percent_covered": total, "percent_branches_covered": branches},
        "files": {
            f"plugins/{name.replace('__', '/')}.py": {"summary": {"percent_covered": percent}, "missing_lines": missing}
            for name, (percent, missing) in files.items()
        },
    }


def test_low_files_are_listed_lowest_first() -> None:
    read = report(96.04, good=(90.0, [1]), low=(89.9, [3, 4]), partly=(60.0, []), action__show=(70.0, [5]))
    assert list(coverage_report.lines(read)) == [
        "96.0 % of the pure code is covered, 97.0 % of its branches; required: 95 %",
        "60 % of plugins/partly.py; not run: some branches",
        "70 % of plugins/action/show.py; its tests run ansible-playbook, a process that is not measured",
        "90 % of plugins/low.py; not run: 3, 4",
    ]


@pytest.mark.parametrize(
    ("total", "branches", "suffices"), [(94.99, 99.0, False), (99.0, 94.99, False), (95.0, 95.0, True)]
)
def test_less_than_the_required_total_fails(total: float, branches: float, suffices: bool) -> None:
    assert coverage_report.suffices(report(total, branches)) is suffices


def test_reasons_name_files_that_exist() -> None:
    assert [path for path in coverage_report.REASONS if not (ROOT / path).is_file()] == []
