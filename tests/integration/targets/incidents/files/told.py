# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""told.py FILE: print the incidents of a file that the playbook diagnose has written, one a line, sorted."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any


def line(incident: dict[str, Any]) -> str:
    """Return the hosts of an incident with their states and findings; a process is named without its number."""
    cause = incident["cause"]
    process = f"{cause['process'].partition(' (PID ')[0]} on " if cause["process"] else ""
    ends = "; ".join(f"{end['host']} ({end['state']}, {end['finding']})" for end in (cause, *incident["effects"]))
    return f"{incident['kind']} at port {incident['port']}: {process}{ends}"


print("\n".join(sorted(map(line, json.loads(Path(sys.argv[1]).read_text())["incidents"]))))
