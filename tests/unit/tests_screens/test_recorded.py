# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The screens in docs/screens: they fit 80 columns, and are hardly longer for twenty hosts than for one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

SCREENS = Path(__file__).parents[3] / "docs" / "screens"
NAMES = sorted(path.stem for path in SCREENS.glob("*.txt"))
# What Ansible prints for each host of a task.
_STATUS = re.compile(r"(ok|changed|skipping|fatal): \[|\.\.\.ignoring$")
_TASK = re.compile(r"TASK \[(?:[\w.]+ : )?(.*)\] \*")


def drawn(name: str) -> list[str]:
    """Return the lines that the tasks whose names begin with `Show` print."""
    lines: list[str] = []
    task = ""
    for line in (SCREENS / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        found = _TASK.match(line)
        task = found[1] if found else "" if line.startswith("PLAY") else task
        if task.startswith("Show") and not (found or _STATUS.match(line)):
            lines.append(line)
    return lines


@pytest.mark.parametrize("name", NAMES)
def test_fits_80_columns(name: str) -> None:
    failed = any(line.startswith("[ERROR]: ") for line in drawn(name))
    assert failed or not [line for line in drawn(name) if len(line) > 80]


@pytest.mark.parametrize(
    ("one", "twenty"),
    [
        ("diagnose-one-host", "diagnose-twenty-hosts"),
        ("facts-one-host", "facts-twenty-hosts"),
        ("lint-one-host", "lint-twenty-hosts"),
        ("tune-web-check", "tune-web-twenty-hosts-check"),
        ("verify-one-host", "verify-twenty-hosts"),
    ],
)
def test_twenty_alike_hosts_take_at_most_three_more_lines_than_one(one: str, twenty: str) -> None:
    assert 0 < len(drawn(twenty)) <= len(drawn(one)) + 3
