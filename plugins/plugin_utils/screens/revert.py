# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What was reverted on each host, and what was left alone because someone else has changed it since.

Used by the playbook revert and by the role tuning. The results are in fixed variables: both modules have the state
absent, which concerns all that a host has of a profile.
"""

from __future__ import annotations

from typing import Any, Callable, Iterable, Mapping, NamedTuple, Sequence

from ansible_collections.nettune.tcp.plugins.module_utils._common.status import CHANGED

from ..fleet import document
from . import reasons
from .host_names import natural, short
from .line import CHANGED as REVERTED
from .line import CRITICAL, DIM, OK, WARNING, Line, Row, Screen, count, paragraph, table
from .run import Run

LIMITS, SYSCTL = "__tuning_limits_reverted", "__tuning_sysctl_reverted"
# Of the playbook only.
TRIALS, PROFILES, TEXTFILE = "__nettune_trials_removed", "__nettune_profiles", "__nettune_textfile_removed"
_PARAMETER, _LIMIT, _FILE, _TRIAL = "kernel parameter", "open-file limit", "file", "trial"
_INDENT = "  "
_LEFT_ALONE = ("what", "expected", "found", "reason")


class _Change(NamedTuple):
    """A reverted value, limit, file or trial. kind: its name in counts. running, boot: `before -> after`, or `-`."""

    kind: str
    what: str
    running: str
    boot: str


class _Host(NamedTuple):
    """error: why the host failed, empty if it did not."""

    name: str
    changes: tuple[_Change, ...]
    left_alone: tuple[tuple[str, ...], ...]
    error: str = ""
    unreachable: bool = False

    @property
    def outcome(self) -> tuple[Any, ...]:
        """Return what hosts that share rows have in common."""
        return self.changes, self.left_alone, self.error


def draw(run: Run) -> Screen:
    """Return the screen from the results LIMITS and SYSCTL, and those of the playbook if there are any.

    In an earlier batch (`serial`) there are lines only if one of its hosts failed; the last batch shows all hosts.
    """
    is_last = run.alone or not run.active or run.active[-1] in run.batch
    names = run.hosts if is_last and not run.alone else run.batch
    hosts = [_host(name, run) for name in names if any(_result(run, name, one) for one in _CHANGES)]
    hosts.sort(key=lambda host: natural(host.name))
    groups = _grouped(hosts, each=run.verbosity > 0)
    lines = [line for group in groups for line in _group(group, run)]
    lines += _idle(hosts, run)
    lines += [Line("")] if lines else []
    failures = {host.name: {"msg": host.error, "unreachable": host.unreachable} for host in hosts if host.error}
    if not is_last and not failures:
        return Screen([], {}, _document(hosts), _rows(hosts))
    text, severity = _summary(hosts, run)
    lines += paragraph(text, width=run.width, hanging="  ", severity=severity)
    return Screen(lines, failures, _document(hosts), _rows(hosts))


def _result(run: Run, host: str, registered: str) -> Mapping[str, Any]:
    """Return what a host has registered, without a `skipped` result; empty if it has registered nothing."""
    found = run.hostvars[host].get(registered) if host in run.hostvars else None
    return found if isinstance(found, Mapping) and not found.get("skipped") else {}


def _host(name: str, run: Run) -> _Host:
    changes: list[_Change] = []
    left: list[tuple[str, ...]] = []
    failed: list[document.Missing] = []
    for registered, changes_of in _CHANGES.items():
        if not _result(run, name, registered):
            continue
        found = document.result_row(name, run.hostvars[name], registered)
        if isinstance(found, document.Missing):
            failed.append(found)
            continue
        changes += changes_of(found)
        left += [tuple(str(row[key]) for key in _LEFT_ALONE) for row in found.get("left_alone", ())]
    kept = tuple(dict.fromkeys(changes)), tuple(dict.fromkeys(left))
    return (
        _Host(name, *kept, document.one_line(failed[0].reason), failed[0].unreachable) if failed else _Host(name, *kept)
    )


def _sysctl_changes(result: Mapping[str, Any]) -> list[_Change]:
    found = [
        _Change(
            _PARAMETER,
            row["key"],
            _move(row["before"], row["after"], "-"),
            _move(row["boot_before"], row["boot_after"], "default"),
        )
        for row in result["settings"]
        if row["status"] == CHANGED
    ]
    return found + _file_changes(result["files"])


def _limit_changes(result: Mapping[str, Any]) -> list[_Change]:
    starts = [
        _Change(_LIMIT, f"{kind} of {row[name]}", "-", _move(*map(_limit, (row["before"], row["after"])), "-"))
        for kind, name, rows in (("login", "user", result["users"]), ("start", "service", result["services"]))
        for row in rows
        if row["status"] == CHANGED
    ]
    running = [
        _Change(
            _LIMIT,
            f"{row['name']} of {row['unit']}",
            _move(*map(_limit, (row["before"], row["after"])), "-"),
            "-",
        )
        for row in result["processes"]
        if row["status"] == CHANGED
    ]
    return starts + running + _file_changes(result["files"])


def _trial_changes(result: Mapping[str, Any]) -> list[_Change]:
    return [_Change(_TRIAL, f"trial {name}", "-", "removed") for name in result["removed"]]


# In the order in which the results are shown. The first failure counts.
_CHANGES: Mapping[str, Callable[[Mapping[str, Any]], list[_Change]]] = {
    PROFILES: lambda _result: [],
    SYSCTL: _sysctl_changes,
    LIMITS: _limit_changes,
    TRIALS: _trial_changes,
    TEXTFILE: lambda result: _file_changes(result["files"]),
}


def _file_changes(files: Iterable[Mapping[str, str]]) -> list[_Change]:
    return [_Change(_FILE, row["path"], "-", "removed" if row["status"] == "removed" else "restored") for row in files]


def _limit(limit: Mapping[str, Any] | None) -> str | None:
    return None if limit is None else f"{limit['soft']}:{limit['hard']}"


def _move(before: str | None, after: str | None, absent: str) -> str:
    """Return `2 -> 1`, or `-` if it stays."""
    was, will = (absent if value is None else value or "(empty)" for value in (before, after))
    return "-" if was == will else f"{was} -> {will}"


def _grouped(hosts: Sequence[_Host], *, each: bool) -> list[list[_Host]]:
    groups: dict[Any, list[_Host]] = {}
    for host in hosts:
        groups.setdefault(host.name if each else host.outcome, []).append(host)
    return list(groups.values())


def _names(group: Sequence[_Host]) -> str:
    return short(host.name for host in group)


def _group(group: Sequence[_Host], run: Run) -> list[Line]:
    """Return what was reverted and left alone on the hosts of a group, below their names; no lines for nothing."""
    host, width = group[0], run.width - len(_INDENT)
    parameters = [Row((one.what, one.running, one.boot), REVERTED) for one in host.changes if one.kind == _PARAMETER]
    limits = [
        Row((one.what, one.boot if one.running == "-" else one.running), REVERTED)
        for one in host.changes
        if one.kind == _LIMIT
    ]
    lines = table(("WOULD REVERT" if run.check_mode else "REVERTED", "RUNNING", "AT BOOT"), parameters, width=width)
    lines += table(("OPEN-FILE LIMIT", "BEFORE -> AFTER"), limits, width=width)
    for one in host.changes:
        if one.kind not in (_PARAMETER, _LIMIT):
            done = f"would be {one.boot}" if run.check_mode else one.boot
            lines += paragraph(f"{done}: {one.what}", width=width, hanging=_INDENT, severity=REVERTED)
    left = [Row(row, WARNING) for row in host.left_alone]
    lines += reasons.table(("LEFT ALONE", "EXPECTED", "FOUND", "REASON"), left, width=width)
    if host.error:
        text = f"unreachable: {host.error}" if host.unreachable else f"failed: {host.error}"
        lines += paragraph(text, width=width, hanging=_INDENT, severity=CRITICAL)
    names = paragraph(f"{_names(group)}:", width=run.width) if lines else []
    return [*names, *(Line(f"{_INDENT}{line.text}", line.severity) for line in lines)]


def _idle(hosts: Iterable[_Host], run: Run) -> list[Line]:
    names = [host.name for host in hosts if not (host.changes or host.left_alone or host.error)]
    text = f"{short(names)}: nothing to revert"
    return paragraph(text, width=run.width, hanging=_INDENT, severity=DIM) if names else []


def _summary(hosts: Sequence[_Host], run: Run) -> Line:
    reverted = [host for host in hosts if host.changes]
    failed = [host for host in hosts if host.error]
    left = [row[0] for host in hosts for row in host.left_alone]
    idle = sum(not (host.changes or host.left_alone or host.error) for host in hosts)
    parts = [
        f"{'would revert' if run.check_mode else 'reverted'} {_counts(reverted)} on {count(len(reverted), 'host')}"
    ]
    parts = parts if reverted else []
    parts += [f"nothing to revert on {count(idle, 'host')}"] if idle else []
    parts += [f"{_values_and_files(left)} left alone"] if left else []
    unreachable = sum(host.unreachable for host in failed)
    parts = parts or ["nothing reverted"]
    parts += [f"{count(unreachable, 'host')} unreachable"] if unreachable else []
    parts += [f"{count(len(failed) - unreachable, 'host')} failed"] if len(failed) > unreachable else []
    text = "; ".join(parts)
    return Line(text[0].upper() + text[1:], CRITICAL if failed else WARNING if left else OK)


def _counts(hosts: Iterable[_Host]) -> str:
    """Return for example `38 kernel parameters and 4 files`."""
    kinds = [change.kind for host in hosts for change in host.changes]
    counts = [count(kinds.count(kind), kind) for kind in dict.fromkeys(kinds)]
    return " and ".join(part for part in (", ".join(counts[:-1]), *counts[-1:]) if part)


def _values_and_files(whats: Sequence[str]) -> str:
    """Return for example `2 values and 1 file`."""
    files = sum(what.startswith("/") for what in whats)
    counts = {"value": len(whats) - files, "file": files}
    return " and ".join(count(number, kind) for kind, number in counts.items() if number)


def _document(hosts: Iterable[_Host]) -> dict[str, Any]:
    """Return the hosts with what was reverted and left alone, and those that failed, possibly after some changes."""
    hosts = list(hosts)
    return {
        "hosts": [
            {
                "host": host.name,
                "reverted": [{"what": one.what, "running": one.running, "boot": one.boot} for one in host.changes],
                "left_alone": [dict(zip(_LEFT_ALONE, row)) for row in host.left_alone],
            }
            for host in hosts
            if host.changes or not host.error
        ],
        "missing": [
            {"host": host.name, "unreachable": host.unreachable, "reason": host.error} for host in hosts if host.error
        ],
    }


def _rows(hosts: Iterable[_Host]) -> list[dict[str, Any]]:
    """Return a row for each change, each thing left alone, and each host without either."""
    rows = []
    for host in hosts:
        rows += [
            {"host": host.name, "what": one.what, "running": one.running, "boot": one.boot, "reason": ""}
            for one in host.changes
        ]
        rows += [
            {"host": host.name, "what": what, "running": found, "boot": "", "reason": reason}
            for what, _expected, found, reason in host.left_alone
        ]
        if host.error or not (host.changes or host.left_alone):
            reason = host.error or "nothing to revert"
            rows.append({"host": host.name, "what": "", "running": "", "boot": "", "reason": reason})
    return rows
