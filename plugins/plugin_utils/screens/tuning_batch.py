# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The decision on a batch of a rollout: which of its hosts are against going on. It prints nothing.

The option `after` says which tasks of the batch have run. Later results are those of an earlier role of the play.
"""

from __future__ import annotations

from typing import Any, Mapping

from ..fleet.worse import worse
from ..plain import plain
from . import tuning_outcome, tuning_rollout
from .line import Screen, listed
from .run import Run
from .tuning_registered import Registered

START, DIAGNOSIS, CHECKS, VERIFICATION = "start", "diagnosis", "checks", "verification"
_APPLIED = ("sysctl", "nofile", "pending_sysctl", "pending_nofile", "health_url", "health_command")
_VERIFIED = ("confirmed_sysctl", "confirmed_nofile", "verified_sysctl", "verified_nofile")
_RESULTS = {CHECKS: _APPLIED, VERIFICATION: (*_APPLIED, *_VERIFIED)}
_LOST = "unreachable or failed before"
_NAMED = 3
Failure = Mapping[str, Any]


def draw(run: Run) -> Screen:
    """Return a screen without lines. Its failures are those because of which the batch must not go on."""
    after = str(run.options["after"])
    failures = {host: _failure(run, host, after) for host in tuning_rollout.batch_of(run)}
    return Screen([], {host: failure for host, failure in failures.items() if failure}, {}, [])


def _failure(run: Run, host: str, after: str) -> Failure | None:
    """Return why a host is against going on, or None."""
    variables = run.hostvars[host]
    started = variables.get("__tuning")
    if isinstance(started, Mapping) and started.get("skipped"):
        return None
    if host not in run.active or not isinstance(started, Mapping) or started.get("failed"):
        return _because(_LOST)
    registered = Registered(host, variables)
    if after == START:
        invalid = str(started.get("invalid") or "")
        return _because(invalid) if invalid else _problem(registered, "saved", "diagnosed_before")
    if after == DIAGNOSIS:
        return _because(_worse(registered, "diagnosed_after"))
    return _of_outcome(run, host, variables, after) or (_of_diagnosis(registered) if after == CHECKS else None)


def _of_outcome(run: Run, host: str, variables: Mapping[str, Any], after: str) -> Failure | None:
    names = [f"__tuning_{name}" for name in _RESULTS[after]]
    until_now = {name: variables[name] for name in ("__tuning", *names) if name in variables}
    outcome = tuning_outcome.of_host(host, until_now, run.options, check_mode=run.check_mode)
    return _because(outcome.failure, unreachable=outcome.unreachable)


def _of_diagnosis(registered: Registered) -> Failure | None:
    problem = _problem(registered, "diagnosed_after", "diagnosed_again")
    if problem or not registered.result("diagnosed_again"):
        return problem
    return _because(_worse(registered, "diagnosed_after", "diagnosed_again"))


def _worse(registered: Registered, *names: str) -> str:
    before, *after = (registered.result(name).get("findings") or [] for name in ("diagnosed_before", *names))
    found = worse(before, *after)
    return f"the diagnosis is worse than before the change: {listed(found, most=_NAMED)}" if found else ""


def _problem(registered: Registered, *names: str) -> Failure | None:
    """Return the first task that has failed."""
    problems = [problem for name in names if (problem := registered.problem(name))]
    return _because(problems[0].reason, unreachable=problems[0].unreachable) if problems else None


def _because(text: str, *, unreachable: bool = False) -> Failure | None:
    return {"msg": plain(text), "unreachable": unreachable} if text else None
