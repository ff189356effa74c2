# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run roles on virtual machines that really boot, and compare the catalogue with their kernels.

    python -m tests.vm                                     what `make vm` runs
    python -m tests.vm --image debian13 --part web         one role on one kernel
    python -m tests.vm --full                              every part on every kernel
    python -m tests.vm --build                             only build the images

It needs root, to build the images, and QEMU; KVM is not used. Output of each part: .cache/logs/vm-IMAGE-ROLE.log.
"""

from __future__ import annotations

import argparse
import concurrent.futures
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import NamedTuple, Sequence, TextIO

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "playbooks" / "collections"))

from ..gate import ran_on
from ..gate.places import COLLECTIONS, LOGS
from . import boundaries, logins
from .cycle import ROLES, Cycle
from .enforcing import Enforcing
from .images import ENFORCING, IMAGES, ImageError, build
from .machine import MEMORY, Machine, MachineError
from .plays import Failed, Plays, Steps, run_steps
from .power import PowerLoss
from .settings import Settings

_CANNOT = 77
_NEEDED = ("qemu-system-x86_64", "qemu-img", "mmdebstrap", "mkfs.ext4", "ssh", "ssh-keygen")
# The parts: the cycle of each role, and what the modules after which the others are named do.
_BOUNDARIES, _LOGINS, _POWER, _SETTINGS, _SMALL = "boundaries", "logins", "power", "settings", "small"
_ANYWHERE = (*ROLES, _BOUNDARIES, _LOGINS, _POWER, _SETTINGS, _SMALL)
# The part for images that enforce an SELinux policy.
_ENFORCING = "enforcing"
PARTS = (*_ANYWHERE, _ENFORCING)
# The cycle of this role runs on a small machine too.
_SMALL_ROLE, _SMALL_MEMORY = "web", 512
# All roles on this image; on the others, the roles that differ most between kernels.
_MAIN = "debian13"
_ON_OTHERS = ("million_connections", "web")
_MACHINES = 2


class Part(NamedTuple):
    image: str
    name: str


class Result(NamedTuple):
    part: Part
    outcome: str
    seconds: float


def parts(images: Sequence[str], names: Sequence[str], *, full: bool) -> list[Part]:
    """Return the parts to run: those named, with `full` all, else all roles on the main image, some on the others."""
    chosen = []
    for image in images or sorted(IMAGES, key=lambda name: name != _MAIN):
        possible = (_ENFORCING,) if IMAGES[image].options == ENFORCING else _ANYWHERE
        usual = ROLES if image == _MAIN else _ON_OTHERS
        chosen += [Part(image, name) for name in possible if (name in names if names else full or name in usual)]
    return chosen


def table(results: Sequence[Result]) -> str:
    """Return the table of image, part, outcome and seconds."""
    rows = [("image", "part", "outcome", "seconds")]
    rows += [(*result.part, result.outcome, f"{result.seconds:.0f}") for result in results]
    widths = [max(len(row[column]) for row in rows) for column in range(2)]
    return "\n".join(f"{a:{widths[0]}}  {b:{widths[1]}}  {d:>7}  {c}" for a, b, c, d in rows)


class Progress:
    """Prints lines with the time since the start; several threads use it."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._lock = threading.Lock()

    def __call__(self, text: str) -> None:
        minutes, seconds = divmod(int(time.monotonic() - self._began), 60)
        with self._lock:
            print(f"{minutes:02}:{seconds:02} {text}", flush=True)


def run(part: Part, collections: Path, say: Progress) -> Result:
    """Run one part on a machine of its own."""
    began = time.monotonic()
    here = f"{part.image} {part.name}"
    logs = LOGS / f"vm-{part.image}-{part.name}"
    try:
        with logs.with_suffix(".log").open("w") as log, Machine(
            build(part.image),
            logs.with_suffix(".console"),
            memory=_SMALL_MEMORY if part.name == _SMALL else MEMORY,
            options=IMAGES[part.image].options,
        ) as machine:
            say(f"{here}: booted ({time.monotonic() - began:.0f} s)")
            if part.name == _BOUNDARIES:
                check_boundaries(machine, log, logs.with_suffix(".json"))
            elif part.name == _LOGINS:
                print(logins.compare(machine), file=log)
            else:
                run_steps(steps(part.name, Plays(machine, collections, log)), lambda text: say(f"{here}: {text}"))
                # The other parts do not reboot.
                release, kernel = machine.run(". /etc/os-release && echo $VERSION_ID && uname -r").split()
                ran_on.note("machine", system=f"Debian {release}", kernel=kernel)
        outcome = "ok"
    except (Failed, ImageError, MachineError, OSError, subprocess.SubprocessError) as error:
        outcome = f"FAILED {error}"
    say(f"{here}: {outcome}")
    return Result(part, outcome, time.monotonic() - began)


def steps(name: str, plays: Plays) -> Steps:
    """Return the steps of a part."""
    if name == _POWER:
        seed = int(os.environ.get("NETTUNE_SEED") or random.randrange(10**6))
        plays.write(f"NETTUNE_SEED={seed}\n")
        return PowerLoss(plays, seed).steps()
    if name == _ENFORCING:
        return Enforcing(plays).steps()
    if name == _SETTINGS:
        return Settings(plays).steps()
    return Cycle(plays, _SMALL_ROLE if name == _SMALL else name).steps()


def check_boundaries(machine: Machine, log: TextIO, record: Path) -> None:
    """Write the boundaries of the catalogue; raise Failed if the kernel disagrees. `record` gets every outcome."""
    release, outcomes = boundaries.written(machine)
    record.write_text(json.dumps({"kernel": release, "outcomes": outcomes}, indent=1))
    found = list(boundaries.disagreements(outcomes, release))
    print(*found, sep="\n", file=log)
    if found:
        raise Failed("\n  ".join([f"{len(found)} disagreements with the kernel", *map(str, found)]))


def why_not() -> str:
    """Return why this machine cannot run virtual machines, "" if it can."""
    missing = [name for name in _NEEDED if not shutil.which(name)]
    if missing:
        return f"missing commands: {', '.join(missing)}"
    return "" if os.geteuid() == 0 else "building the images needs root"


def main() -> int:
    """Return 0 if no part failed."""
    parser = argparse.ArgumentParser(prog="python -m tests.vm", description="Run roles on virtual machines.")
    parser.add_argument("--image", action="append", default=[], choices=IMAGES)
    parser.add_argument("--part", action="append", default=[], choices=PARTS)
    parser.add_argument("--full", action="store_true", help="every part on every kernel")
    parser.add_argument("--collections", type=Path, default=COLLECTIONS, help="where the collection is installed")
    parser.add_argument("--build", action="store_true", help="only build the images")
    parser.add_argument("--machines", type=int, default=_MACHINES, help="machines at a time")
    options = parser.parse_args()
    reason = why_not()
    if reason:
        print(reason)
        return _CANNOT
    chosen = parts(options.image, options.part, full=options.full)
    if not chosen:
        parser.error(f"{_ENFORCING} is only on images with SELinux, and their only part")
    LOGS.mkdir(parents=True, exist_ok=True)
    say = Progress()
    # One after the other: two parts of an image must not build it at the same time.
    for image in dict.fromkeys(part.image for part in chosen):
        say(f"{image}: preparing the image")
        try:
            build(image)
        except ImageError as error:
            print(error)
            return 1
    if options.build:
        return 0
    with concurrent.futures.ThreadPoolExecutor(options.machines) as pool:
        results = list(pool.map(lambda part: run(part, options.collections, say), chosen))
    print(table(results))
    return 0 if all(result.outcome == "ok" for result in results) else 1


if __name__ == "__main__":
    # As an exception, it lets each part remove its machine.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("terminated"))
    sys.exit(main())
