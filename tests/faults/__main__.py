# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Inject all faults and write their outcomes into docs/reliability.md; see table.py.

python -m tests.faults [SCENARIO ...]
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "playbooks" / "collections"))

from .running import Runner
from .scenarios import SCENARIOS
from .table import DOCUMENT, section, updated

MEMORY = "/dev/shm"

failed = 0
for scenario in SCENARIOS:
    if sys.argv[1:] and scenario.name not in sys.argv[1:]:
        continue
    with tempfile.TemporaryDirectory(dir=MEMORY if Path(MEMORY).is_dir() else None) as place:
        runner = Runner(scenario, Path(place))
        changing, reading = list(runner.results()), list(runner.results(reading=True))
    problems = [(one, problem) for one in (*changing, *reading) for problem in one.problems]
    for result, problem in problems:
        print(f"{scenario.name}: {result.call.name} {result.call.path}, {result.fault}: {problem}")
    print(f"{scenario.name}: {len(changing)} faults at changes, {len(reading)} at reads, {len(problems)} problems")
    failed += len(problems)
    DOCUMENT.write_text(updated(DOCUMENT.read_text(), scenario.name, section(scenario, changing, reading)))
sys.exit(failed > 0)
