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

from .measure import Stopwatch
from .populated import Population

# Open at a time.
_OPEN = 8000
# Then as many leave TIME_WAIT as come.
_WARM_UP_SECONDS = 65


def measured(*, rate: int, seconds: int, churn: Path, stopwatch: Path, python: Path, library: Path) -> dict[str, Any]:
    """{'rate': connections opened a second, 'sockets', 'ways': {asked: {'established', 'time_wait', 'fell_back', …}}}.

    Each of the two is {'median', 'most'} of how far off it was, in sockets, either way.
    """
    with Population("empty", 0) as population:
        load = subprocess.Popen(
            # The stopwatch lets it go first, too; what it says of it is of no interest.
            [stopwatch, "2", population.namespace, "-20", churn, str(rate), str(_OPEN)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            time.sleep(_WARM_UP_SECONDS)
            script = Path(__file__).parent / "contestants" / "churn_reader.py"
            command = [python, "-I", "-S", script, library, str(seconds)]
            said = Stopwatch(stopwatch, namespace=population.namespace, nice=-20).run(command).output
        finally:
            load.communicate()
    return summary([json.loads(line) for line in said.splitlines()])


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
