# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What became of a pending change on a host."""

from __future__ import annotations

from typing import Any, Mapping, NamedTuple

from ansible_collections.nettune.tcp.plugins.module_utils._common.status import CHANGED

from ..fleet.batches import SERIAL
from ..fleet.document import one_line
from . import tuning_words
from .tuning_registered import MODULES, Registered

NOTHING, PENDING, DONE, FAILED = "nothing", "pending", "done", "failed"
_STEPS = {
    "health_url": "the health URL does not answer with status 200",
    "health_command": "the health command failed",
    "confirmed_sysctl": "confirming the kernel parameters failed",
    "confirmed_nofile": "confirming the open-file limits failed",
}


class Confirmation(NamedTuple):
    """state: one of the constants above. failure: a sentence. unreachable: whether the host was lost."""

    state: str
    failure: str = ""
    unreachable: bool = False


def of(registered: Registered) -> Confirmation:
    """Return what the tasks found and did that confirm a pending change."""
    for name in MODULES:
        problem = registered.problem(f"pending_{name}")
        if problem:
            return Confirmation(FAILED, tuning_words.sentence(problem.reason), problem.unreachable)
    found = [one.get("confirm", {}) for one in registered.results("pending_").values()]
    waiting = [one for one in found if one.get("pending")]
    if not waiting:
        return Confirmation(NOTHING)
    for name, what in _STEPS.items():
        reason, unreachable = _problem(registered, name)
        if reason:
            return Confirmation(
                FAILED, f"{what}: {tuning_words.sentence(reason)}{_next(registered, waiting[0])}", unreachable
            )
    is_done = any(registered.results("confirmed_").values())
    return Confirmation(DONE if is_done else PENDING)


def rolls_back(confirm: Mapping[str, Any]) -> str:
    """Return what happens to a pending change. confirm: of a module's result."""
    return f"the host rolls the change back at {confirm['deadline']} unless it is confirmed before"


def with_files(applied: Mapping[str, Any], confirmed: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the result of applying with the values at boot and the files of the confirmation, which wrote them."""
    if not applied or not confirmed:
        return applied
    boot = {row["key"]: row["boot_after"] for row in confirmed.get("settings") or []}
    settings = [_at_boot(row, boot.get(row["key"], row["boot_after"])) for row in applied.get("settings") or []]
    starts = {name: confirmed.get(name) or applied.get(name) or [] for name in ("services", "users")}
    return {**applied, **starts, "settings": settings, "files": [*applied["files"], *confirmed.get("files", [])]}


def _at_boot(row: Mapping[str, Any], boot_after: str | None) -> Mapping[str, Any]:
    moves = row["boot_before"] != boot_after
    return {**row, "boot_after": boot_after, "status": CHANGED if moves else row["status"]}


def _problem(registered: Registered, name: str) -> tuple[str, bool]:
    """Return why a step failed, and whether the host is unreachable. The health checks do not fail themselves."""
    result = registered.result(name)
    if not name.startswith("health"):
        problem = registered.problem(name)
        return (problem.reason, problem.unreachable) if problem else ("", False)
    if not result or result.get("status") == 200 or result.get("rc") == 0:
        return "", False
    said = str(result.get("stderr") or "").strip()
    if not said and result.get("rc"):
        return f"exit code {result['rc']}", False
    return one_line(said or str(result.get("msg") or "").strip() or "no output"), False


def _next(registered: Registered, confirm: Mapping[str, Any]) -> str:
    """Return what to do; empty in a rollout, which rolls its batch back."""
    if registered.options().get(SERIAL):
        return ""
    text = rolls_back(confirm)
    return f" {text[:1].upper()}{text[1:]}. To try again, run the same command with --tags confirm."
