# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run the collection with the programs that people run it with besides ansible-playbook.

    python -m tests.engines                    all but redis and image
    python -m tests.engines runner redis       these

runner: ansible-runner, and so AWX. pull: ansible-pull. gathering: gather_facts with our module. jsonfile, redis: fact
caches; redis needs redis-server, and an Ansible in PATH that has community.general. image: an execution environment; it
needs the image of a test host, the built collection and ansible-builder.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(_ROOT / "tests" / "lab"))

from hosts import Lab  # noqa: E402  # the lab's files import each other without a package

from tests.engines import facts, image, pull, runner  # noqa: E402  # as above
from tests.engines.place import Wrong, place  # noqa: E402  # as above

ENGINES = {
    "runner": runner.check,
    "pull": pull.check,
    "gathering": facts.gathering,
    "jsonfile": facts.jsonfile,
    "redis": facts.redis,
    "image": image.check,
}
# In an environment of its own, or with more than Python packages.
_NAMED_ONLY = ("redis", "image")


def main(names: list[str]) -> int:
    """Return 0 if each of them works."""
    unknown = [name for name in names if name not in ENGINES]
    if unknown:
        print(f"unknown: {' '.join(unknown)}; there are {' '.join(ENGINES)}")
        return 2
    os.chdir(_ROOT)
    wrong = 0
    for name in names or [name for name in ENGINES if name not in _NAMED_ONLY]:
        began = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="nettune-engines-") as state:
            directory = Path(state, "work")
            directory.mkdir()
            with Lab(["web1", "web2"], state=os.path.join(state, "lab")) as lab:
                try:
                    for line in ENGINES[name](place(lab, directory)):
                        print(f"{name}: {line}", flush=True)
                except Wrong as error:
                    print(f"{name}: FAILED: {error}", flush=True)
                    wrong += 1
        print(f"=== {name}: {time.monotonic() - began:.1f} s", flush=True)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
