# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The evidence of a finding in a few words: how bad it is, and which process, port and peers are involved."""

from __future__ import annotations

import re
from typing import Any, Iterator, Mapping

from ...module_utils._diagnosis.finding_text import filled, peer_list, where, who
from ...module_utils._diagnosis.rules import RULES

_DAY = 86400
_FIELD = re.compile(r"\{(\w+)\}")
_FIGURES = {rule.id: rule.figures for rule in RULES}
# A figure of zero is left out, except for these.
_MAY_BE_ZERO = {
    "close_wait",
    "cookies_returned_per_second",
    "established",
    "keepalive",
    "segments_per_second",
    "time_wait",
}


def figures(rule: str, evidence: Mapping[str, Any]) -> list[str]:
    """Return how bad it is, in a few words each; for an additional rule all of its evidence except lists."""
    known = {**evidence, "left": _duration(evidence.get("seconds_left"))}
    if rule not in _FIGURES:
        return [f"{name}: {value}" for name, value in evidence.items() if not isinstance(value, (list, dict))]
    return [
        _signed(text, known) for text in _FIGURES[rule] if all(_is_shown(name, known) for name in _FIELD.findall(text))
    ]


def involved(evidence: Mapping[str, Any]) -> Iterator[str]:
    """Yield the process, the port or the two ends of the connections, and the peers."""
    if evidence.get("pid"):
        yield who(evidence)
    if evidence.get("destination"):
        yield f"from {evidence.get('source')} to {evidence['destination']} port {evidence.get('port')}"
    elif evidence.get("port") is not None:
        yield f"{'listens on' if evidence.get('backlog') else 'on port'} {where(evidence).lstrip(':')}"
    if evidence.get("peers"):
        yield f"peers {peer_list(evidence)}"


def _is_shown(name: str, known: Mapping[str, Any]) -> bool:
    value = known.get(name)
    return value is not None and (bool(value) or name in _MAY_BE_ZERO)


def _signed(text: str, known: Mapping[str, Any]) -> str:
    growth = known.get("growth") or 0
    return filled(text, {**known, "growth": f"{growth:+.3g}"})


def _duration(seconds: float | None) -> str | None:
    """Return for example `45 seconds`, `12 minutes`, `3 hours`; None if it is unknown or more than a day.

    >>> _duration(754)
    '12 minutes'
    """
    if seconds is None or seconds > _DAY:
        return None
    for length, unit in ((7200, 3600), (120, 60)):
        if seconds >= length:
            return f"{int(seconds // unit)} {'hours' if unit == 3600 else 'minutes'}"
    return f"{int(seconds)} seconds"
