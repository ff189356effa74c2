# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A plan for open-file limits, or what became of it, as a module returns it."""

from __future__ import annotations

from typing import Any, Dict, Iterable, Iterator, Mapping, Sequence

from .._common import text
from .._formats import unit_name
from .._formats.rlimit import Limit, at_most, reaches, shown
from . import desired, live, logins
from .live import Change
from .plan import Plan
from .request import EVERYBODY, Request, of_user
from .snapshot import Giver, Host, Process, Unit
from .steps import Action, RemoveDirectory, RemoveFile, SetLimit, WriteFile

# What the machine does not allow: who wanted what, what they have, why, and what would help.

Row = Dict[str, Any]
Requests = Mapping[str, Request]

REFUSED, CLAMPED = "refused", "clamped"
_RAISE_NR_OPEN = "raise fs.nr_open on the machine itself (outside containers), then run this again"
_GRANT = "give the host, or its container, CAP_SYS_RESOURCE or a higher hard limit of its own, or ask for less"


def refused(plan: Plan, requests: Requests) -> list[Row]:
    """One row for each refusal; processes of a service that are refused alike share one."""
    return [*_refused_processes(plan), *_users(plan, requests), *_services(plan, requests)]


def row(who: str, wanted: Limit, have: Limit, reason: str, *, effect: str = REFUSED) -> Row:
    """One refusal. effect: REFUSED where nothing is set, CLAMPED where less than wanted will be given."""
    helps = _RAISE_NR_OPEN if "fs.nr_open" in reason else _GRANT
    return {"who": who, "wanted": shown(wanted), "have": shown(have), "effect": effect, "reason": reason, "help": helps}


def _refused_processes(plan: Plan) -> list[Row]:
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
        asked = of_user(user, requests.values())
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


# The result of nofile_limits as people read it: a table of what there is to say, and how many rows say nothing.

_COLUMNS = ("OPEN-FILE LIMIT OF", "BEFORE", "AFTER", "STATUS")
_SKIPPED, _CHANGED = "skipped", "changed"

ResultRow = Mapping[str, Any]


def lines(result: ResultRow) -> list[str]:
    """The rows of users, services, processes and refusals of a result, as a table."""
    told = [row for kind in ("users", "services") for row in result[kind] if row["status"] != _SKIPPED]
    set_ = [row for row in result["processes"] if row["status"] == _CHANGED]
    rows = [*map(_start, told), *map(_running_cells, set_), *map(_refusal, result["refused"])]
    table = text.lines(_COLUMNS, rows) if rows else []
    return [*table, *_passed_over(result["not_applicable"])] or ["nothing to do"]


def _passed_over(rows: Iterable[ResultRow]) -> list[str]:
    """One line for each reason, with all that it keeps out."""
    by_reason: dict[str, list[str]] = {}
    for row in rows:
        by_reason.setdefault(row["reason"], []).append(row["what"])
    return [f"{', '.join(whats)}: {why}" for why, whats in by_reason.items()]


def _start(row: ResultRow) -> tuple[str, ...]:
    who = f"next start of {row['service']}" if "service" in row else f"next login of {row['user']}"
    why = row.get("restart") or row["reason"]
    return who, _limit(row["before"]), _limit(row["after"]), f"{row['status']}: {why}" if why else row["status"]


def _running_cells(row: ResultRow) -> tuple[str, ...]:
    many = f" (and {len(row['pids']) - 1} more)" if len(row["pids"]) > 1 else ""
    who = f"{row['name']}[{row['pids'][0]}]{many}"
    return who, _limit(row["before"]), _limit(row["after"]), row["status"]


def _refusal(row: ResultRow) -> tuple[str, ...]:
    return (
        row["who"],
        _limit(row["have"]),
        _limit(row["have"]),
        f"{row['effect']}, not {_limit(row['wanted'])}: {row['reason']}",
    )


def _limit(limit: ResultRow) -> str:
    return f"{limit['soft']}:{limit['hard']}"


CHANGED, UNCHANGED, SKIPPED, SHADOWED, REFUSED = "changed", "unchanged", "skipped", "shadowed", "refused"


def report(plan: Plan, requests: Requests) -> Row:
    """The result of a plan. requests: those of the profiles it is about, whether they come or go."""
    restart = _restart(plan)
    return {
        "changed": changes_something(plan.actions),
        "files": [_file(action) for action in plan.actions if isinstance(action, (WriteFile, RemoveFile))],
        "users": [_user(user, plan) for user in _each(requests, "everyone")],
        "services": [_service(unit, plan, restart) for unit in _units(requests, plan)],
        "processes": _processes(plan.live),
        "refused": refused(plan, requests),
        "restart_needed": sorted(restart),
        "left_alone": [one._asdict() for one in plan.left_alone],
        "not_applicable": [{"what": what, "reason": why} for what, why in _skipped(plan, requests).items()],
    }


def changes_something(actions: Iterable[Action]) -> bool:
    """Whether the steps change the host; a directory of ours only goes after the file in it."""
    return not all(isinstance(action, RemoveDirectory) for action in actions)


def diff(actions: Iterable[Action]) -> list[Row]:
    """The steps for `--diff`: one entry a file, and one for the limits of running processes."""
    steps = list(actions)
    entries = [_difference(action) for action in steps if isinstance(action, (WriteFile, RemoveFile))]
    limits = [action for action in steps if isinstance(action, SetLimit)]
    if limits:
        header = "open files (soft:hard) of running processes"
        before = "".join(f"{_named(step.process)} {step.process.limit}\n" for step in limits)
        after = "".join(f"{_named(step.process)} {step.after}\n" for step in limits)
        entries.append({"before_header": header, "after_header": header, "before": before, "after": after})
    return entries


def log_line(result: Row) -> str:
    """The result in one line, for the system log."""
    counted = {
        "files": [row["path"] for row in result["files"]],
        "processes": [row["name"] for row in result["processes"] if row["status"] == CHANGED],
        "refused": [row["who"] for row in result["refused"]],
    }
    return "; ".join(f"{what}: {', '.join(dict.fromkeys(names))}" for what, names in counted.items() if names)


def _each(requests: Requests, what: str) -> list[str]:
    return list(dict.fromkeys(item for request in requests.values() for item in getattr(request, what)))


def _units(requests: Requests, plan: Plan) -> list[Unit]:
    found = (plan.host.units[given] for given in _each(requests, "services"))
    return list({unit.name: unit for unit in found}.values())


def _file(action: WriteFile | RemoveFile) -> Row:
    if isinstance(action, RemoveFile):
        return {"path": action.path, "status": "removed"}
    return {"path": action.path, "status": "created" if action.before is None else CHANGED}


def _difference(action: WriteFile | RemoveFile) -> Row:
    after = action.after if isinstance(action, WriteFile) else None
    return {
        "before_header": action.path if action.before is not None else "/dev/null",
        "after_header": action.path if after is not None else "/dev/null",
        "before": action.before or "",
        "after": after or "",
    }


def _user(user: str, plan: Plan) -> Row:
    verdict = plan.desired.users.get(user)
    before = logins.logins(user, plan.host, logins.entries(plan.host.limits))
    files = desired.limits_with(plan.host, plan.texts())
    after = logins.logins(user, plan.host, logins.entries(files))
    row = _row("user", user, before.low, after.low, verdict.why if verdict else "")
    if verdict and verdict.skipped:
        return {**row, "status": SKIPPED, "reason": verdict.skipped}
    if verdict and not verdict.suffices and not reaches(after.low, verdict.floor):
        winners = [str(entry) for entry in (after.session.soft, after.session.hard, after.session.ended_by) if entry]
        return {
            **row,
            "status": SHADOWED,
            "reason": f"a later line keeps it lower: {', '.join(dict.fromkeys(winners))}",
        }
    return _waiting(row) if plan.waiting else row


def _service(unit: Unit, plan: Plan, restart: Mapping[str, str]) -> Row:
    verdict = plan.desired.services.get(unit.name)
    if unit.why_not:
        return {
            "service": unit.name,
            "before": None,
            "after": None,
            "status": SKIPPED,
            "reason": unit.why_not,
            "restart": None,
        }
    before = desired.given(unit.files, plan.host)
    after = desired.given(desired.unit_with(unit, plan.texts()), plan.host)
    row = _row("service", unit.name, before.limit, after.limit, verdict.why if verdict else "")
    row["restart"] = next((why for name, why in restart.items() if unit_name.covers(unit.name, name)), None)
    if verdict and verdict.limit and not reaches(after.limit, verdict.limit):
        return {**row, "status": SHADOWED, "reason": f"a later line keeps it lower: {after}"}
    return _waiting(row) if plan.waiting else row


def _waiting(row: Row) -> Row:
    """The row while the files that would change it wait."""
    if row["before"] == row["after"]:
        return row
    then = Limit(**row["after"])
    return {
        **row,
        "after": row["before"],
        "status": UNCHANGED,
        "reason": f"{then} once confirmed: {row['reason']}",
    }


def _row(kind: str, name: str, before: Limit, after: Limit, why: str) -> Row:
    status = UNCHANGED if before == after else CHANGED
    return {kind: name, "before": shown(before), "after": shown(after), "status": status, "reason": why}


def _processes(live: Iterable[Change]) -> list[Row]:
    """One row for all processes of a service that are alike."""
    rows: dict[Any, Row] = {}
    for change in live:
        process = change.process
        status = CHANGED if change.after != process.limit else REFUSED if change.why_not else UNCHANGED
        key = (process.unit, process.name, process.limit, change.after, status)
        row = {"unit": process.unit, "name": process.name, "pids": [], "before": shown(process.limit)}
        rows.setdefault(key, {**row, "after": shown(change.after), "status": status})["pids"].append(process.pid)
    return list(rows.values())


def _restart(plan: Plan) -> dict[str, str]:
    """Why services have to be restarted, by the name they run as."""
    lasting = {name: request for name, request in plan.after.profiles.items() if request.persistent}
    starts_with: dict[str, Limit] = {}
    for unit in dict.fromkeys(process.unit for process in _running(plan)):
        floor: Limit | None = desired.floor_of_unit(unit, lasting, plan.host)
        if floor is not None:
            starts_with[unit] = at_most(floor, plan.host.init.ceiling(plan.host.nr_open))
    return live.restart_reasons(plan.live or _as_they_are(plan), starts_with)


def _running(plan: Plan) -> Sequence[Process]:
    return plan.host.processes or ()


def _as_they_are(plan: Plan) -> list[Change]:
    return [Change(process, process.limit, process.limit, process.limit) for process in _running(plan)]


def _skipped(plan: Plan, requests: Requests) -> dict[str, str]:
    reasons = dict(_skipped_users(plan, requests))
    reasons.update({unit.name: unit.why_not for unit in _units(requests, plan) if unit.why_not})
    if plan.host.processes is None and any(request.live and request.services for request in requests.values()):
        reasons["processes"] = "systemd does not run here: which processes belong to a service cannot be told"
    return reasons


def _skipped_users(plan: Plan, requests: Requests) -> Iterator[tuple[str, str]]:
    for request in requests.values():
        for user in request.everyone:
            verdict = plan.desired.users.get(user)
            if not request.persistent:
                yield f"user {user}", "persistent: false writes no limits.d file, and logins read nothing else"
            elif verdict and verdict.skipped:
                yield f"user {user}", verdict.skipped
            elif verdict and user == EVERYBODY:
                yield from _exceptions(plan, verdict.floor, request)


def _exceptions(plan: Plan, floor: Limit, request: Request) -> Iterator[tuple[str, str]]:
    lines = logins.entries(desired.without_ours(plan.host.limits))
    for entry in logins.exceptions(floor, plan.host, lines):
        if entry.domain not in request.everyone:
            yield f"user {entry.domain}", f"{entry} says otherwise, and beats a line for everybody"


def _named(process: Process) -> str:
    return f"{process.name}[{process.pid}]"
