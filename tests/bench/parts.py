# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The parts of the benchmarks: functions that measure, and return their results or yield rows of them."""

from __future__ import annotations

import os
import platform
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Callable, Iterator

from . import churn, load, module_cost, playbooks
from .compared_programs import Program, Tools, available_programs, library
from .fleet.hosts import has_sshd
from .interleaved_runs import InterleavedRuns
from .measure import compiled
from .population import CannotPopulate, Population

# {most sockets: rounds}; short rounds are noisier, so there are more of them.
_ROUNDS = {20_000: 15, 200_000: 9, 1 << 40: 7}
_SLOW_ROUNDS = 3
# Memory of a socket with its descriptor, and of the program that needs most for it.
_KIB_A_SOCKET = 8
_OTHER_MIXES = ("close_wait", "time_wait", "ipv6", "mptcp")
_MOST_OF_OTHER_MIXES = 100_000
_OTHER_ROUNDS = 5
# The programs that are measured with the other mixes.
_QUICK = ("floor", "python", "counts", "exact", "ss")
_CHURN_RATE = 15_000
_CHURN_SECONDS = 20
_MODULE_ROUNDS = 21
_PROFILE_ROUNDS, _FLEET_ROUNDS = 7, 3
_GATHERING_ROUNDS = 5


@dataclass(frozen=True)
class Bench:
    """What to measure: numbers of sockets and of hosts, interpreters, and the load; `directory` has the tools."""

    sizes: list[int]
    hosts: list[int]
    python: Path
    oldest: Path | None
    directory: Path
    load: load.Size

    @property
    def stage(self) -> Path:
        """The directory for compiled and copied files."""
        return self.directory / "stage"

    @property
    def stopwatch(self) -> Path:
        """The program that measures others."""
        return compiled("stopwatch", into=self.stage)

    def programs(self) -> list[Program]:
        """Return all programs that are available on this machine."""
        tools = Tools(
            python=self.python,
            oldest=self.oldest,
            exporter=self._tool("prometheus-node-exporter"),
            netstat=self._tool("netstat"),
            packages=next(self.directory.glob("venv/lib/python*/site-packages")),
            stage=self.stage,
        )
        return available_programs(tools)

    def _tool(self, name: str) -> Path | None:
        fetched = [self.directory / "tools" / place / name for place in ("usr/bin", "bin")]
        found = [Path(path) for path in [shutil.which(name)] if path] + [path for path in fetched if path.exists()]
        return found[0] if found else None


def machine(python: Path) -> dict[str, Any]:
    """Describe this machine, with the version of an interpreter."""
    return {
        "kernel": platform.release(),
        "processors": f"{os.cpu_count()} processors ({_model()})",
        "memory_gib": round(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30),
        "python": subprocess.run([python, "-V"], capture_output=True, text=True, check=True).stdout.split()[1],
        "load": os.getloadavg()[1],
    }


def _model() -> str:
    """Return the name that the processor gives itself; on some architectures it has none."""
    found = re.search(r"^model name\s*: (.+)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    return found[1] if found else platform.machine()


def counting(bench: Bench) -> Iterator[dict[str, Any]]:
    """Measure all programs over the usual mix at each size, and a few from an empty namespace beside the largest."""
    _need_memory(bench.sizes[-1])
    programs = bench.programs()
    for size in bench.sizes:
        with Population("web", size) as population:
            yield _measured(bench, programs, population, mix="web", size=size)
            if size == bench.sizes[-1]:
                quick = [one for one in programs if one.name in _QUICK]
                with Population("empty", 0) as empty:
                    yield _measured(bench, quick, empty, mix="empty", size=size, kept=[population])


def mixes(bench: Bench) -> Iterator[dict[str, Any]]:
    """Measure a few programs over other mixes of states."""
    size = min(_MOST_OF_OTHER_MIXES, bench.sizes[-1])
    quick = [one for one in bench.programs() if one.name in _QUICK]
    for mix in _OTHER_MIXES:
        try:
            with Population(mix, size) as population:
                yield _measured(bench, quick, population, mix=mix, size=size, rounds=_OTHER_ROUNDS)
        except CannotPopulate as error:
            _say(f"  skipping {mix}: {error}")


def _need_memory(size: int) -> None:
    """Exit if the memory is too small for the largest population and the programs that list it."""
    lines = Path("/proc/meminfo").read_text().splitlines()
    available = next(int(line.split()[1]) for line in lines if line.startswith("MemAvailable:"))
    if available < size * _KIB_A_SOCKET:
        needed = size * _KIB_A_SOCKET / 2**20
        raise SystemExit(f"{size} sockets need {needed:.0f} GiB of free memory, there are {available / 2**20:.0f} GiB")


def _measured(
    bench: Bench,
    programs: list[Program],
    population: Population,
    *,
    mix: str,
    size: int,
    rounds: int = 0,
    kept: list[Population] | None = None,
) -> dict[str, Any]:
    runs = InterleavedRuns(programs, population, stopwatch=bench.stopwatch, kept=kept or (), say=_say)
    rounds = rounds or next(number for most, number in _ROUNDS.items() if size <= most)
    rows = runs.run(rounds, slow=_SLOW_ROUNDS)
    _say(f"  {mix}, {size} sockets: {len(rows)} rounds")
    labels = {one.name: one.label for one in programs if one.name not in runs.failed}
    return {"mix": mix, "size": size, "labels": labels, "failed": runs.failed, "rounds": rows}


def churning(bench: Bench) -> dict[str, Any]:
    """Count while connections open and close."""
    return churn.measured(
        rate=_CHURN_RATE,
        seconds=_CHURN_SECONDS,
        churn=compiled("churn", into=bench.stage),
        stopwatch=bench.stopwatch,
        python=bench.python,
        library=library(bench.stage, [bench.python]),
    )


def module(bench: Bench) -> dict[str, Any]:
    """Compare the module with a trivial one, and the payloads."""
    return module_cost.measured(
        bench.programs(), python=bench.python, stopwatch=bench.stopwatch, rounds=_MODULE_ROUNDS, say=_say
    )


def profile(bench: Bench) -> Iterator[dict[str, Any]]:
    """Set 25 parameters in one run and in one run per parameter: locally, with and without pipelining, and by ssh."""
    places = [(1, False, False), (1, False, True), *((number, True, False) for number in bench.hosts)]
    if not playbooks.has_their_module():
        _say("  skipped: no ansible.posix here")
        return
    for hosts, ssh, pipelining in places if has_sshd() else places[:2]:
        _say(f"  {hosts} {'by ssh' if ssh else 'locally'}{', pipelining' if pipelining else ''}")
        way = {"hosts": hosts, "ssh": ssh, "pipelining": pipelining}
        rounds = _PROFILE_ROUNDS if hosts == 1 else _FLEET_ROUNDS
        rows = playbooks.profile_rounds(**way, rounds=rounds, stopwatch=bench.stopwatch, say=_say)
        yield {**way, "rounds": rows}


def gathering(bench: Bench) -> Iterator[dict[str, Any]]:
    """Gather TCP facts of a fleet by ssh, compared with a trivial module and the usual pipeline."""
    if not has_sshd():
        _say("  skipped: no sshd here")
        return
    for hosts in bench.hosts:
        rounds = playbooks.gathering_rounds(hosts, rounds=_GATHERING_ROUNDS, stopwatch=bench.stopwatch, say=_say)
        yield {"hosts": hosts, "rounds": rounds}


def under_load(bench: Bench) -> dict[str, Any]:
    """Apply, verify, gather and revert while connections live, come and go."""
    found = load.measured(
        bench.load,
        visits=compiled("visits", into=bench.stage),
        stopwatch=bench.stopwatch,
        python=bench.python,
        say=_say,
    )
    return {**found, "machine": machine(bench.python)}


def _say(text: str) -> None:
    print(text, flush=True)


PARTS: dict[str, Callable[[Bench], Any]] = {
    "counting": counting,
    "mixes": mixes,
    "churning": churning,
    "module": module,
    "profile": profile,
    "gathering": gathering,
    "load": under_load,
}
