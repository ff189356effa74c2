# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The end of a recording: which hosts are in it. Its document is the recording itself."""

from __future__ import annotations

from typing import Any, Mapping, Sequence

from ..fleet import recording, source
from ..fleet.anonymous import anonymised
from ..fleet.unreachable import unreachable
from ..plain import plain
from . import line
from .host_names import short
from .line import Line, Screen, count, paragraph
from .reasons import missing, not_root
from .run import Run, missing_failures

_WATCHED = "__nettune_watched"
_HANGING = "    "


def draw(run: Run) -> Screen:
    """Return the screen of the playbook record."""
    fleet = source.from_results(run.hostvars, run.hosts)
    samples, unsampled = _samples(run, [row["host"] for row in fleet["hosts"]])
    for row in fleet["hosts"]:
        row["samples"] = samples.get(row["host"])
    lines = [
        *_partial(fleet, run.width),
        *not_root(fleet["hosts"], width=run.width),
        *missing(unsampled, width=run.width, failed="no samples"),
        *missing(fleet["missing"], width=run.width, failed="not recorded"),
    ]
    lines += [*([Line("")] if lines else []), *_summary(run, fleet)]
    found = recording.document({**fleet, "missing": _missing(fleet["missing"], run.hostvars)})
    document = anonymised(found) if run.options.get("nettune_anonymise") else found
    return Screen(lines, missing_failures(fleet), document, [])


def _samples(run: Run, hosts: Sequence[str]) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Return the samples by host as columns, and the rows of the hosts that were to be sampled but did not answer."""
    if not run.options.get("nettune_samples"):
        return {}, []
    watched = run.results(_WATCHED, hosts)
    hosts = watched["hosts"]
    columns = {host["host"]: recording.columns(host["series"], host.get("changes", ())) for host in hosts}
    return columns, watched["missing"]


def _missing(rows: list[dict[str, Any]], hostvars: Any) -> list[dict[str, Any]]:
    """Return the rows with groups, by which hosts can be selected later, and the addresses of unreachable ones."""
    addresses = {row["host"]: row["addresses"] for row in unreachable(hostvars, rows)}
    groups = {row["host"]: plain(list(hostvars[row["host"]].get("group_names") or [])) for row in rows}
    return [{**row, "groups": groups[row["host"]], "addresses": addresses.get(row["host"], [])} for row in rows]


def _partial(fleet: Mapping[str, Any], width: int) -> list[Line]:
    """Return a line for what could not be read, with the hosts that share it."""
    by_text: dict[str, list[str]] = {}
    for host in fleet["hosts"]:
        for part in host["partial"]:
            by_text.setdefault(f"without {part['what']}: {part['reason']}", []).append(host["host"])
    return [
        each
        for text, hosts in by_text.items()
        for each in paragraph(f"{short(hosts)} {text}", width=width, hanging=_HANGING, severity=line.WARNING)
    ]


def _summary(run: Run, fleet: Mapping[str, Any]) -> list[Line]:
    hosts, absent = fleet["hosts"], fleet["missing"]
    parts = [f"{len(hosts)} of {count(len(hosts) + len(absent), 'host')} recorded"]
    samples = sum(len(host["samples"]["seconds"]) for host in hosts if host["samples"])
    parts += [count(samples, "sample")] if samples else []
    parts += ["names and addresses replaced"] if run.options.get("nettune_anonymise") else []
    return paragraph(", ".join(parts), width=run.width, hanging=_HANGING, severity=line.CRITICAL if absent else line.OK)
