# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run the benchmarks: `python -m tests.bench --sizes 10000 100000`, called by `make bench`, as root.

Results go to .cache/bench/results.json; those of parts that do not run again are kept. The page and its plot go to the
same directory, and with --report to docs/.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path

from tests.gate.places import ROOT
from tests.gate.pythons import find_python

from . import report, store
from .load import Size
from .parts import PARTS, Bench, machine
from .store import BENCH, RESULTS


def main() -> int:
    """Run the selected parts and write their results."""
    options = _options()
    if os.geteuid() != 0:
        sys.exit("benchmarks create network namespaces, which needs root")
    bench = _bench(options)
    for part in options.only:
        began = time.monotonic()
        print(f"{part}: {PARTS[part].__doc__.splitlines()[0]}", flush=True)
        _measure(part, bench)
        print(f"{part}: {time.monotonic() - began:.0f} s", flush=True)
    store.keep({"machine": machine(bench.python)})
    _write(BENCH)
    if options.report:
        if options.only == ["load"]:
            store.write_section(report.LOAD_HEADING)
        else:
            _write(ROOT / "docs")
    results = store.results()
    if options.only != ["load"]:
        print(report.verdicts(results))
    if "load" in options.only:
        print(report.load_text(results))
    return 0


def _measure(part: str, bench: Bench) -> None:
    """Store results as they come, because a run may be interrupted."""
    found = PARTS[part](bench)
    if isinstance(found, dict):
        store.keep({part: found})
        return
    rows = []
    for row in found:
        rows.append(row)
        store.keep({part: rows})


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="Run the benchmarks.")
    parser.add_argument("--sizes", type=_number, nargs="+", default=[10_000, 100_000], metavar="SOCKETS")
    parser.add_argument(
        "--hosts", type=_number, nargs="+", default=[1], metavar="N", help="measure fleets of N hosts by ssh"
    )
    parser.add_argument("--only", nargs="+", choices=list(PARTS), default=list(PARTS), metavar="PART")
    parser.add_argument(
        "--live", type=_number, default=100_000, metavar="N", help="connections that live in the part load"
    )
    parser.add_argument("--rate", type=_number, default=5_000, metavar="N", help="new connections a second there")
    parser.add_argument("--report", action="store_true", help="write docs/performance.md and its plot")
    return parser.parse_args()


def _number(text: str) -> int:
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a positive number")
    return int(text)


def _bench(options: argparse.Namespace) -> Bench:
    system = Path("/usr/bin/python3")
    oldest = find_python("3.8")
    return Bench(
        sizes=sorted(set(options.sizes)),
        hosts=sorted(set(options.hosts)),
        # The interpreter that managed hosts have; virtual environments may be built differently.
        python=system if system.exists() else Path(os.path.realpath(sys.executable)),
        oldest=Path(oldest) if oldest else None,
        directory=BENCH,
        load=Size(options.live, options.rate),
    )


def _write(directory: Path) -> None:
    """Write the page, and its plot in img/."""
    results = store.results()
    (directory / "performance.md").write_text(report.text(results))
    if results.get("counting"):
        (directory / "img").mkdir(exist_ok=True)
        command = [sys.executable, "-m", "tests.bench.plot", RESULTS, directory / "img" / "performance.svg"]
        subprocess.run(command, cwd=ROOT, check=True)
    print(f"written: {(directory / 'performance.md').relative_to(ROOT)}")


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit("interrupted")
