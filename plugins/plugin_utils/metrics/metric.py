# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The records of the metrics: a row of their table, and the host that it is read from."""

from __future__ import annotations

from typing import Any, Callable, Iterable, Mapping, NamedTuple

from ...module_utils._diagnosis.facts import Facts

GAUGE, COUNTER = "gauge", "counter"
# The label that every series has.
HOST = "host"


class Host(NamedTuple):
    """A host whose facts were gathered.

    at: when, in seconds since 1970, None if unknown. findings, unjudged: those of the diagnosis. profiles: the result
    of profile_info, None if it was not read. peers: how many peers of each state get a series.
    """

    name: str
    facts: Facts
    at: float | None
    findings: list[dict[str, Any]]
    unjudged: list[dict[str, Any]]
    profiles: Mapping[str, Any] | None
    peers: int = 0


class Sample(NamedTuple):
    """A value, with the values of the labels of its metric in their order. A value of None gives no series."""

    value: float | None
    labels: tuple[Any, ...] = ()


class Metric(NamedTuple):
    """A row of the table.

    kind: GAUGE or COUNTER. help: one sentence without a full stop. labels: besides HOST. read: returns the samples of a
    host; if two have the same labels, the first one counts. when: what has to be set for it, empty if nothing.
    """

    name: str
    kind: str
    help: str
    labels: tuple[str, ...]
    read: Callable[[Host], Iterable[Sample]]
    when: str = ""
