# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The section on fleets of docs/performance.md."""

from __future__ import annotations

from typing import Any, Callable

from ..figures import typical
from ..markdown import figure, goals_table, precise, table, thousands
from . import figures
from .figures import PROJECTED
from .ways import WAYS

_KIB, _MB = 1024, 1_000_000
_PROJECTED = ("controller_cpu", "main_kib", "sent")


def text(results: dict[str, Any]) -> str:
    """Return the tables."""
    found = results["fleet"]
    parts = [goals_table(list(figures.goals(found)))]
    parts += [_size(found, hosts) for hosts in figures.entries(found)]
    parts += [_growth(found), _recorded(found)]
    machine = found["machine"]
    parts.append(f"Linux {machine['kernel']}, {machine['processors']}.\n")
    return "\n".join(parts)


def _size(found: dict[str, Any], hosts: int) -> str:
    """Return the table of one number of hosts."""
    entry = figures.entries(found)[hosts]
    rows = []
    for way in WAYS:
        if typical(figures.column(entry, "seconds"), way.name) is None:
            continue
        value = {
            what: typical(figures.column(entry, what), way.name) or 0.0
            for what in ("seconds", "controller_cpu", "hosts_cpu", "main_kib", "sum_kib", "sent")
        }
        times = [figures.to_trivial(found, hosts, way.name, what) for what in ("seconds", "processor", "sent")]
        rows.append(
            [
                way.label,
                *(figure(value[what]) for what in ("seconds", "controller_cpu", "hosts_cpu")),
                precise(times[0]),
                f"**{precise(times[1])}**",
                f"{value['main_kib'] / _KIB:.0f}",
                f"{value['sum_kib'] / _KIB:.0f}",
                f"{value['sent'] / hosts / 1000:.0f}",
                precise(times[2]),
            ]
        )
    head = [f"{hosts} hosts", "seconds", "processor s, controller", "processor s, hosts", "time ÷ `ping`"]
    head += ["processor ÷ `ping`", "MiB, main process", "MiB, controller", "kB sent to a host", "sent ÷ `ping`"]
    rounds = len(entry["rounds"])
    return f"{table(head, rows)}\nRounds: {rounds}, load average at the end: {entry['load']:.0f}.\n"


def _growth(found: dict[str, Any]) -> str:
    """Return the growth per host and the projection, and by how much the largest size differs from a projection."""
    rows = []
    for way in WAYS:
        processor, memory, sent = (figures.line(found, way.name, what) for what in _PROJECTED)
        if processor and memory and sent:
            missed = [one for what in _PROJECTED if (one := figures.missed_by(found, way.name, what))]
            rows.append(
                [
                    way.label,
                    f"{1000 * processor.per_host:.0f}",
                    f"{memory.per_host * _KIB / 1000:.0f}",
                    f"{sent.per_host / 1000:.0f}",
                    figure(processor.at(PROJECTED) / 60),
                    f"{memory.at(PROJECTED) / _KIB:.0f}",
                    f"{sent.at(PROJECTED) / _MB:.0f}",
                    f"{missed[0][0]}: {' / '.join(precise(by) for _hosts, by in missed)}" if missed else "–",
                ]
            )
    if not rows:
        return "Growth: measured for one number of hosts only.\n"
    head = ["one more host", "ms of a processor", "kB of memory", "kB sent"]
    head += [f"{PROJECTED:,}: processor minutes", f"{PROJECTED:,}: MiB", f"{PROJECTED:,}: MB sent"]
    head.append("most hosts: measured ÷ projected")
    return table(head, rows)


def _recorded(found: dict[str, Any]) -> str:
    """Return the table of playbooks that read a recording."""
    recorded = found.get("recorded")
    if not recorded:
        return "Playbooks with a recording: not measured.\n"
    columns: dict[str, Callable[[dict[str, float]], str]] = {
        "seconds": lambda run: figure(run["seconds"]),
        "processor s": lambda run: figure(run["cpu_seconds"]),
        "MB of memory": lambda run: f"{run['rss_kib'] * _KIB / _MB:.0f}",
        "MB written": lambda run: f"{run['bytes'] / _MB:.1f}",
    }
    rows = [[f"`{name}.yml`", *(cell(run) for cell in columns.values())] for name, run in recorded["runs"].items()]
    return table([f"{thousands(recorded['hosts'])} recorded hosts", *columns], rows)
