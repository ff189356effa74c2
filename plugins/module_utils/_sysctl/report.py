# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The result of sysctl_profile for a plan: rows, table, diff, warnings and log line."""

from __future__ import annotations

from typing import Any, Mapping

from .._common import text as text_table
from .._common.status import CHANGED, REFUSED, SHADOWED, SKIPPED, UNCHANGED
from .._formats import sysctl_conf
from .._parameters.catalogue import HIDDEN, shown
from .._parameters.value import normal
from . import admit, take_over
from .admit import Setting
from .boot import SET_NOWHERE, Boot, named, source
from .file_change import FileChange
from .hazards import NAMES as HAZARDS
from .plan import Outcome, Plan
from .snapshot import Host

_COLUMNS = ("PARAMETER", "RUNNING", "AT BOOT", "STATUS")
_MOST_NAMES = 8
# By whether the file is gone.
_FILE_LEFT_ALONE = {
    False: {"found": "edited", "reason": "edited by someone else since nettune.tcp wrote it"},
    True: {"found": "gone", "reason": "removed by someone else since nettune.tcp wrote it"},
}
_VALUES = ("requested", "before", "after", "boot_before", "boot_after")


def rows(plan: Plan, host: Host) -> list[dict[str, Any]]:
    """Return a row for each setting in the order given, each reverted parameter, and each other refused option.

    If one is refused, nothing is done, so the others are shown as unchanged.
    """
    given = {setting.name for setting in plan.wish.settings}
    reverted = [name for name in plan.outcomes if name not in given]
    asked = [_row(setting, plan, host) for setting in plan.wish.settings]
    table = asked + [_row(_reverted(name, host), plan, host) for name in reverted]
    table += [_option_row(option, reason) for option, reason in plan.refused]
    return list(map(_as_not_written, table)) if refusals(table) else table


def _option_row(option: str, reason: str) -> dict[str, Any]:
    nothing: dict[str, Any] = dict.fromkeys(_VALUES)
    return {"key": option, "given_as": option, **nothing, "status": REFUSED, "reason": reason}


def _as_not_written(row: dict[str, Any]) -> dict[str, Any]:
    """Return the row of a change that is not made because something else is refused."""
    if row["status"] not in (CHANGED, SHADOWED):
        return row
    return {**row, "after": row["before"], "boot_after": row["boot_before"], "status": UNCHANGED, "reason": None}


def refusals(table: list[dict[str, Any]]) -> str:
    """Return why nothing can be done, in one text; empty if nothing is refused."""
    refused = [row for row in table if row["status"] == REFUSED]
    if not refused:
        return ""
    asked, requested_and_refused = (sum(row["requested"] is not None for row in some) for some in (table, refused))
    reverting = requested_and_refused == 0 and any(row["before"] is not None for row in refused)
    text = "not everything can be reverted, " if reverting else ""
    text = f"{requested_and_refused} of {asked} settings refused, " if requested_and_refused else text
    return f"{text}nothing was written: " + "; ".join(row["reason"] for row in refused)


def left_alone(plan: Plan) -> list[dict[str, Any]]:
    """Return what is not reverted because someone else has changed it since: {what, expected, found, reason}."""
    values = [
        {
            "what": name,
            "expected": shown(name, plan.before.keys[name].ours[-1]),
            "found": shown(name, one.running),
            "reason": _changed_since(shown(name, plan.before.keys[name].before)),
        }
        for name, one in plan.outcomes.items()
        if one.target is None and not (one.refused or one.is_ours or one.running is None) and name in plan.before.keys
    ]
    files = [
        {"what": one.path, "expected": "as written", **_FILE_LEFT_ALONE[one.before is None]}
        for one in plan.files
        if one.left_alone
    ]
    return values + files


def _file(change: FileChange) -> dict[str, str]:
    status = "removed" if change.after is None else "created" if change.before is None else CHANGED
    return {"path": change.path, "status": status}


def _changed_since(before: str | None) -> str:
    was = "it did not exist" if before is None else f"it was {before or 'empty'}"
    return f"changed by someone else since; {was} before nettune.tcp"


def result(plan: Plan, table: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the module's result without `file` and `confirm`."""
    return {
        "changed": plan.changes_anything,
        "settings": table,
        "files": [_file(one) for one in plan.files if one.takes_effect],
        "table": text_lines(plan, table),
        "modules": modules(plan),
        "conflicts": list(plan.conflicts),
        "hazards": hazards(plan),
        "left_alone": left_alone(plan),
        "diff": diff(plan),
    }


def refused(plan: Plan, table: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the result of a run that is refused: the refused rows, and what explains them."""
    return {
        "settings": [row for row in table if row["status"] == REFUSED],
        "conflicts": list(plan.conflicts),
        "hazards": hazards(plan),
    }


def text_lines(plan: Plan, table: list[dict[str, Any]]) -> list[str]:
    """Return a table of the rows that change or have a reason, the names of the others, and the changes of files."""
    notable = [row for row in table if row["status"] != UNCHANGED or row["reason"]]
    lines = [(row["key"], *_transitions(row), _status_text(row)) for row in notable]
    rows_text = text_table.lines(_COLUMNS, lines) if lines else []
    others = [row["key"] for row in table if row not in notable]
    files = [] if refusals(table) else _file_lines(plan)
    return [*rows_text, *_unchanged(others, among=len(table)), *files] or ["nothing to do"]


def _unchanged(names: list[str], *, among: int) -> list[str]:
    if not names:
        return []
    if len(names) == among:
        return [f"all {among} parameters unchanged"]
    return [f"unchanged: {', '.join(names)}" if len(names) <= _MOST_NAMES else f"{len(names)} unchanged"]


def _transitions(row: Mapping[str, Any]) -> tuple[str, str]:
    """Return the cells for the running value and for the value at boot."""
    absent = "not known" if row.get("boot_reason") else "default"
    return _transition(row["before"], row["after"], "-"), _transition(row["boot_before"], row["boot_after"], absent)


def _transition(before: str | None, after: str | None, absent: str) -> str:
    """Return `2 -> 1`, or the value alone if it stays."""
    was, will = (absent if value is None else value or "(empty)" for value in (before, after))
    return was if was == will else f"{was} -> {will}"


def warnings(plan: Plan, table: list[dict[str, Any]]) -> list[str]:
    """Return warnings about edited files, shadowed parameters, other programs, and accepted hazards."""
    edited = [
        f"{one.path} was edited by someone else; a copy of its text is in /var/lib/nettune/tcp/edited"
        for one in plan.files
        if one.edited and not one.left_alone
    ]
    shadowed = [f"{row['key']} is shadowed: {row['reason']}" for row in table if row["status"] == SHADOWED]
    owned = [f"{row['key']} is also set by {', '.join(row['owners'])}" for row in table if row.get("owners")]
    accepted = [
        f"hazard {one.hazard} accepted: {one.key} {one.text}"
        for one in plan.hazards
        if one.hazard in plan.wish.accept_hazards
    ]
    return edited + shadowed + owned + accepted


def diff(plan: Plan) -> list[dict[str, str]]:
    """Return the diff of the plan: the running values in the order in which they are written, then each file."""
    found = []
    if plan.writes:
        before, after = (
            "".join(f"{name} = {shown(name, change[at])}\n" for name, change in plan.writes) for at in (0, 1)
        )
        found.append(_diff("running values (/proc/sys)", before, after))
    changed = (one for one in plan.files if one.takes_effect)
    return found + [_diff(one.path, masked(one.before or ""), masked(one.after or "")) for one in changed]


def hazards(plan: Plan) -> list[dict[str, Any]]:
    """Return the hazards of the plan: {hazard, key, text, accepted}."""
    return [{**one._asdict(), "accepted": one.hazard in plan.wish.accept_hazards} for one in plan.hazards]


def modules(plan: Plan) -> list[dict[str, str | None]]:
    """Return the modules that are named or needed: {module, state, status, reason}."""
    new = {line for one in plan.files if one.takes_effect for line in _added_lines(one)}
    return [
        {
            "module": one.name,
            "state": one.state,
            "status": one.status or (CHANGED if one.name in new else UNCHANGED),
            "reason": one.reason or None,
        }
        for one in plan.wish.modules
    ]


def _added_lines(change: FileChange) -> set[str]:
    return set((change.after or "").splitlines()) - set((change.before or "").splitlines())


def log_line(plan: Plan) -> str:
    """Return what changed, in one line for the system log."""
    values = [f"{name} {shown(name, change.before)!r} -> {shown(name, change.after)!r}" for name, change in plan.writes]
    return "; ".join(values + _file_lines(plan))


def _reverted(name: str, host: Host) -> Setting:
    """Return a parameter that is only reverted, as a setting without a request."""
    return Setting(name, name, None, admit.describe(name, host))


def _row(setting: Setting, plan: Plan, host: Host) -> dict[str, Any]:
    outcome = plan.outcomes.get(setting.name)
    row: dict[str, Any] = {"key": setting.name, "given_as": setting.given_as, "requested": setting.requested}
    if outcome is None or setting.status:
        running = _running(setting, host)
        at_boot, then = (outcome.boot_before, outcome.boot_after) if outcome else (SET_NOWHERE, SET_NOWHERE)
        row.update(
            before=running,
            after=running,
            boot_before=_normal(setting, at_boot),
            boot_after=_normal(setting, then),
            boot_source=_source(at_boot),
            status=setting.status,
            reason=setting.reason,
        )
    else:
        row.update(_outcome_fields(setting, outcome, plan, host))
    if row["reason"] is None and setting.given_as != setting.name:
        row["reason"] = _other_name(setting)
    if setting.parameter.secret:
        row.update({field: HIDDEN for field in _VALUES if row[field] is not None})
    if outcome is not None and outcome.boot_after.unknown:
        row["boot_reason"] = outcome.boot_after.unknown
    if host.owners.get(setting.name):
        row["owners"] = list(host.owners[setting.name])
    return row


def _other_name(setting: Setting) -> str | None:
    name = sysctl_conf.canonical(setting.given_as)
    return None if name == setting.name else f"{name} is {setting.name} on this kernel"


def _running(setting: Setting, host: Host) -> str | None:
    text = host.reading(setting.name).text
    return None if text is None else normal(setting.parameter, text)


def _outcome_fields(setting: Setting, outcome: Outcome, plan: Plan, host: Host) -> dict[str, Any]:
    after = outcome.target.value if outcome.target and outcome.running is not None else outcome.running
    boot_before, boot_after = (_normal(setting, one) for one in (outcome.boot_before, outcome.boot_after))
    if plan.waiting and not _shadow(setting, outcome, plan, host):
        boot_after = boot_before
    changes = (outcome.running, boot_before) != (after, boot_after)
    status, reason = _status(setting, outcome, plan, host, changes=changes)
    if status == REFUSED:
        after, boot_after = outcome.running, boot_before
    return {
        "before": outcome.running,
        "after": after,
        "boot_before": boot_before,
        "boot_after": boot_after,
        "boot_source": _source(outcome.boot_before),
        "status": status,
        "reason": reason,
    }


def _status(setting: Setting, outcome: Outcome, plan: Plan, host: Host, *, changes: bool) -> tuple[str, str | None]:
    if outcome.refused:
        return REFUSED, outcome.refused
    if outcome.target is None:
        return UNCHANGED, _why_without_target(setting.name, outcome, plan)
    shadow = _shadow(setting, outcome, plan, host)
    if shadow:
        return SHADOWED, shadow
    if outcome.running is None:
        return SKIPPED, outcome.target.note
    notes = [outcome.target.note]
    if outcome.boot_after.unknown:
        notes.append(f"the value at boot is not known: {outcome.boot_after.unknown}")
    return (CHANGED if changes else UNCHANGED), "; ".join(filter(None, notes)) or None


def _why_without_target(name: str, outcome: Outcome, plan: Plan) -> str:
    if outcome.running is None:
        return "no longer exists; its module was unloaded"
    if outcome.is_ours:
        return "did not exist when the profile was applied; gets its default at the next boot"
    return "changed by someone else; left as is"


def _shadow(setting: Setting, outcome: Outcome, plan: Plan, host: Host) -> str:
    """Return which line of another file overrides ours at boot with another value; empty if none does."""
    original, winner = plan.after.keys.get(setting.name), outcome.boot_after.winner
    unknown = bool(outcome.boot_after.unknown)
    if original is None or original.line is None or unknown or _normal(setting, outcome.boot_after) == original.line:
        return ""
    line, value = (shown(setting.name, text or "") for text in (original.line, outcome.boot_after.value))
    if winner is None:
        return f"another file excludes it at boot: {line} will be lost on reboot"
    hint = ""
    if winner.path in host.boot_files and winner.path.startswith("/etc/") and not plan.wish.take_over:
        hint = "; set take_over: true to comment that line out"
    return f"{named(winner)} sets {value or 'no value'} at boot, after our file: {line} will be lost on reboot{hint}"


def _file_lines(plan: Plan) -> list[str]:
    changed = (one for one in plan.files if one.takes_effect)
    return [f"{'removes' if one.after is None else 'edits' if one.foreign else 'writes'} {one.path}" for one in changed]


def _status_text(row: Mapping[str, Any]) -> str:
    """Return the status with its reason, without the name of the parameter, which has its own column."""
    if not row["reason"]:
        return row["status"]
    text = row["reason"].split(f"{row['key']}: ", 1)[-1]
    for before in ("", *(f"hazard {name}: " for name in HAZARDS)):
        if text.startswith(f"{before}{row['key']} "):
            text = text.replace(f"{row['key']} ", "", 1)
    return f"{row['status']}: {text}"


def _normal(setting: Setting, boot: Boot) -> str | None:
    return None if boot.value is None else normal(setting.parameter, boot.value)


def _source(boot: Boot) -> dict[str, Any] | None:
    reason = {"reason": boot.unknown} if boot.unknown else {}
    return {**source(boot.winner), **reason} if boot.winner else None


def _diff(header: str, before: str, after: str) -> dict[str, str]:
    return {"before_header": header, "after_header": header, "before": before, "after": after}


def masked(text: str) -> str:
    """Return the text of a sysctl.d file with the values of secrets hidden, also in lines we commented out."""
    assignments = sysctl_conf.assignments("", take_over.uncommented(text))
    secret = {one.line for one in assignments if shown(one.name, "") == HIDDEN}
    lines = enumerate(text.split("\n"), start=1)
    return "\n".join(f"{line.partition('=')[0]}= {HIDDEN}" if number in secret else line for number, line in lines)
