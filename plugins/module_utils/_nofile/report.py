# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The result of nofile_limits for a plan, before or after it is carried out."""

from __future__ import annotations

from typing import Any, Dict, Iterable, Iterator, Mapping, Sequence

from .._common.status import CHANGED, REFUSED, SHADOWED, SKIPPED, UNCHANGED
from .._formats import unit_name
from .._formats.rlimit import Limit, at_most, reaches, shown
from . import desired, live, logins, services
from .live import Change
from .plan import Plan
from .refusals import refused
from .request import EVERYBODY, Request
from .snapshot import Host, Process, Unit
from .steps import Action, RemoveDirectory, RemoveFile, SetLimit, WriteFile

_MOST_REASONS, _MOST_EXCEPTIONS = 3, 16

Row = Dict[str, Any]
Requests = Mapping[str, Request]


def report(plan: Plan, requests: Requests) -> Row:
    """Return the result of a plan. requests: those of the profiles that are applied or reverted."""
    restart, reasons = _restart(plan), _not_applicable(plan, requests)
    return {
        "changed": changes_something(plan.actions),
        "files": [_file(action) for action in plan.actions if isinstance(action, (WriteFile, RemoveFile))],
        "users": [_user(user, plan) for user in _each(requests, "all_users")],
        "services": [_service(unit, plan, restart) for unit in _units(requests, plan)],
        "processes": _processes(plan.live),
        "refused": refused(plan, requests),
        "restart_needed": sorted(restart),
        "left_alone": [one._asdict() for one in plan.left_alone],
        "not_applicable": [{"what": what, "reason": reason} for what, reason in reasons.items()],
    }


def changes_something(actions: Iterable[Action]) -> bool:
    """Return whether the steps change the host. A directory of ours is only removed after the file in it."""
    return not all(isinstance(action, RemoveDirectory) for action in actions)


def diff(actions: Iterable[Action]) -> list[Row]:
    """Return the steps for `--diff`: one entry per file, and one for the limits of running processes."""
    steps = list(actions)
    entries = [_difference(action) for action in steps if isinstance(action, (WriteFile, RemoveFile))]
    limits = [action for action in steps if isinstance(action, SetLimit)]
    if limits:
        header = "open-file limits (soft:hard) of running processes"
        before = "".join(f"{_name(step.process)} {step.process.limit}\n" for step in limits)
        after = "".join(f"{_name(step.process)} {step.after}\n" for step in limits)
        entries.append({"before_header": header, "after_header": header, "before": before, "after": after})
    return entries


def log_line(result: Row) -> str:
    """Return the result as one line for the system log."""
    names = {
        "files": [row["path"] for row in result["files"]],
        "processes": [row["name"] for row in result["processes"] if row["status"] == CHANGED],
        "refused": [row["what"] for row in result["refused"]],
    }
    return "; ".join(f"{what}: {', '.join(dict.fromkeys(found))}" for what, found in names.items() if found)


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
    decision = plan.desired.users.get(user)
    before = logins.limits_of(user, plan.host, logins.entries(plan.host.limits))
    future_files = desired.limits_with(plan.host, plan.texts())
    after = logins.limits_of(user, plan.host, logins.entries(future_files))
    row = _row("user", user, before.low, after.low, decision.reason if decision else "")
    if decision and decision.skipped:
        return {**row, "status": SKIPPED, "reason": decision.skipped}
    impossible = logins.impossible(after.session, plan.host)
    met = reaches(after.low, decision.floor) if decision else True
    if decision and not decision.accepted and (not met or (impossible and plan.host.failure_ends_session)):
        winners = [str(entry) for entry in (after.session.soft, after.session.hard, after.session.ended_by) if entry]
        reason = impossible or f"overridden by {', '.join(dict.fromkeys(winners))}"
        return {**row, "status": SHADOWED, "reason": reason}
    return _not_known(_pending(row) if plan.waiting else row, plan.host.limits_unread)


def _service(unit: Unit, plan: Plan, restart: Mapping[str, str]) -> Row:
    if unit.unavailable:
        nothing = {"before": None, "after": None, "status": SKIPPED}
        return {"service": unit.name, **nothing, "reason": unit.unavailable, "restart": None}
    decision = plan.desired.services.get(unit.name)
    before = services.given(unit.files, plan.host)
    after = services.given(desired.unit_with(unit, plan.texts()), plan.host)
    starts = [plan.host.init.granted(one.limit, plan.host.nr_open) for one in (before, after)]
    row = _row("service", unit.name, *starts, decision.reason if decision else "")
    row["restart"] = next((reason for name, reason in restart.items() if unit_name.covers(unit.name, name)), None)
    if decision and decision.limit and not reaches(after.limit, decision.limit):
        return {**row, "status": SHADOWED, "reason": f"overridden by {after}"}
    unread = (*unit.unread, *(plan.host.defaults_unread if after.assignment is None else ()))
    return _not_known(_pending(row) if plan.waiting else row, unread)


def _not_known(row: Row, unread: Sequence[str]) -> Row:
    """Return the row without its limits if files that may set them cannot be read. unread: why."""
    if not unread:
        return row
    return {**row, "before": None, "after": None, "reason": f"not known: {_first(unread)}; {row['reason']}"}


def _first(unread: Sequence[str]) -> str:
    """Return the first reasons why files cannot be read, and how many there are more."""
    rest = len(unread) - _MOST_REASONS
    return "; ".join([*unread[:_MOST_REASONS], *([f"and {rest} more"] if rest > 0 else [])])


def _pending(row: Row) -> Row:
    """Return the row while the files that would change it wait for the confirmation."""
    if row["before"] == row["after"]:
        return row
    reason = f"{Limit(**row['after'])} once confirmed: {row['reason']}"
    return {**row, "after": row["before"], "status": UNCHANGED, "reason": reason}


def _row(kind: str, name: str, before: Limit, after: Limit, reason: str) -> Row:
    status = UNCHANGED if before == after else CHANGED
    return {kind: name, "before": shown(before), "after": shown(after), "status": status, "reason": reason}


def _processes(changes: Iterable[Change]) -> list[Row]:
    """Return one row for all processes of a service with the same name and limits."""
    rows: dict[Any, Row] = {}
    for change in changes:
        process = change.process
        status = CHANGED if change.after != process.limit else REFUSED if change.reason else UNCHANGED
        key = (process.unit, process.name, process.limit, change.after, status)
        row = {"unit": process.unit, "name": process.name, "pids": [], "before": shown(process.limit)}
        rows.setdefault(key, {**row, "after": shown(change.after), "status": status})["pids"].append(process.pid)
    return list(rows.values())


def _restart(plan: Plan) -> dict[str, str]:
    """Return the running units that need a restart, with the reason."""
    persistent = {name: request for name, request in plan.after.profiles.items() if request.persistent}
    processes = plan.host.processes or ()
    starts_with: dict[str, Limit] = {}
    for unit in dict.fromkeys(process.unit for process in processes):
        floor: Limit | None = desired.floor_of_unit(unit, persistent, plan.host)
        if floor is not None:
            starts_with[unit] = at_most(floor, plan.host.init.ceiling(plan.host.nr_open))
    kept = {one.process.unit: one.kept for one in plan.live if one.kept}
    return {**kept, **live.restart_reasons(plan.live or _unchanged(processes), starts_with)}


def _unchanged(processes: Sequence[Process]) -> list[Change]:
    return [Change(process, process.limit, process.limit, process.limit) for process in processes]


def _not_applicable(plan: Plan, requests: Requests) -> dict[str, str]:
    reasons = dict(_users_without_change(plan, requests))
    reasons.update({unit.name: unit.unavailable for unit in _units(requests, plan) if unit.unavailable})
    reasons.update(_left_out(plan, requests))
    if plan.host.processes is None and any(request.live and request.services for request in requests.values()):
        reasons["processes"] = "systemd is not running, so the processes of a service are unknown"
    return reasons


def _left_out(plan: Plan, requests: Requests) -> Iterator[tuple[str, str]]:
    """Yield the limits that are not known, because a file that may set them cannot be read."""
    units = _units(requests, plan)
    for what, unread in (
        ("limits of logins", plan.host.limits_unread if _each(requests, "all_users") else ()),
        ("defaults of systemd", plan.host.defaults_unread if units else ()),
        *((f"drop-ins of {unit.name}", unit.unread) for unit in units),
    ):
        if unread:
            yield what, _first(unread)


def _users_without_change(plan: Plan, requests: Requests) -> Iterator[tuple[str, str]]:
    for request in requests.values():
        for user in request.all_users:
            decision = plan.desired.users.get(user)
            if not request.persistent:
                yield f"user {user}", "logins unchanged: limits.d is only written with persistent: true"
            elif decision and decision.skipped:
                yield f"user {user}", decision.skipped
            elif decision:
                yield from _outside_pam(user, decision, plan.host)
                if user == EVERYBODY:
                    yield from _exceptions(plan, decision.floor, request)


def _outside_pam(user: str, decision: logins.Decision, host: Host) -> Iterator[tuple[str, str]]:
    """Yield the daemons whose sessions start below the floor and get no line of ours. Some have a file of their own."""
    for daemon, cause in host.outside_pam.items():
        limits = [one.limit for one in host.login_daemons if one.name == daemon]
        # systemd starts sshd for the first connection if ssh.socket is enabled.
        if all(reaches(limit, decision.floor) for limit in limits) and (limits or daemon != "sshd"):
            continue
        kept = f" ({min(limits)})" if limits else ""
        unit = next((one.unit for one in host.processes or () if one.name == daemon), daemon)
        start = f"these sessions start with the limit of {daemon}{kept} and get no line of limits.d"
        reason = f"{start}, because {cause}: change that, or raise {unit} too"
        yield f"user {user} by {daemon}", reason


def _exceptions(plan: Plan, floor: Limit, request: Request) -> Iterator[tuple[str, str]]:
    lines = logins.entries(desired.without_ours(plan.host.limits))
    found = [one for one in logins.exceptions(floor, plan.host, lines) if one.domain not in request.all_users]
    for entry in found[:_MOST_EXCEPTIONS]:
        yield f"user {entry.domain}", f"{entry} sets a lower limit and takes precedence over a line for '*'"
    if len(found) > _MOST_EXCEPTIONS:
        yield "other users", f"{len(found) - _MOST_EXCEPTIONS} more lines set a lower limit"


def _name(process: Process) -> str:
    return f"{process.name}[{process.pid}]"
