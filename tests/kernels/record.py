# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keep which parameters were written on a virtual machine, for the reference page."""

from __future__ import annotations

import json
from pathlib import Path

from ..vm.boundaries import disagreements, name_of
from .page import KERNELS, WRITTEN, seen


def add(record: Path) -> None:
    """Add the parameters of a record that the kernel treats as the catalogue says. Raises KeyError for a new kernel."""
    found = json.loads(record.read_text("utf-8"))
    release, outcomes = found["kernel"], found["outcomes"]
    kernel = {kernel: kernel for kernel in KERNELS}[".".join(release.split(".")[:2])]
    wrong = {one.key for one in disagreements(outcomes, release)}
    names = {name_of(path) for path, tried in outcomes.items() if "" not in tried} - wrong
    known = json.loads(WRITTEN.read_text("utf-8")) if WRITTEN.exists() else {}
    known[kernel] = sorted({*known.get(kernel, ()), *(name for name in names if kernel not in seen(name))})
    WRITTEN.write_text(json.dumps(known, indent=1) + "\n")
