# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compare the limits of real logins with those that we predict, where root has CAP_SYS_RESOURCE.

Containers may not have it, and then pam_limits(8) cannot raise a limit. tests/referee/pam_sessions.py makes the cases.
"""

from __future__ import annotations

import base64
import io
import random
import tarfile
from pathlib import Path

from .machine import Machine

_ROOT = Path(__file__).resolve().parents[2]
_SHIPPED = ("plugins/module_utils", "tests/referee")
# Each case logs in up to four times, which takes seconds on an emulated processor.
_CASES = 20


def compare(machine: Machine) -> str:
    """Return what the comparison prints. Raises MachineError, with the cases that differ, if one does."""
    machine.run("mkdir -p /tmp/logins && base64 -d | tar -xz -C /tmp/logins", text=_archive())
    seed = random.randrange(10**6)
    return machine.run(f"cd /tmp/logins && python3 -B tests/referee/pam_sessions.py {_CASES} {seed} 2>&1")


def _archive() -> str:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        for name in _SHIPPED:
            archive.add(_ROOT / name, name)
    return base64.b64encode(packed.getvalue()).decode()
