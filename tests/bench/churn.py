# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Count while thousands of connections open and close each second, and compare with the kernel's own counters."""

from __future__ import annotations

import json
import statistics
import subprocess
import time
from pathlib import Path
from typing import Any

from .measure import Stopwatch
from .population import Population

# Connections open at a time.
_OPEN = 8000
# Long enough that as many sockets leave TIME_WAIT as enter it.
_WARM_UP_SECONDS = 65


def measured(*, rate: int, seconds: int, churn: Path, stopwatch: Path, python: Path, library: Path) -> dict[str, Any]:
    """Return {'rate': connections a second, 'sockets', 'ways': {asked: {'established', 'time_wait', 'fell_back', …}}}.

    The two states have {'median', 'most'} of their absolute error in sockets.
    """
    with Population("empty", 0) as population:
        load = subprocess.Popen(
            # The stopwatch gives it priority too; its report is not used.
            [stopwatch, "2", population.namespace, "-20", churn, str(rate), str(_OPEN)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            time.sleep(_WARM_UP_SECONDS)
            script = Path(__file__).parent / "programs" / "churn_reader.py"
            command = [python, "-I", "-S", script, library, str(seconds)]
            output = Stopwatch(stopwatch, namespace=population.namespace, nice=-20).run(command).output
        finally:
            load.communicate()
    return summary([json.loads(line) for line in output.splitlines()])


def summary(readings: list[dict[str, Any]]) -> dict[str, Any]:
    """Summarise the readings, in the shape of measured()."""
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
