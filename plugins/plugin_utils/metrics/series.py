# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The series of a host: from a row of a fleet to the values of all metrics, each series once."""

from __future__ import annotations

from datetime import datetime, timezone
from itertools import islice
from typing import Any, Iterator, Mapping, NamedTuple

from ...module_utils._diagnosis import engine
from ...module_utils._diagnosis.facts import facts_of
from .metric import Host, Metric
from .table import METRICS, UP

# Of one metric and host, whatever the host returns.
MOST = 2000
_LONGEST = 200


class Series(NamedTuple):
    """A series with its value. labels: the values of HOST and of the labels of the metric, in this order."""

    metric: Metric
    labels: tuple[str, ...]
    value: float


def of_host(row: Mapping[str, Any], *, peers: int = 0, thresholds: Any = None) -> list[Series]:
    """Return the series of a host that was gathered. row: {host, at, facts, profiles}.

    Raises MalformedInput for facts of another form than ours, InvalidOption for unknown thresholds.
    """
    facts = facts_of(row["facts"])
    diagnosis = engine.diagnose(facts, thresholds=thresholds)
    host = Host(
        row["host"],
        facts,
        _seconds(row.get("at")),
        diagnosis["findings"],
        diagnosis["unjudged"],
        row.get("profiles"),
        peers,
    )
    return [series for metric in METRICS for series in _of_metric(metric, host)]


def of_missing(name: str) -> list[Series]:
    """Return the series of a host that could not be gathered."""
    return [Series(metric, (_text(name),), 0) for metric in METRICS if metric.name == UP]


def _of_metric(metric: Metric, host: Host) -> Iterator[Series]:
    seen = set()
    for sample in islice(metric.read(host), MOST):
        labels = tuple(_text(label) for label in (host.name, *sample.labels))
        if sample.value is not None and labels not in seen:
            seen.add(labels)
            yield Series(metric, labels, sample.value)


def _text(label: Any) -> str:
    """Return the value of a label. A process can give itself any name, and facts can lack one."""
    text = "" if label is None else str(label)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _seconds(at: str | None) -> float | None:
    """Return the seconds since 1970 of a time such as 2026-11-29T09:30:00Z; None for anything else."""
    try:
        found = datetime.strptime(at or "", "%Y-%m-%dT%H:%M:%SZ")
    except ValueError:
        return None
    return found.replace(tzinfo=timezone.utc).timestamp()
