# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The outcomes of the role `tuning` on all hosts of a play."""

from __future__ import annotations

from typing import Any, Mapping, NamedTuple

from ..fleet.document import Missing
from ..plain import plain
from . import tuning_outcome, tuning_rollout
from .run import Run
from .tuning_outcome import Outcome

_NOT_TUNED = "not tuned: unreachable or failed before"


class Fleet(NamedTuple):
    """missing: hosts on which the role did not run. is_last: whether no other batch of the play follows.

    rollout: with nettune_serial.
    """

    profile: str
    entry: str
    check_mode: bool
    is_last: bool
    outcomes: list[Outcome]
    missing: list[Missing]
    rollout: tuning_rollout.Rollout | None = None


def read(run: Run) -> Fleet:
    """Return the outcomes of the hosts that this screen is about.

    These are all hosts of the play in its last batch, those of the batch in an earlier one, and one with strategy free.
    """
    rollout = tuning_rollout.read(run)
    is_last = rollout.stops if rollout else run.alone or not run.active or run.active[-1] in run.batch
    hosts = (rollout.reached if rollout else run.hosts) if is_last and not run.alone else run.batch
    found = [_of(run, host) for host in hosts]
    if rollout and is_last:
        found = [tuning_rollout.settled(one, host, run, rollout) for one, host in zip(found, hosts)]
        found += rollout.missing()
    return Fleet(
        profile=str(run.options.get("profile") or ""),
        entry=str(run.options.get("entry") or tuning_outcome.MAIN),
        check_mode=run.check_mode,
        is_last=is_last,
        outcomes=[one for one in found if isinstance(one, Outcome)],
        missing=[one for one in found if isinstance(one, Missing)],
        rollout=rollout,
    )


def document(fleet: Fleet) -> dict[str, Any]:
    """Return the fleet as the JSON document of nettune_output."""
    return {
        "profile": fleet.profile,
        "check_mode": fleet.check_mode,
        "hosts": [
            {"host": one.host, "outcome": one.kind, "reason": one.failure, "results": [dict(row) for row in one.rows]}
            for one in fleet.outcomes
            if not one.unreachable
        ],
        "missing": [
            {"host": one.host, "unreachable": True, "reason": one.failure} for one in fleet.outcomes if one.unreachable
        ]
        + [{"host": one.host, "unreachable": one.unreachable, "reason": one.reason} for one in fleet.missing],
    }


def rows(fleet: Fleet) -> list[dict[str, Any]]:
    """Return the fleet as rows of nettune_output: one for each host, and one for each parameter and limit."""
    found = []
    for one in fleet.outcomes:
        found.append(_row(one.host, fleet, {"kind": "host", "status": one.kind, "reason": one.failure}))
        found += [_row(one.host, fleet, row) for row in one.rows]
    return found + [
        _row(one.host, fleet, {"kind": "host", "status": "missing", "reason": one.reason}) for one in fleet.missing
    ]


def _row(host: str, fleet: Fleet, values: Mapping[str, Any]) -> dict[str, Any]:
    empty = dict.fromkeys(("kind", "what", "before", "after", "boot", "status", "reason"), "")
    return {"host": host, "profile": fleet.profile, **empty, **values}


def _of(run: Run, host: str) -> Outcome | Missing | None:
    """Return the outcome of a host, why it has none, or None if the role was not to run on it."""
    variables = run.hostvars[host]
    started = variables.get("__tuning")
    if isinstance(started, Mapping) and started.get("skipped"):
        return None
    if not isinstance(started, Mapping) or started.get("failed") or _is_stale(run, host, started):
        return Missing(host, _NOT_TUNED)
    return tuning_outcome.of_host(host, variables, run.options, check_mode=run.check_mode)


def _is_stale(run: Run, host: str, started: Mapping[str, Any]) -> bool:
    """Return whether a host that has left the play has the results of another profile, applied before."""
    profile = plain(started.get("options") or {}).get("tuning_profile")
    return host not in run.active and profile not in (None, run.options.get("profile"))
