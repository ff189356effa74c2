# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Figures of the part load: the phases by kind, the cost of gathering, and the goals."""

from __future__ import annotations

from statistics import median
from typing import Any, Iterator

from .figures import Ratio, difference
from .goals import Goal

_LABELS = {
    "control": "none of our work",
    "ours": "apply, verify, gather, revert",
    "gathering": "gather and `ping` in turns",
}
_TRIVIAL = "ping"
Found = dict[str, Any]


def phases(found: Found) -> Iterator[tuple[str, dict[str, float]]]:
    """Yield the label and the figures of each kind of phase: sums, the longest time, and the rate."""
    for kind, label in _LABELS.items():
        rows = [row for row in found["phases"] if row["phase"] == kind]
        if rows:
            names = ("seconds", "runs", "opened", "failed", "lost", "slow")
            sums = {name: sum(row[name] for row in rows) for name in names}
            yield (
                label,
                {
                    **sums,
                    "longest_ms": max(row["longest_ms"] for row in rows),
                    "rate": sums["opened"] / sums["seconds"],
                },
            )


def costs(found: Found) -> Iterator[tuple[str, float, Ratio | None]]:
    """Yield each module, its seconds of processor time, and the percentage of a processor beyond a trivial module."""
    for name in found["cpu"][0]:
        more = None if name == _TRIVIAL else _percentage(found, name)
        yield name, median(row[name] for row in found["cpu"]), more


def goals(found: Found) -> list[Goal]:
    """Return the goals."""
    ours = [row for row in found["phases"] if row["phase"] != "control"]
    more = _percentage(found, "tcp_facts")
    interval = found["size"]["interval"]
    return [
        Goal("connections that failed during our work", 0, "", sum(row["failed"] + row["lost"] for row in ours)),
        Goal(f"`tcp_facts` every {interval} s, beyond `ping`", 1, " % of a CPU", more and more.median),
    ]


def _percentage(found: Found, name: str) -> Ratio | None:
    more = difference(found["cpu"], name, _TRIVIAL)
    by = 100 / found["size"]["interval"]
    return more and Ratio(more.median * by, more.low * by, more.high * by, more.pairs)
