# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The earlier names of options."""

from __future__ import annotations

from . import rows

# By their earlier name.
RENAMED = {
    **{
        f"tcp_{word}": f"nettune_{word}"
        for word in ("subset", "top", "sample", "source", "timeout", "rows", "thresholds")
    },
    **{
        word: f"nettune_{word}"
        for word in ("profile", "format", "output", "file", "kernel", "query", "expect", "fail_on")
    },
    **{row.name[len("nettune_") :]: row.name for row in rows.ROWS if row.name.startswith("nettune_trial_")},
    "watch_interval": "nettune_interval",
    "watch_count": "nettune_count",
    "watch_output": rows.OUTPUT,
    "verify_timeout": "nettune_timeout",
    "expression": "nettune_query",
    "from_cache": "nettune_from",
}
