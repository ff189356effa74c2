# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Measure playbooks on fleets: `python -m tests.bench.fleet --hosts 20 50`, called by `make bench-fleet`, as root.

Results go to .cache/bench/results.json; those of numbers of hosts and of ways that do not run again are kept.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import Any

from .. import report, store
from ..measure import compiled
from ..parts import machine
from . import runs
from .hosts import has_sshd
from .ways import WAYS

_PART = "fleet"
_PYTHON = Path("/usr/bin/python3")


def main() -> int:
    """Measure, and print the section of the page."""
    options = _options()
    if os.geteuid() != 0:
        sys.exit("benchmarks create network namespaces, which needs root")
    if options.hosts and not has_sshd():
        sys.exit("the hosts are reached by ssh, and there is no sshd here: apt-get install openssh-server")
    stopwatch = compiled("stopwatch", into=store.BENCH / "stage")
    _keep(machine=machine(_PYTHON))
    store.keep({"machine": _found()["machine"], **store.results()})
    if options.recorded:
        _keep(recorded=runs.recorded(stopwatch=stopwatch, say=_say))
    for entry in runs.sizes(options.hosts, rounds=options.rounds, only=options.only, stopwatch=stopwatch, say=_say):
        _keep(sizes={**_found().get("sizes", {}), str(entry["hosts"]): entry})
    print(report.fleet_text(store.results()))
    if options.report:
        store.write_section(report.FLEET_HEADING)
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.fleet", description="Measure playbooks on fleets.")
    parser.add_argument(
        "--hosts", type=int, nargs="*", default=[20, 50], metavar="N", help="numbers of hosts, up to 400"
    )
    parser.add_argument("--rounds", type=int, default=1, metavar="N", help="times that each run is measured")
    parser.add_argument("--only", nargs="+", choices=[one.name for one in WAYS], default=[], metavar="RUN")
    parser.add_argument(
        "--recorded", action=argparse.BooleanOptionalAction, default=True, help="measure reports of recorded hosts"
    )
    parser.add_argument("--report", action="store_true", help="renew the section of docs/performance.md")
    return parser.parse_args()


def _found() -> dict[str, Any]:
    return store.results().get(_PART, {})


def _keep(**found: Any) -> None:
    store.keep({_PART: {**_found(), **found}})


def _say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit("interrupted")
