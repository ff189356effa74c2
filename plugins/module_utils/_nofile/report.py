# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A plan for open-file limits, or what became of it, as a module returns it."""

from __future__ import annotations

from typing import Any, Dict, Iterable, Iterator, Mapping, Sequence

from .._formats import unit_name
from .._formats.rlimit import Limit, at_most, reaches, shown
from . import desired, logins, nofile_refusals, nofile_services
from . import live as nofile_live
from .live import Change
from .plan import Plan
from .request import EVERYBODY, Request
from .snapshot import Process, Unit
from .steps import Action, RemoveDirectory, RemoveFile, SetLimit, WriteFile

CHANGED, UNCHANGED, SKIPPED, SHADOWED, REFUSED = "changed", "unchanged", "skipped", "shadowed", "refused"

Row = Dict[str, Any]
Requests = Mapping[str, Request]


def report(plan: Plan, requests: Requests) -> Row:
    """The result of a plan. requests: those of the profiles it is about, whether they come or go."""
    restart = _restart(plan)
    return {
        "changed": changes_something(plan.actions),
        "files": [_file(action) for action in plan.actions if isinstance(action, (WriteFile, RemoveFile))],
        "users": [_user(user, plan) for user in _each(requests, "everyone")],
        "services": [_service(unit, plan, restart) for unit in _units(requests, plan)],
        "processes": _processes(plan.live),
        "refused": nofile_refusals.refused(plan, requests),
        "restart_needed": sorted(restart),
        "left_alone": what_why(plan.left_alone),
        "not_applicable": what_why(_skipped(plan, requests)),
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


def what_why(reasons: Mapping[str, str]) -> list[Row]:
    """Reasons by subject, as a list."""
    return [{"what": what, "why": why} for what, why in reasons.items()]


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
        return {**row, "status": SKIPPED, "why": verdict.skipped}
    if verdict and not verdict.suffices and not reaches(after.low, verdict.floor):
        winners = [str(entry) for entry in (after.session.soft, after.session.hard, after.session.ended_by) if entry]
        return {**row, "status": SHADOWED, "why": f"a later line keeps it lower: {', '.join(dict.fromkeys(winners))}"}
    return _waiting(row) if plan.waiting else row


def _service(unit: Unit, plan: Plan, restart: Mapping[str, str]) -> Row:
    verdict = plan.desired.services.get(unit.name)
    if unit.why_not:
        return {
            "service": unit.name,
            "before": None,
            "after": None,
            "status": SKIPPED,
            "why": unit.why_not,
            "restart": None,
        }
    before = nofile_services.given(unit.files, plan.host)
    after = nofile_services.given(desired.unit_with(unit, plan.texts()), plan.host)
    row = _row("service", unit.name, before.limit, after.limit, verdict.why if verdict else "")
    row["restart"] = next((why for name, why in restart.items() if unit_name.covers(unit.name, name)), None)
    if verdict and verdict.limit and not reaches(after.limit, verdict.limit):
        return {**row, "status": SHADOWED, "why": f"a later line keeps it lower: {after}"}
    return _waiting(row) if plan.waiting else row


def _waiting(row: Row) -> Row:
    """The row while the files that would change it wait."""
    if row["before"] == row["after"]:
        return row
    then = Limit(**row["after"])
    return {**row, "after": row["before"], "status": UNCHANGED, "why": f"{then} once it is confirmed: {row['why']}"}


def _row(kind: str, name: str, before: Limit, after: Limit, why: str) -> Row:
    status = UNCHANGED if before == after else CHANGED
    return {kind: name, "before": shown(before), "after": shown(after), "status": status, "why": why}


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
    return nofile_live.restart_reasons(plan.live or _as_they_are(plan), starts_with)


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
