# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The workflows call commands that exist, and other people's actions by commit."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Iterator

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
TARGETS = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))

pytestmark = pytest.mark.skipif(not WORKFLOWS, reason="the tarball has no workflows")


def steps(workflow: Path) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Yield each job with each of its steps."""
    for job in yaml.safe_load(workflow.read_text())["jobs"].values():
        for step in job["steps"]:
            yield job, step


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda file: file.stem)
def test_every_make_target_exists(workflow: Path) -> None:
    named = re.findall(r"\bmake ([a-z-]+)", " ".join(str(step.get("run", "")) for _job, step in steps(workflow)))
    assert set(named) <= TARGETS


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda file: file.stem)
def test_every_session_of_a_matrix_exists(workflow: Path) -> None:
    sessions = (ROOT / "noxfile.py").read_text() + (ROOT / "antsibull-nox.toml").read_text()
    for job, _step in steps(workflow):
        for name in job.get("strategy", {}).get("matrix", {}).get("step", []):
            assert f'"{name}"' in sessions


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda file: file.stem)
def test_jobs_have_a_time_limit_and_actions_a_commit_with_its_version(workflow: Path) -> None:
    lines = workflow.read_text().splitlines()
    uses = [line for line in lines if re.search(r"\buses: ", line)]
    assert [line for line in uses if not re.search(r"@[0-9a-f]{40}  # v\d", line)] == []
    assert all("timeout-minutes" in job for job, _step in steps(workflow))


def test_a_pull_request_from_a_fork_needs_no_secret() -> None:
    for workflow in WORKFLOWS:
        if workflow.stem != "release":
            assert "secrets." not in workflow.read_text()
