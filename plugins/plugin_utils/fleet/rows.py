# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rows of a fleet, from which reports, recordings and metrics are computed, and checks of rows from a file.

    {"hosts": [{"host", "groups", "at", "release", "python", "not_root", "facts", "profiles", "partial", "samples"}],
     "missing": [{"host", "unreachable", "reason"}], "silent": [{"host", "addresses"}]}

`facts` are the facts of this collection by name: nettune_tcp, nettune_sysctl and nettune_nofile, each of which may be
absent. `profiles` is a result of profile_info, `samples` are columns of fleet.recording; both are None if they were not
read. `not_root` is the reason why the host was read without root, if it was. Only the fleet of a recording has
`silent`, the rows of fleet.unreachable.
"""

from __future__ import annotations

from typing import Any, Mapping

from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import MalformedInput
from ansible_collections.nettune.tcp.plugins.module_utils._common.text import shown
from ansible_collections.nettune.tcp.plugins.module_utils._diagnosis.facts import facts_of

Fleet = dict[str, list[dict[str, Any]]]

_DRIFT = ("profile", "what", "expected", "running", "boot", "reason", "when")

# The row of a host of which nothing is known.
NOTHING: Mapping[str, Any] = {
    "at": None,
    "release": "",
    "python": "",
    "not_root": "",
    "facts": {},
    "profiles": None,
    "partial": [],
    "samples": None,
}


def checked(found: Mapping[str, Any]) -> Fleet:
    """Return the fleet in a JSON object. A host without usable facts is missing. Raises MalformedInput."""
    hosts = [_checked(row) for row in _rows(found, "hosts")]
    missing = [_missing(row) for row in _rows(found, "missing")]
    names = [row["host"] for row in (*hosts, *missing)]
    if len(set(names)) < len(names):
        raise MalformedInput("a host is in it twice")
    return {
        "hosts": [row for row in hosts if "reason" not in row],
        "missing": [*(row for row in hosts if "reason" in row), *missing],
    }


def _rows(found: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    rows = found.get(name)
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise MalformedInput(f"{name} is not a list of objects")
    for row in rows:
        if not isinstance(row.get("host"), str) or not row["host"]:
            raise MalformedInput("a host has no name")
    return rows


def _checked(row: dict[str, Any]) -> dict[str, Any]:
    """Return the row of a host, or its row in `missing` if its facts do not have the form of facts."""
    host = row["host"]
    found = {**NOTHING, **row, "groups": _texts(row, "groups")}
    try:
        facts_of(found["facts"])
    except MalformedInput as error:
        reason = f"its facts in the recording are malformed: {error}"
        return {"host": host, "unreachable": False, "reason": reason, "groups": found["groups"], "addresses": []}
    for name in ("at", "release", "python", "not_root"):
        _check(found[name] is None or isinstance(found[name], str), host, name)
    _check(_has_rows(found, "partial"), host, "partial")
    profiles, samples = found["profiles"], found["samples"]
    _check(profiles is None or _are_profiles(profiles), host, "profiles")
    _check(samples is None or _are_columns(samples), host, "samples")
    return found


def _missing(row: dict[str, Any]) -> dict[str, Any]:
    _check(isinstance(row.get("unreachable"), bool) and isinstance(row.get("reason"), str), row["host"], "reason")
    found = {name: row[name] for name in ("host", "unreachable", "reason")}
    return {**found, "groups": _texts(row, "groups"), "addresses": _texts(row, "addresses")}


def _texts(row: dict[str, Any], name: str) -> list[str]:
    texts = row.get(name, [])
    _check(isinstance(texts, list) and all(isinstance(each, str) and each for each in texts), row["host"], name)
    return texts


def _check(holds: bool, host: str, name: str) -> None:
    if not holds:
        raise MalformedInput(f"{name} of {shown(host)} does not have the form that the playbook record writes")


def _has_rows(value: Any, *names: str) -> bool:
    lists = [value.get(name) for name in names] if isinstance(value, dict) else [None]
    return all(isinstance(rows, list) and all(isinstance(row, dict) for row in rows) for rows in lists)


def _are_profiles(value: Any) -> bool:
    if not _has_rows({"partial": [], **value} if isinstance(value, dict) else value, "profiles", "drift", "partial"):
        return False
    names = [*(row.get("name") for row in value["profiles"]), *(row.get("profile") for row in value["drift"])]
    has_names = all(isinstance(name, str) for name in names)
    return has_names and all(name in row for row in value["drift"] for name in _DRIFT)


def _are_columns(samples: Any) -> bool:
    """Return whether the value has the form of columns(): lists of numbers of the same length, and marks or none."""
    if not isinstance(samples, dict) or not isinstance(samples.get("series"), dict):
        return False
    seconds, series = samples.get("seconds"), list(samples["series"].values())
    if not isinstance(samples.get("start"), str) or not all(isinstance(each, list) for each in (seconds, *series)):
        return False
    numbers = all(isinstance(value, (int, float)) for value in seconds)
    numbers = numbers and all(value is None or isinstance(value, (int, float)) for each in series for value in each)
    return numbers and all(len(each) == len(seconds) for each in series) and _are_marks(samples.get("marks", []))


def _are_marks(marks: Any) -> bool:
    texts = ("what", "before", "after")
    return isinstance(marks, list) and all(
        isinstance(mark, dict)
        and isinstance(mark.get("seconds"), (int, float))
        and all(isinstance(mark.get(name), str) for name in texts)
        for mark in marks
    )
