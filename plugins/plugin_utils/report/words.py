# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report's summary in sentences, for the page's first screen and for the terminal."""

from __future__ import annotations

from typing import Any, Mapping

from ..screens.line import CRITICAL, OK, WARNING, Line


def headline(summary: Mapping[str, Any]) -> list[Line]:
    """Return what matters most in one sentence, then a sentence each for the rest."""
    found, drift, boot = summary["severities"], summary["drift"], summary["next_boot"]
    read = summary["hosts"] - summary["missing"]
    lines = [_worst(found, summary)]
    if found["critical"] and found["warning"]:
        lines.append(Line(f"{_hosts(found['warning'], 'more host')} {_have(found['warning'])} warnings.", WARNING))
    if drift["hosts"]:
        lines.append(Line(f"{_hosts(drift['hosts'])} {_have(drift['hosts'])} drifted from the profile.", CRITICAL))
    if boot["hosts"]:
        values = f"{boot['values']:,} {'value' if boot['values'] == 1 else 'values'}"
        lines.append(Line(f"The next boot changes {values} on {_hosts(boot['hosts'])}.", WARNING))
    if summary["missing"]:
        lines.append(Line(f"{_hosts(summary['missing'])} could not be read.", CRITICAL))
    if read and not drift["hosts"] and not boot["hosts"]:
        subject = "Nothing has drifted" if drift["with_profile"] else "No profile was found"
        lines.append(Line(f"{subject}, and no value is known to change at the next boot.", OK))
    return lines


def tiles(summary: Mapping[str, Any]) -> dict[str, str]:
    """Return the texts of the tiles of the first screen."""
    found, drift, boot = summary["severities"], summary["drift"], summary["next_boot"]
    failed = summary["missing"] - summary["unreachable"]
    gone = [
        f"{number:,} {what}" for number, what in ((summary["unreachable"], "unreachable"), (failed, "failed")) if number
    ]
    kinds = [f"{found[name]:,} {name}" for name in ("critical", "warning", "info") if found[name]]
    profiled = f"{_hosts(drift['with_profile'])} {_have(drift['with_profile'])} a profile"
    sick = sum(found.values()) - found["none"]
    return {
        "hosts": ", ".join(gone) or f"{summary['sockets']:,} sockets",
        "found_unit": "host" if sick == 1 else "hosts",
        "found": ", ".join(kinds) or "nothing found",
        "drift_unit": "host" if drift["hosts"] == 1 else "hosts",
        "drift": f"{drift['values']:,} of the profiles' values differ" if drift["values"] > 1 else profiled,
        "boot_unit": "host" if boot["hosts"] == 1 else "hosts",
        "boot": f"{boot['values']:,} {'value changes' if boot['values'] == 1 else 'values change'}"
        if boot["values"]
        else "nothing changes",
    }


def made(document: Mapping[str, Any]) -> str:
    """Return when and from what the report was made."""
    first, last = _minute(document["summary"]["from"]), _minute(document["summary"]["to"])
    read = f"facts of {first}" if first == last else f"facts of {first} to {last}"
    known = [
        {"cache": "from the fact cache", "recording": "from a recording"}.get(document["source"], ""),
        first and read,
    ]
    return ", ".join(filter(None, [f"made {_minute(document['generated'])}", *known])) + " (UTC)"


def _worst(found: Mapping[str, int], summary: Mapping[str, Any]) -> Line:
    of = f"of {_hosts(summary['hosts'])}"
    if summary["hosts"] == summary["missing"]:
        return Line("No host could be read." if summary["hosts"] else "There are no hosts.", CRITICAL)
    for name, severity, what in (
        ("critical", CRITICAL, "critical findings"),
        ("warning", WARNING, "warnings, and nothing is critical"),
        ("info", OK, "remarks, and nothing is wrong"),
    ):
        if found[name]:
            return Line(f"{found[name]:,} {of} {_have(found[name])} {what}.", severity)
    return Line(f"Nothing is wrong on {_hosts(found['none'])}.", OK)


def _hosts(number: int, what: str = "host") -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def _have(number: int) -> str:
    return "has" if number == 1 else "have"


def _minute(time: str | None) -> str:
    return f"{time[:10]} {time[11:16]}" if time else ""
