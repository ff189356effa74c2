# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Thresholds of the rules, as they are or as somebody wants them."""

from __future__ import annotations

import math
from typing import Any, Iterable, Mapping

from .._common.errors import InvalidOption
from .._common.suggest import closest, did_you_mean
from .rules import NOTES, RULES

DEFAULTS: dict[str, dict[str, float]] = {row.id: row.thresholds for row in (*RULES, *NOTES) if row.thresholds}


def merged(given: Any) -> dict[str, dict[str, float]]:
    """All thresholds, by id and name, with `given` such as {"emfile": {"warning": 80}} on top. Raises InvalidOption."""
    if given is not None and not isinstance(given, Mapping):
        raise InvalidOption(f"thresholds is {given!r}; it must be like {{emfile: {{warning: 80}}}}")
    found = {name: dict(bounds) for name, bounds in DEFAULTS.items()}
    for rule, bounds in (given or {}).items():
        _known(rule, DEFAULTS, "thresholds")
        if not isinstance(bounds, Mapping):
            raise InvalidOption(f"thresholds.{rule} is {bounds!r}; it must be like {{{next(iter(DEFAULTS[rule]))}: 1}}")
        for name, value in bounds.items():
            _known(name, DEFAULTS[rule], f"thresholds.{rule}")
            found[rule][name] = _number(value, f"thresholds.{rule}.{name}")
    return found


def _known(name: Any, known: Iterable[str], where: str) -> None:
    if name in known:
        return
    hint = did_you_mean(closest(name, known))
    raise InvalidOption(f"{where} has {name!r}{hint} (known: {', '.join(known)})")


def _number(value: Any, where: str) -> float:
    try:
        number = float(value)
        if isinstance(value, bool) or not math.isfinite(number) or number < 0:
            raise ValueError("no such number")
    except (TypeError, ValueError):
        raise InvalidOption(f"{where} is {value!r}; it must be a number, 0 or more") from None
    return int(number) if number.is_integer() else number
