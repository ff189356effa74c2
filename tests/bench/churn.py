# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Counting while thousands of connections open and close each second, held against the kernel's own counters."""

from __future__ import annotations

import json
import statistics
import subprocess
import time
from pathlib import Path
from typing import Any

from .populated import Population

_OPEN = 8000
_WARM_UP_SECONDS = 8


def measured(*, rate: int, seconds: int, churn: Path, python: Path, library: Path) -> dict[str, Any]:
    """{'rate': connections opened a second, 'sockets', 'ways': {asked: {'established', 'time_wait', 'fell_back', …}}}.

    Each of the two is {'median', 'most'} of how far off it was, in sockets, either way.
    """
    with Population("empty", 0) as population:
        inside = ["nsenter", f"--net={population.namespace}", "--"]
        load = subprocess.Popen(
            [*inside, churn, str(rate), str(_OPEN)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        try:
            time.sleep(_WARM_UP_SECONDS)
            script = Path(__file__).parent / "contestants" / "churn_reader.py"
            command = [*inside, python, "-I", "-S", script, library, str(seconds)]
            done = subprocess.run(command, capture_output=True, text=True, check=True)
        finally:
            load.communicate()
    return summary([json.loads(line) for line in done.stdout.splitlines()])


def summary(readings: list[dict[str, Any]]) -> dict[str, Any]:
    """What came of the readings; the shape is that of measured()."""
    return {
        "rate": readings[-1]["opens_a_second"],
        "sockets": readings[-1]["sockets"],
        "ways": {
            asked: _way([row for row in readings if row["asked"] == asked])
            for asked in dict.fromkeys(row["asked"] for row in readings)
        },
    }


def _way(readings: list[dict[str, Any]]) -> dict[str, Any]:
    usual = "counters+netlink" if readings[0]["asked"] == "auto" else "netlink"
    return {
        "readings": len(readings),
        "fell_back": sum(row["source"] != usual for row in readings),
        **{state: _off([abs(row[state]) for row in readings]) for state in ("established", "time_wait")},
    }


def _off(values: list[int]) -> dict[str, float]:
    return {"median": statistics.median(values), "most": max(values)}
