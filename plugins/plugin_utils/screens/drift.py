# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The drift of a fleet: hosts with the same difference share a row, hosts without drift share a line."""

from __future__ import annotations

from typing import Any, Iterable, Mapping, Sequence

from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import InvalidOption
from ansible_collections.nettune.tcp.plugins.module_utils._verify import differences

from ..fleet import document
from .host_names import natural, short
from .line import CRITICAL, DIM, OK, WARNING, Line, Row, Screen, count, listed, paragraph
from .reasons import NOT_ROOT, table
from .run import Run, missing_failures
from .tuning_words import in_role_terms

_HEADER = ("HOST", differences.PROFILE, *differences.HEADER)
_WIDE = 120
_NAMED = 3
_SEVERITIES = {differences.NOW: CRITICAL, differences.NEXT_BOOT: WARNING}
NO_PROFILE = (
    "no host has a profile of nettune.tcp, so there is nothing to verify; apply one first, for example with"
    " ansible-playbook nettune.tcp.tune_web -e target=web1"
)


def draw(run: Run) -> Screen:
    """Return the screen of the playbook verify. Raises InvalidOption if there is nothing to verify."""
    fleet = run.results()
    fleet["hosts"] = [{**host, "drift": list(map(_in_role_terms, host["drift"]))} for host in fleet["hosts"]]
    chosen = run.options.get("nettune_profile")
    if chosen:
        check_profile(chosen, fleet["hosts"])
        fleet = {**fleet, "hosts": [_only(chosen, host) for host in fleet["hosts"]]}
    elif not (fleet["missing"] or any(host["profiles"] or host["drift"] for host in fleet["hosts"])):
        unread = "; the journals could not be read without root" if _unread(fleet["hosts"]) else ""
        raise InvalidOption(NO_PROFILE + unread)
    fail_on = run.options.get("nettune_fail_on", tuple(_SEVERITIES.values()))
    failures = missing_failures(fleet)
    for host in fleet["hosts"]:
        drift = [row for row in host["drift"] if severity_of(row) in fail_on]
        if drift:
            failures[host["host"]] = {"msg": _sentence(drift), "unreachable": False}
    lines_ = table_of(fleet, width=run.width, each=run.verbosity > 0)
    return Screen(lines_, failures, _document(fleet), _rows(fleet))


def lines(drift: Any) -> list[str]:
    """Return a table of differences as text.

    drift: rows with the fields of a Difference, which have no lines if there are none; or a fleet's results of
    profile_info, {hosts: [{host, profiles, drift}], missing: [...]}, which always end with a summary.
    """
    if isinstance(drift, Mapping):
        return [line.text for line in table_of(drift, width=_WIDE, each=True)]
    rows = [Row(differences.cells(row)) for row in drift]
    return [line.text for line in table(differences.HEADER, rows, width=_WIDE)]


def table_of(fleet: Mapping[str, Any], *, width: int, each: bool) -> list[Line]:
    """Return the drift of a fleet and a summary. each: whether each host has rows of its own."""
    hosts, missing = fleet["hosts"], fleet["missing"]
    rows = [_row(names, row) for names, row in _grouped(hosts, each=each)]
    shown = table(_HEADER, rows, width=width)
    notes = [
        *((names, reason, CRITICAL) for reason, names in _missing(missing).items()),
        (_clean(hosts), "no drift", OK),
        (_bare(hosts), "no profile", DIM),
        *(((names), f"not checked: {reason}", WARNING) for reason, names in _unread(hosts).items()),
    ]
    for names, text, severity in notes:
        if names:
            shown += paragraph(f"{short(names)}: {text}", width=width, hanging="  ", severity=severity)
    text, severity = _summary(fleet)
    return [*shown, *([Line("")] if shown else []), *paragraph(text, width=width, hanging="  ", severity=severity)]


def check_profile(name: str, hosts: Iterable[Mapping[str, Any]]) -> None:
    """Raise InvalidOption, with the existing profiles, unless one of the hosts has the profile.

    hosts: results of profile_info. Nothing is known without hosts.
    """
    hosts = list(hosts)
    known = sorted({profile["name"] for host in hosts for profile in host["profiles"]})
    if not hosts or name in known:
        return
    existing = f"existing profiles: {', '.join(known)}" if known else "no host has any profile"
    raise InvalidOption(f"nettune_profile: no host has a profile '{name}'; {existing}")


def severity_of(row: Mapping[str, str]) -> str:
    """Return the severity of a difference: critical now, a warning at the next boot."""
    return _SEVERITIES[row["when"]]


def _in_role_terms(row: Mapping[str, str]) -> dict[str, str]:
    """Return a difference with the variables of the roles in place of the options of the modules."""
    return {**row, "reason": in_role_terms(row["reason"])}


def _only(profile: str, host: Mapping[str, Any]) -> dict[str, Any]:
    profiles = [each for each in host["profiles"] if each["name"] == profile]
    return {**host, "profiles": profiles, "drift": [row for row in host["drift"] if row["profile"] == profile]}


def _grouped(hosts: Sequence[Mapping[str, Any]], *, each: bool) -> list[tuple[list[str], Mapping[str, str]]]:
    """Return each difference with the hosts that have it, drift now first."""
    groups: dict[Any, tuple[list[str], Mapping[str, str]]] = {}
    for host in sorted(hosts, key=lambda host: natural(host["host"])):
        for row in host["drift"]:
            key = (host["host"] if each else "", row["profile"], *differences.cells(row))
            names, _row = groups.setdefault(key, ([], row))
            if host["host"] not in names:
                names.append(host["host"])
    return sorted(groups.values(), key=lambda group: group[1]["when"] != differences.NOW)


def _row(names: Iterable[str], row: Mapping[str, str]) -> Row:
    return Row((short(names), row["profile"], *differences.cells(row)), severity_of(row))


def _missing(missing: Iterable[Mapping[str, Any]]) -> dict[str, list[str]]:
    """Return the hosts for each reason why they could not be checked."""
    found: dict[str, list[str]] = {}
    for row in missing:
        reason = document.reason_of(row) if row["unreachable"] else f"failed: {row['reason']}"
        found.setdefault(reason, []).append(row["host"])
    return found


def _clean(hosts: Iterable[Mapping[str, Any]]) -> list[str]:
    return [host["host"] for host in hosts if host["profiles"] and not host["drift"]]


def _bare(hosts: Iterable[Mapping[str, Any]]) -> list[str]:
    return [host["host"] for host in hosts if not (host["profiles"] or host["drift"])]


def _unread(hosts: Iterable[Mapping[str, Any]]) -> dict[str, list[str]]:
    """Return the hosts for each thing that could not be read."""
    found: dict[str, list[str]] = {}
    for host in hosts:
        for row in host.get("partial") or ():
            found.setdefault(f"{row['what']}: {row['reason']}", []).append(host["host"])
    return found


def _summary(fleet: Mapping[str, Any]) -> Line:
    hosts, missing = fleet["hosts"], fleet["missing"]
    now = sum(any(severity_of(row) == CRITICAL for row in host["drift"]) for host in hosts)
    drifted = sum(bool(host["drift"]) for host in hosts)
    unreachable = sum(row["unreachable"] for row in missing)
    counts = {
        "without drift": len(_clean(hosts)),
        "drifted": now,
        "will drift at the next boot": drifted - now,
        "unreachable": unreachable,
        "failed": len(missing) - unreachable,
        "without a profile": len(_bare(hosts)),
    }
    text = ", ".join(f"{number} {what}" for what, number in counts.items() if number)
    severity = CRITICAL if now or missing else WARNING if drifted else OK
    return Line(f"{count(len(hosts) + len(missing), 'host')}: {text}", severity)


def _sentence(drift: Sequence[Mapping[str, str]]) -> str:
    """Return the drift of a host in one sentence."""
    profiles = sorted({row["profile"] for row in drift})
    whole = ("profile" if len(profiles) == 1 else "profiles") + f" {', '.join(profiles)}"
    return f"{count(len(drift), 'difference')} from {whole}: {listed([_clause(row) for row in drift], most=_NAMED)}"


def _clause(row: Mapping[str, str]) -> str:
    what, expected, found, when, reason = differences.cells(row)
    if what == "-":
        return reason
    return (
        f"{what} is {found}, not {expected}" if when == differences.NOW else f"{what} will be {found}, not {expected}"
    )


def _document(fleet: Mapping[str, Any]) -> dict[str, Any]:
    hosts = [
        {
            **{key: value for key, value in host.items() if key not in ("table", NOT_ROOT)},
            "drift": [{**row, "severity": severity_of(row)} for row in host["drift"]],
        }
        for host in fleet["hosts"]
    ]
    return {"hosts": hosts, "missing": fleet["missing"]}


def _rows(fleet: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return a row for each difference, and one for each host without any."""
    empty = dict.fromkeys(("profile", "what", "expected", "running", "boot", "when", "severity"), "")
    rows: list[dict[str, Any]] = []
    for host in fleet["hosts"]:
        rows += [{"host": host["host"], **empty, **row, "severity": severity_of(row)} for row in host["drift"]]
        if not host["drift"]:
            reason = "no drift" if host["profiles"] else "no profile"
            rows.append({"host": host["host"], **empty, "reason": reason})
    return rows + [{"host": row["host"], **empty, "reason": document.reason_of(row)} for row in fleet["missing"]]
