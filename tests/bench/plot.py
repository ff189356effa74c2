# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Draw the plot of docs/performance.md: python -m tests.bench.plot RESULTS SVG."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import matplotlib as mpl

mpl.use("svg")  # before pyplot is imported

from matplotlib import pyplot as plt
from matplotlib.axes import Axes

from . import figures
from .report import size

_OURS = {"counts": "#0b6e4f", "exact": "#2a9d8f", "peers": "#6a9f58", "ports": "#8ab17d", "peers+ports": "#b5c99a"}
_OTHERS = {
    "ss": "#264653",
    "netstat": "#6c757d",
    "node_exporter": "#e9a15b",
    "psutil": "#e76f51",
    "pyroute2": "#9d0208",
}

_LABELS = {"ss": "ss, awk", "netstat": "netstat, awk"}
_LABELS.update({"peers": "state × peer", "ports": "state × port", "peers+ports": "both in one walk"})


def main(results: Path, target: Path) -> None:
    """Draw the usual mix: multiples of the floor's time by number of sockets."""
    # The output is reproducible, and text stays text.
    mpl.rcParams.update({"svg.hashsalt": "nettune", "svg.fonttype": "none", "font.size": 10})
    found = json.loads(results.read_text())
    drawing, axes = plt.subplots(figsize=(9, 5.5), layout="constrained")
    for name, colour in {**_OURS, **_OTHERS}.items():
        _line(axes, found, name, colour)
    entries = figures.usual(found)
    axes.axhline(1, color="black", linewidth=1, linestyle=":")
    axes.set(xscale="log", yscale="log", xlabel="sockets", ylabel="whole process, as a multiple of the floor")
    axes.set_xticks(list(entries), [size(number) for number in entries])
    axes.set_yticks(
        [0.2, 0.5, 1, 2, 5, 10, 20, 50, 100], ["0.2", "0.5", "1 = floor", "2", "5", "10", "20", "50", "100"]
    )
    axes.minorticks_off()
    axes.grid(axis="y", alpha=0.3)
    axes.set_xlim(min(entries) * 0.9, max(entries) * 1.1)
    drawing.legend(loc="outside right center", frameon=False)
    drawing.savefig(target, metadata={"Date": None, "Creator": None})


def _line(axes: Axes, found: figures.Results, name: str, colour: str) -> None:
    """Draw a line of medians with a bar from quartile to quartile."""
    ratios = {number: figures.times(entry, name, "floor") for number, entry in figures.usual(found).items()}
    points = {number: one for number, one in ratios.items() if one}
    if not points:
        return
    medians = [one.median for one in points.values()]
    bars = [[one.median - one.low for one in points.values()], [one.high - one.median for one in points.values()]]
    style = {"marker": "o", "linewidth": 2.5} if name in _OURS else {"marker": "s", "markersize": 4, "linewidth": 1.2}
    axes.errorbar(list(points), medians, yerr=bars, color=colour, capsize=2, label=_LABELS.get(name, name), **style)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
