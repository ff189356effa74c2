# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check the branch coverage of the pure code: coverage_report.py <report that `coverage json` wrote>."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, Iterator

# Per cent of all statements and branches.
REQUIRED = 95
# Files below this are listed.
LOW = 90


def lines(report: dict[str, Any]) -> Iterator[str]:
    """Yield the total, then the files below LOW, the lowest first, with the lines that no test runs."""
    yield f"{_percent(report['totals']):.1f} % of the pure code is covered; required: {REQUIRED} %"
    files = ((_percent(one["summary"]), path, one["missing_lines"]) for path, one in report["files"].items())
    for percent, path, missing in sorted(files):
        if percent < LOW:
            yield f"{percent:.0f} % of {path}; not run: {', '.join(map(str, missing)) or 'some branches'}"


def suffices(report: dict[str, Any]) -> bool:
    """Return whether the total is at least REQUIRED."""
    return _percent(report["totals"]) >= REQUIRED


def _percent(summary: dict[str, Any]) -> float:
    return summary["percent_covered"]


if __name__ == "__main__":
    read = json.loads(Path(sys.argv[1]).read_text())
    for text in lines(read):
        print(f"gate: {text}")  # run() shows lines that start so
    sys.exit(0 if suffices(read) else 1)
