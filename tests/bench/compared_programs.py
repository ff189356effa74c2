# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The programs that count sockets and are compared: their commands, and how their output is parsed."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Callable, NamedTuple, Sequence

from .measure import compiled

_HERE = Path(__file__).resolve().parent
_SCRIPTS = _HERE / "programs"
_MODULE_UTILS = _HERE.parents[1] / "plugins" / "module_utils"
SS = "ss -tan | awk 'NR > 1 {++S[$1]} END {for (s in S) print s, S[s]}'"
_NETSTAT = "$0 -ant | awk '/^tcp/ {++S[$6]} END {for (s in S) print s, S[s]}'"
_PORT = "19100"
_EXPORTER = ("--collector.disable-defaults", "--collector.tcpstat", "--web.disable-exporter-metrics")
_EXPORTER += (f"--web.listen-address=127.0.0.1:{_PORT}",)

# The kernel's numbers of the states begin with 1.
STATES = ("ESTABLISHED", "SYN_SENT", "SYN_RECV", "FIN_WAIT1", "FIN_WAIT2", "TIME_WAIT", "CLOSE", "CLOSE_WAIT")
STATES += ("LAST_ACK", "LISTEN", "CLOSING")
_OTHER_NAMES = {"ESTAB": "ESTABLISHED", "SYN-RCVD": "SYN_RECV", "FIN_WAIT_1": "FIN_WAIT1", "FIN_WAIT_2": "FIN_WAIT2"}
# Those that are neither ESTABLISHED nor TIME_WAIT: counts asks the kernel for these only.
RARE_STATES = sum(1 << number for number, name in enumerate(STATES, 1) if name not in ("ESTABLISHED", "TIME_WAIT"))
_METRIC = re.compile(r'^node_tcp_connection_states\{state="(\w+)"\} (\S+)$', re.MULTILINE)

# Name of each measurement of this collection: its label, the subsets of facts, and their source.
_OURS = {
    "counts": ("counts", "min", "auto"),
    "exact": ("exact", "min", "exact"),
    "peers": ("state × peer", "peers", "auto"),
    "ports": ("state × port", "ports", "auto"),
    "peers+ports": ("both, in one walk", "peers,ports", "auto"),
    "procfs": ("without netlink: /proc/net/tcp", "min", "procfs"),
}
_OURS_OLDEST = ("counts", "exact")


class Program(NamedTuple):
    """A program; `parse` returns its counts by state, `slow` programs run in the first rounds only."""

    name: str
    label: str
    command: Sequence[str | Path]
    parse: Callable[[str], dict[str, int]] | None = None
    slow: bool = False


@dataclass(frozen=True)
class Tools:
    """Paths that the programs need.

    python: the bare interpreter; oldest: that of Python 3.8; exporter, netstat: programs; packages: the directory of
    psutil and pyroute2; stage: a directory for compiled and copied files.
    """

    python: Path
    oldest: Path | None
    exporter: Path | None
    netstat: Path | None
    packages: Path
    stage: Path


def available_programs(tools: Tools) -> list[Program]:
    """Return all programs that are available on this machine, the floor first."""
    floor = compiled("floor", into=tools.stage)
    found = [
        Program("floor", "floor (C): receive and discard", [floor]),
        Program("floor of counts", "C: receive and discard what counts reads", [floor, hex(RARE_STATES)]),
        Program("python", "bare interpreter", [tools.python, "-I", "-S", "-c", "pass"]),
        *_ours(tools),
        Program("ss", "`ss -tan`, awk", ["sh", "-c", SS], parse_lines),
    ]
    if tools.netstat:
        command = ["sh", "-c", _NETSTAT, tools.netstat]
        found.append(Program("netstat", "`netstat -ant`, awk", command, parse_lines))
    if tools.exporter:
        scrape = [compiled("scrape", into=tools.stage), _PORT, tools.exporter, *_EXPORTER]
        found.append(Program("node_exporter", "node_exporter, tcpstat", scrape, parse_metrics))
    for name in ("psutil", "pyroute2"):
        script = [tools.python, "-I", "-S", _SCRIPTS / f"with_{name}.py", tools.packages]
        found.append(Program(name, name, script, parse_lines, slow=True))
    return found


def _ours(tools: Tools) -> list[Program]:
    pythons = [tools.python, *([tools.oldest] if tools.oldest else [])]
    prepared = library(tools.stage, pythons)
    rows = [_ours_with(tools.python, prepared, name, "", "") for name in _OURS]
    if tools.oldest:
        rows += [_ours_with(tools.oldest, prepared, name, " 3.8", ", Python 3.8") for name in _OURS_OLDEST]
    return rows


def _ours_with(python: Path, prepared: Path, name: str, suffix: str, remark: str) -> Program:
    label, subsets, source = _OURS[name]
    command = [python, "-I", "-S", _SCRIPTS / "counting.py", prepared, subsets, source]
    return Program(name + suffix, f"**{label}**{remark}", command, parse_facts if subsets == "min" else None)


def library(stage: Path, pythons: Sequence[Path]) -> Path:
    """Return a directory with a copy of module_utils, compiled in advance as installed libraries are."""
    prepared = stage / "library"
    shutil.rmtree(prepared, ignore_errors=True)
    shutil.copytree(_MODULE_UTILS, prepared / "module_utils", ignore=shutil.ignore_patterns("__pycache__"))
    for python in pythons:
        subprocess.run([python, "-m", "compileall", "-q", prepared], check=True)
    return prepared


def parse_facts(text: str) -> dict[str, int]:
    """Parse the facts of this collection, printed as a Python literal."""
    return {state: number for state, number in ast.literal_eval(text)["states"].items() if number}


def parse_lines(text: str) -> dict[str, int]:
    """Parse lines of a state (any of its names, or the kernel's number) and a number; skip headings."""
    rows = [line.split() for line in text.splitlines()]
    return _by_state({name: int(number) for name, number in rows})


def parse_metrics(text: str) -> dict[str, int]:
    """Parse node_exporter's tcpstat metrics."""
    return _by_state({name: int(float(number)) for name, number in _METRIC.findall(text)})


def _by_state(numbers: dict[str, int]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for name, number in numbers.items():
        state = STATES[int(name) - 1] if name.isdigit() else name.upper().replace("-", "_")
        state = _OTHER_NAMES.get(state, state)
        if state in STATES and number:
            counts[state] = counts.get(state, 0) + number
    return counts


def count_difference(counts: dict[str, int], others: dict[str, int]) -> int:
    """Return by how many sockets two answers differ, added up over the states."""
    return sum(abs(counts.get(state, 0) - others.get(state, 0)) for state in STATES)
