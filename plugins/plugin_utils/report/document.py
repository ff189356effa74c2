# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The document of the report: everything the page shows, computed from a fleet of host rows.

    {"format": "nettune-report", "version": 1, "generated": ..., "title": ..., "source": ..., "summary": {...},
     "groups": [...], "causes": [...], "incidents": [...], "drift": [...], "next_boot": [...],
     "comparison": {...} or null, "trial": {...} or null, "hosts": [...], "missing": [...]}

docs/schemas/report.json describes it.
"""

from __future__ import annotations

from collections import Counter
from typing import Any, Iterable, Mapping, NamedTuple, Sequence

from ...module_utils._common.errors import MalformedInput
from ...module_utils._diagnosis.both_ends import trimmed
from ...module_utils._diagnosis.engine import diagnose
from ...module_utils._diagnosis.rule import SEVERITIES
from ..fleet.incidents import incidents
from ..screens.findings import grouped
from ..screens.host_names import natural
from ..screens.incidents import Joined
from . import changes, comparison, host, timeline, trial

FORMAT, VERSION = "nettune-report", 1
NONE = "none"
# Inventory groups that every host belongs to.
_EVERYWHERE = ("all", "ungrouped")


class Heading(NamedTuple):
    """What the report says about itself. generated: in UTC. source: hosts, cache or recording."""

    generated: str
    title: str = "TCP report"
    source: str = "hosts"


class Host(NamedTuple):
    """A host after its row was read. The row itself may be large and is not kept.

    entry: the section of the host. diagnosed: its findings, for the cards of causes, with those of its facts that are
    joined with other hosts'.
    """

    entry: dict[str, Any]
    diagnosed: dict[str, Any]
    changes: changes.HostChanges
    state: comparison.HostState


def document(
    fleet: Mapping[str, Any],
    heading: Heading,
    *,
    thresholds: Any = None,
    idle_timeout: Any = 0,
    before: Mapping[str, Any] | None = None,
    tried: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return the document. before: the fleet at an earlier time, to compare with. tried: the result of a trial.

    thresholds, idle_timeout: as for diagnose(). Raises InvalidOption.

    fleet: {hosts: [row], missing: [{host, unreachable, reason}]}; a row is {host, groups, at, release, facts, profiles,
    samples}. The rows are read one after the other, so that they can be generated. `silent` has the rows of
    fleet.unreachable, if there are any.
    """
    options = {"thresholds": thresholds, "idle_timeout": idle_timeout}
    outcomes = [_outcome(row, options) for row in fleet["hosts"]]
    read = [one for one in outcomes if isinstance(one, Host)]
    read.sort(key=lambda one: natural(one.entry["host"]))
    diagnosed = [one.diagnosed for one in read]
    found = incidents(diagnosed, fleet.get("silent", ()))
    joined = Joined(diagnosed, found)
    causes = [card.document() for card in grouped(joined.hosts(), each=False)]
    _number_causes(read, causes, joined)
    rows = changes.shared({one.entry["host"]: one.changes for one in read})
    unread = [one for one in outcomes if not isinstance(one, Host)]
    missing = sorted([*fleet["missing"], *unread], key=lambda row: natural(row["host"]))
    hosts = [one.entry for one in read]
    tested = trial.section(tried) if tried else None
    timeline.thin([*hosts, *(tested["hosts"] if tested else ())])
    return {
        "format": FORMAT,
        "version": VERSION,
        **heading._asdict(),
        "summary": _summary(hosts, read, missing, rows),
        "groups": _groups(hosts),
        "causes": causes,
        "incidents": found,
        **rows,
        "comparison": _compared(read, before, options),
        "trial": tested,
        "hosts": hosts,
        "missing": missing,
    }


def _outcome(row: Mapping[str, Any], options: Mapping[str, Any]) -> Host | dict[str, Any]:
    """Return the host, or a row of `missing` if its facts are not those of this collection."""
    try:
        return _read(row, options)
    except MalformedInput as error:
        return {"host": str(row["host"]), "unreachable": False, "reason": str(error)}


def _read(row: Mapping[str, Any], options: Mapping[str, Any]) -> Host:
    result = diagnose(row.get("facts") or {}, **options)
    changed = changes.of_host(row)
    entry = host.entry(row, result, changed)
    if row.get("samples"):
        entry["timeline"] = timeline.timeline(row["samples"])
    facts = trimmed(row.get("facts") or {})
    diagnosed = {"host": entry["host"], "findings": result["findings"], "at": entry["at"], "facts": facts}
    return Host(entry, diagnosed, changed, comparison.state(entry, result["findings"], row))


def _number_causes(read: Sequence[Host], causes: Sequence[Mapping[str, Any]], joined: Joined) -> None:
    """Give each finding of a host the number of the card that shows it, or its cause."""
    numbers = {(name, cause["id"]): number for number, cause in enumerate(causes) for name in cause["hosts"]}
    for one in read:
        for finding in one.entry["findings"]:
            finding["card"] = numbers[joined.card((one.entry["host"], finding["id"]))]


def _compared(
    read: Sequence[Host], before: Mapping[str, Any] | None, options: Mapping[str, Any]
) -> dict[str, Any] | None:
    if before is None:
        return None
    outcomes = (_outcome(row, options) for row in before["hosts"])
    earlier = {one.entry["host"]: one.state for one in outcomes if isinstance(one, Host)}
    return comparison.compare(earlier, {one.entry["host"]: one.state for one in read})


def _summary(
    hosts: Sequence[Mapping[str, Any]],
    read: Sequence[Host],
    missing: Sequence[Mapping[str, Any]],
    rows: Mapping[str, Sequence[Mapping[str, Any]]],
) -> dict[str, Any]:
    worst = Counter(entry["severity"] for entry in hosts)
    profiled = [one.changes for one in read if one.changes.profiles]
    times = sorted(str(entry["at"]) for entry in hosts if entry["at"])
    return {
        "hosts": len(hosts) + len(missing),
        "missing": len(missing),
        "unreachable": sum(bool(row["unreachable"]) for row in missing),
        "from": times[0] if times else None,
        "to": times[-1] if times else None,
        "sockets": sum(entry["sockets"] or 0 for entry in hosts),
        "severities": {name: worst[name] for name in (*reversed(SEVERITIES), NONE)},
        "drift": {
            "hosts": sum(bool(entry["drift"]) for entry in hosts),
            "values": sum(len(row["hosts"]) for row in rows["drift"]),
            "with_profile": len(profiled),
        },
        "next_boot": {
            "hosts": sum(bool(entry["next_boot"]) for entry in hosts),
            "values": sum(len(row["hosts"]) for row in rows["next_boot"]),
        },
    }


def _groups(hosts: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    counts = Counter(name for entry in hosts for name in entry["groups"])
    return [{"name": name, "hosts": counts[name]} for name in sorted(counts, key=natural) if name not in _EVERYWHERE]
