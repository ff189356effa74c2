# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run all ways on fleets of several sizes in turns, and the report of thousands of recorded hosts."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Callable, Iterator

from tests.gate.places import BIN, ROOT, environment

from ..measure import Stopwatch
from . import controller
from .hosts import Fleet, ansible_environment
from .ways import WAYS, Way, WrongResult

_RECORDED = 5000
_FROM_A_RECORDING = {"report": ".html", "diagnose": ".json"}
Say = Callable[[str], None]


def sizes(hosts: list[int], *, rounds: int, only: list[str], stopwatch: Path, say: Say) -> Iterator[dict[str, Any]]:
    """Yield {hosts, rounds: [{way: cost}], load} of each number of hosts, again after each way.

    only: names of the ways to run, all if empty.
    """
    ways = [one for one in WAYS if not only or one.name in only]
    for number in hosts:
        rows: list[dict[str, Any]] = []
        with tempfile.TemporaryDirectory(prefix="nb-") as directory, Fleet(
            number, ssh=True, state=Path(directory)
        ) as fleet:
            for _round in range(rounds):
                rows.append({})
                for way in ways:
                    rows[-1][way.name] = _run(way, fleet, Path(directory), stopwatch)
                    say(f"  {number} hosts, round {len(rows)}, {_line(way.name, rows[-1][way.name])}")
                    yield {"hosts": number, "rounds": rows, "load": os.getloadavg()[2]}


def _run(way: Way, fleet: Fleet, state: Path, stopwatch: Path) -> dict[str, float]:
    command = fleet.command(way.playbook(), *way.arguments(state))
    cost, output = controller.run(fleet, Stopwatch(stopwatch), command)
    way.check(output, fleet.names, state)
    return cost._asdict()


def _line(name: str, cost: dict[str, float]) -> str:
    return (
        f"{name}: {cost['seconds']:.1f} s, processor {cost['controller_cpu']:.1f} + {cost['hosts_cpu']:.1f} s,"
        f" {cost['main_kib'] / 1024:.0f} MiB, {cost['sent'] / 1024:.0f} KiB sent"
    )


def recorded(*, stopwatch: Path, say: Say) -> dict[str, Any]:
    """Return {hosts, runs: {playbook: {seconds, cpu_seconds, rss_kib, bytes}}} of playbooks that read a recording.

    The hosts are those of the tests of the report: a tenth of them are sick.
    """
    runs = {}
    with tempfile.TemporaryDirectory(prefix="nb-") as directory:
        state = Path(directory)
        source = state / "fleet.json.gz"
        source.write_bytes(_recording(_RECORDED))
        env = {**environment(), **ansible_environment(state)}
        for name, suffix in _FROM_A_RECORDING.items():
            written = state / f"{name}{suffix}"
            command = [BIN / "ansible-playbook", "-i", "localhost,", ROOT / "playbooks" / f"{name}.yml"]
            command += ["-e", f"nettune_from={source}", "-e", f"nettune_output={written}"]
            done = Stopwatch(stopwatch).run(command, env=env)
            names = written.read_text().count(".example.com")
            if names < (_RECORDED if name == "report" else 1):
                raise WrongResult(f"{name}: {written.name} names {names} hosts, not {_RECORDED}")
            runs[name] = {
                "seconds": done.seconds,
                "cpu_seconds": done.cpu_seconds,
                "rss_kib": done.rss_kib,
                "bytes": written.stat().st_size,
            }
            say(f"  {name} of {_RECORDED} recorded hosts: {runs[name]}")
    return {"hosts": _RECORDED, "runs": runs}


def _recording(number: int) -> bytes:
    """Return the file of a recording of so many hosts."""
    sys.path.insert(0, str(ROOT / "playbooks" / "collections"))
    from ansible_collections.nettune.tcp.plugins.plugin_utils.fleet import recording
    from ansible_collections.nettune.tcp.tests.unit.support import report_fleets

    rows = report_fleets.many(number)
    now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    return recording.packed(recording.document({"hosts": [{**row, "at": now} for row in rows], "missing": []}))
