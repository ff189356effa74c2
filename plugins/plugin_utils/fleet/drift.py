# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The drift of a host or of a whole fleet as a table."""

from __future__ import annotations

from typing import Any, Mapping, Sequence

from ansible_collections.nettune.tcp.plugins.module_utils._common import text
from ansible_collections.nettune.tcp.plugins.module_utils._verify import differences

_FIELDS = differences.Difference._fields
_HEADER = ("HOST", differences.PROFILE, *differences.HEADER)


def lines(drift: Any) -> list[str]:
    """Return a table of differences.

    drift: rows with the fields of a Difference, which have no lines if there are none; or a fleet's results of
    profile_info, {hosts: [{host, profiles, drift}], missing: [...]}, which always end with a summary.
    """
    if isinstance(drift, Mapping):
        return _fleet_lines(drift["hosts"], drift["missing"])
    return text.lines(differences.HEADER, [_cells(row) for row in drift]) if drift else []


def _fleet_lines(hosts: Sequence[Mapping[str, Any]], missing: Sequence[Mapping[str, Any]]) -> list[str]:
    drifted = [host for host in hosts if host["drift"]]
    without = [host for host in hosts if not (host["drift"] or host["profiles"])]
    unreachable = [row for row in missing if row["unreachable"]]
    rows = [(host["host"], row["profile"], *_cells(row)) for host in drifted for row in host["drift"]]
    rows += [_remark(row["host"], _failure(row)) for row in missing]
    rows += [_remark(host["host"], "no profile has been applied here") for host in without]
    counts = {
        "ok": len(hosts) - len(drifted) - len(without),
        "drifted": len(drifted),
        "unreachable": len(unreachable),
        "failed": len(missing) - len(unreachable),
        "without a profile": len(without),
    }
    total = len(hosts) + len(missing)
    summary = ", ".join(f"{count} {what}" for what, count in counts.items() if count)
    table = [*text.lines(_HEADER, rows), ""] if rows else []
    return [*table, f"{total} host{'' if total == 1 else 's'}: {summary}"]


def _cells(row: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(row[field] for field in _FIELDS)


def _remark(host: str, remark: str) -> tuple[str, ...]:
    return (host, *["-"] * (len(_HEADER) - 2), remark)


def _failure(row: Mapping[str, Any]) -> str:
    return f"{'unreachable' if row['unreachable'] else 'failed'}: {row['reason']}"
