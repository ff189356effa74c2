# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the machine does not allow: who wanted what, what they have, why, and what would help."""

from __future__ import annotations

from typing import Any, Dict, Mapping

from .._formats.rlimit import Limit, at_most, shown
from . import desired, live, logins, request
from .plan import Plan
from .request import EVERYBODY, Request
from .snapshot import Giver, Host

Row = Dict[str, Any]
Requests = Mapping[str, Request]

REFUSED, CLAMPED = "refused", "clamped"
_RAISE_NR_OPEN = "raise fs.nr_open on the machine itself (outside containers), then run this again"
_GRANT = "give the host, or its container, CAP_SYS_RESOURCE or a higher hard limit of its own, or ask for less"


def refused(plan: Plan, requests: Requests) -> list[Row]:
    """One row for each refusal; processes of a service that are refused alike share one."""
    return [*_processes(plan), *_users(plan, requests), *_services(plan, requests)]


def row(who: str, wanted: Limit, have: Limit, why: str, *, effect: str = REFUSED) -> Row:
    """One refusal. effect: REFUSED where nothing is set, CLAMPED where less than wanted will be given."""
    helps = _RAISE_NR_OPEN if "fs.nr_open" in why else _GRANT
    return {"who": who, "wanted": shown(wanted), "have": shown(have), "effect": effect, "why": why, "help": helps}


def _processes(plan: Plan) -> list[Row]:
    alike: dict[Any, list[int]] = {}
    for change in plan.live:
        if change.why_not:
            key = (change.process.name, change.process.unit, change.wanted, change.after, change.why_not)
            alike.setdefault(key, []).append(change.process.pid)
    return [
        row(f"{name}[{','.join(map(str, pids))}] of {unit}", wanted, after, why)
        for (name, unit, wanted, after, why), pids in alike.items()
    ]


def _users(plan: Plan, requests: Requests) -> list[Row]:
    host, rows = plan.host, []
    for user, verdict in plan.desired.users.items():
        asked = request.of_user(user, requests.values())
        if asked is None or verdict.skipped or verdict.suffices or at_most(asked, logins.ceiling(host)) == asked:
            continue
        who = "logins of everybody" if user == EVERYBODY else f"logins of {user}"
        giver = min(host.logins, key=lambda one: one.ceiling(host.nr_open))
        rows.append(row(who, asked, verdict.floor, _why(giver, asked, host), effect=CLAMPED))
    return rows


def _services(plan: Plan, requests: Requests) -> list[Row]:
    host, rows = plan.host, []
    for unit, verdict in plan.desired.services.items():
        asked = desired.floor_of_unit(unit, requests, host)
        ceiling = host.init.ceiling(host.nr_open)
        if asked is None or verdict.skipped or not host.systemd or asked.hard <= ceiling:
            continue
        rows.append(row(unit, asked, at_most(asked, ceiling), _why(host.init, asked, host), effect=CLAMPED))
    return rows


def _why(giver: Giver, asked: Limit, host: Host) -> str:
    if giver.ceiling(host.nr_open) < host.nr_open:
        return f"{giver.name} itself has no more than {giver.limit.hard}, and not CAP_SYS_RESOURCE to give more"
    return live.above_nr_open(asked.hard, host)
