# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The results of the benchmarks, in .cache/bench/results.json, and the sections of docs/performance.md."""

from __future__ import annotations

import json
from typing import Any

from tests.gate.places import CACHE, ROOT

from . import report

BENCH = CACHE / "bench"
RESULTS = BENCH / "results.json"


def results() -> dict[str, Any]:
    """Return all results, {} before the first run."""
    return json.loads(RESULTS.read_text()) if RESULTS.exists() else {}


def keep(found: dict[str, Any]) -> None:
    """Add results, and replace earlier ones of the same part."""
    before = results()
    BENCH.mkdir(parents=True, exist_ok=True)
    RESULTS.write_text(json.dumps({**before, **found}, indent=1))


def write_section(heading: str) -> None:
    """Renew one section of docs/performance.md, and keep the rest."""
    page = ROOT / "docs" / "performance.md"
    page.write_text(report.with_section(page.read_text(), results(), heading))
    print(f"written: {page.relative_to(ROOT)}")
