# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Samples of single facts, of processes, of the diagnosis and of profiles."""

from __future__ import annotations

from typing import Any, Callable, Iterator, Mapping

from ...module_utils._diagnosis.rule import SEVERITIES
from ...module_utils._diagnosis.rules import ORDER
from ...module_utils._verify.differences import NOW
from .metric import Host, Sample

BOOT = "boot"


def fact(*path: str) -> Callable[[Host], Iterator[Sample]]:
    """Return a reader of the fact at a path, such as orphans, count."""

    def read(host: Host) -> Iterator[Sample]:
        yield Sample(host.facts.get(*path))

    return read


def up(_host: Host) -> Iterator[Sample]:
    """Yield 1. A host without facts has no other metric than this, with 0."""
    yield Sample(1)


def gathered(host: Host) -> Iterator[Sample]:
    """Yield when the facts were gathered."""
    yield Sample(host.at)


def processes(field: str) -> Callable[[Host], Iterator[Sample]]:
    """Return a reader of a field of the processes nearest to their limit.

    Pids change with every restart, so they are no label: of the processes with the same name and service, the nearest
    to its limit counts.
    """

    def read(host: Host) -> Iterator[Sample]:
        for row in sorted(host.facts.rows("nofile", "processes"), key=_use, reverse=True):
            if row.get("descriptors") is not None and row.get("soft"):
                yield Sample(row.get(field), (row.get("name"), row.get("unit") or ""))

    return read


def findings(host: Host) -> Iterator[Sample]:
    """Yield for each rule and severity whether there is such a finding; nothing for a rule that lacked facts."""
    found = {finding["id"]: finding["severity"] for finding in host.findings}
    unknown = {row["id"] for row in host.unjudged}
    for rule in ORDER:
        if rule in found or rule not in unknown:
            yield from (Sample(int(found.get(rule) == severity), (rule, severity)) for severity in SEVERITIES)


def drift(host: Host) -> Iterator[Sample]:
    """Yield for each profile the number of differences now, and of those from the next boot on."""
    if host.profiles is None:
        return
    rows = host.profiles.get("drift") or []
    names = [row["name"] for row in host.profiles.get("profiles") or []]
    for name in dict.fromkeys([*names, *(row["profile"] for row in rows)]):
        now = [row["when"] == NOW for row in rows if row["profile"] == name]
        yield Sample(sum(now), (name, NOW))
        yield Sample(len(now) - sum(now), (name, BOOT))


def _use(row: Mapping[str, Any]) -> float:
    return (row.get("descriptors") or 0) / max(row.get("soft") or 0, 1)
