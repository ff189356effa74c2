# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The limits that a host does not allow, each with the reason and what would help."""

from __future__ import annotations

from typing import Any, Dict, Mapping

from .._common.status import REFUSED
from .._formats.rlimit import Limit, at_most, shown
from . import desired, live, logins
from .plan import Plan
from .request import EVERYBODY, Request, floor_of_user
from .snapshot import Host, Parent

# Less than was asked for will be given. REFUSED means that nothing is set.
CLAMPED = "clamped"
_RAISE_NR_OPEN = "raise fs.nr_open on the host itself (outside containers), then run this again"
_GRANT = "grant CAP_SYS_RESOURCE, raise the container's hard limit, or ask for less with soft and hard"

Row = Dict[str, Any]
Requests = Mapping[str, Request]


def refused(plan: Plan, requests: Requests) -> list[Row]:
    """Return one row per refusal; processes of a service that are refused for the same reason share a row."""
    return [*_processes(plan), *_users(plan, requests), *_services(plan, requests)]


def _row(what: str, expected: Limit, found: Limit, reason: str, effect: str) -> Row:
    remedy = _RAISE_NR_OPEN if "fs.nr_open" in reason else _GRANT
    limits = {"expected": shown(expected), "found": shown(found)}
    return {"what": what, **limits, "effect": effect, "reason": reason, "remedy": remedy}


def _processes(plan: Plan) -> list[Row]:
    alike: dict[Any, list[int]] = {}
    for change in plan.live:
        if change.reason:
            key = (change.process.name, change.process.unit, change.wanted, change.after, change.reason)
            alike.setdefault(key, []).append(change.process.pid)
    return [
        _row(f"{name}[{','.join(map(str, pids))}] of {unit}", wanted, after, reason, REFUSED)
        for (name, unit, wanted, after, reason), pids in alike.items()
    ]


def _users(plan: Plan, requests: Requests) -> list[Row]:
    host, rows = plan.host, []
    for user, decision in plan.desired.users.items():
        asked = floor_of_user(user, requests.values())
        if asked is None or decision.skipped or decision.accepted or at_most(asked, logins.ceiling(host)) == asked:
            continue
        what = "logins of everybody" if user == EVERYBODY else f"logins of {user}"
        daemon = min(host.pam_daemons, key=lambda one: one.ceiling(host.nr_open))
        rows.append(_row(what, asked, decision.floor, _reason(daemon, asked, host), CLAMPED))
    return rows


def _services(plan: Plan, requests: Requests) -> list[Row]:
    host, rows = plan.host, []
    ceiling = host.init.ceiling(host.nr_open)
    for unit, decision in plan.desired.services.items():
        asked = desired.floor_of_unit(unit, requests, host)
        if asked is None or decision.skipped or not host.systemd or asked.hard <= ceiling:
            continue
        rows.append(_row(unit, asked, at_most(asked, ceiling), _reason(host.init, asked, host), CLAMPED))
    return rows


def _reason(parent: Parent, asked: Limit, host: Host) -> str:
    if parent.ceiling(host.nr_open) < host.nr_open:
        return f"{parent.name}'s own limit is {parent.limit.hard} and it lacks CAP_SYS_RESOURCE"
    return live.above_nr_open(asked.hard, host)
