# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check the branch coverage of the pure code: coverage_report.py <report that `coverage json` wrote>."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, Iterator

# Per cent of all statements and branches together, and of the branches alone.
REQUIRED = 95
# Files below this are listed.
LOW = 90
_IN_PLAYS = "its tests run ansible-playbook, a process that is not measured"
# Why a file is below LOW.
REASONS = {
    "plugins/action/check_options.py": _IN_PLAYS,
    "plugins/action/check_variables.py": _IN_PLAYS,
    "plugins/action/show.py": _IN_PLAYS,
}


def lines(report: dict[str, Any]) -> Iterator[str]:
    """Yield the totals, then the files below LOW, the lowest first, with the reason or the lines that no test runs."""
    totals = report["totals"]
    yield (
        f"{_percent(totals):.1f} % of the pure code is covered, {_branches(totals):.1f} % of its branches; required:"
        f" {REQUIRED} %"
    )
    files = ((_percent(one["summary"]), path, one["missing_lines"]) for path, one in report["files"].items())
    for percent, path, missing in sorted(files):
        if percent < LOW:
            not_run = f"not run: {', '.join(map(str, missing)) or 'some branches'}"
            yield f"{percent:.0f} % of {path}; {REASONS.get(path, not_run)}"


def suffices(report: dict[str, Any]) -> bool:
    """Return whether both totals are at least REQUIRED."""
    return min(_percent(report["totals"]), _branches(report["totals"])) >= REQUIRED


def _percent(summary: dict[str, Any]) -> float:
    return summary["percent_covered"]


def _branches(summary: dict[str, Any]) -> float:
    return summary["percent_branches_covered"]


if __name__ == "__main__":
    read = json.loads(Path(sys.argv[1]).read_text())
    for text in lines(read):
        print(f"gate: {text}")  # run() shows lines that start so
    sys.exit(0 if suffices(read) else 1)
