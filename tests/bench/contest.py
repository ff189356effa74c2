# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who counts sockets against whom: a row each, its command, and how its answer is read."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Callable, NamedTuple, Sequence

from . import counts
from .native import compiled

_HERE = Path(__file__).resolve().parent
_SCRIPTS = _HERE / "contestants"
_MODULE_UTILS = _HERE.parents[1] / "plugins" / "module_utils"
_SS = "ss -tan | awk 'NR > 1 {++S[$1]} END {for (s in S) print s, S[s]}'"
_NETSTAT = "$0 -ant | awk '/^tcp/ {++S[$6]} END {for (s in S) print s, S[s]}'"
_PORT = "19100"
_EXPORTER = ("--collector.disable-defaults", "--collector.tcpstat", "--web.disable-exporter-metrics")
_EXPORTER += (f"--web.listen-address=127.0.0.1:{_PORT}",)

# What is measured of ours: what it is called, the subsets of facts, and their source.
_OURS = {
    "counts": ("counts", "min", "auto"),
    "exact": ("exact", "min", "exact"),
    "peers": ("state × peer", "peers", "auto"),
    "ports": ("state × port", "ports", "auto"),
    "peers+ports": ("both, in one walk", "peers,ports", "auto"),
    "procfs": ("without netlink: /proc/net/tcp", "min", "procfs"),
}
_OURS_OLDEST = ("counts", "exact")


class Contestant(NamedTuple):
    """`read` makes counts by state of what `command` prints, where it says any. `dear`: takes part in few rounds."""

    name: str
    label: str
    command: Sequence[str | Path]
    read: Callable[[str], dict[str, int]] | None = None
    dear: bool = False


@dataclass(frozen=True)
class Tools:
    """What contestants are made of.

    python: the bare interpreter; oldest: that of Python 3.8; exporter, netstat: the programs; packages: where psutil
    and pyroute2 are; stage: a directory for what has to be prepared.
    """

    python: Path
    oldest: Path | None
    exporter: Path | None
    netstat: Path | None
    packages: Path
    stage: Path


def contestants(tools: Tools) -> list[Contestant]:
    """All who can take part here, the floor first."""
    return [
        Contestant("floor", "floor (C): receive and discard", [compiled("floor", into=tools.stage)]),
        Contestant("python", "bare interpreter", [tools.python, "-I", "-S", "-c", "pass"]),
        *_ours(tools),
        Contestant("ss", "`ss -tan`, awk", ["sh", "-c", _SS], counts.of_lines),
        *_netstat(tools.netstat),
        *_exporter(tools.exporter, tools.stage),
        *(_library_of_others(name, tools) for name in ("psutil", "pyroute2")),
    ]


def _ours(tools: Tools) -> list[Contestant]:
    pythons = [tools.python, *([tools.oldest] if tools.oldest else [])]
    prepared = library(tools.stage, pythons)
    rows = [_ours_by(tools.python, prepared, name, "", "") for name in _OURS]
    if tools.oldest:
        rows += [_ours_by(tools.oldest, prepared, name, " 3.8", ", Python 3.8") for name in _OURS_OLDEST]
    return rows


def _ours_by(python: Path, prepared: Path, name: str, suffix: str, remark: str) -> Contestant:
    label, subsets, source = _OURS[name]
    command = [python, "-I", "-S", _SCRIPTS / "counting.py", prepared, subsets, source]
    return Contestant(name + suffix, f"**{label}**{remark}", command, counts.of_facts if subsets == "min" else None)


def _netstat(program: Path | None) -> list[Contestant]:
    if not program:
        return []
    return [Contestant("netstat", "`netstat -ant`, awk", ["sh", "-c", _NETSTAT, program], counts.of_lines)]


def _exporter(program: Path | None, stage: Path) -> list[Contestant]:
    if not program:
        return []
    command = [compiled("scrape", into=stage), _PORT, program, *_EXPORTER]
    return [Contestant("node_exporter", "node_exporter, tcpstat", command, counts.of_metrics)]


def _library_of_others(name: str, tools: Tools) -> Contestant:
    command = [tools.python, "-I", "-S", _SCRIPTS / f"with_{name}.py", tools.packages]
    return Contestant(name, name, command, counts.of_lines, dear=True)


def library(stage: Path, pythons: Sequence[Path]) -> Path:
    """A directory with a copy of module_utils, compiled beforehand as installed libraries are."""
    prepared = stage / "library"
    shutil.rmtree(prepared, ignore_errors=True)
    shutil.copytree(_MODULE_UTILS, prepared / "module_utils", ignore=shutil.ignore_patterns("__pycache__"))
    for python in pythons:
        subprocess.run([python, "-m", "compileall", "-q", prepared], check=True)
    return prepared
