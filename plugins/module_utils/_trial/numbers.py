# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""TCP facts as numbers by dotted path, as expressions name them: `states.LAST_ACK`, `rates.TcpExt.ListenDrops`.

Counters have no path of their own, as they only ever grow. Their growth per second is below `rates`.
"""

from __future__ import annotations

from typing import Any, Iterable, Mapping, NamedTuple

from .._common.errors import InvalidOption
from .._common.suggest import closest, did_you_mean
from .._common.text import without_prefix
from .._tcp.subsets import BREAKDOWNS, SUBSET_OF_FACT

# The subsets to gather for the facts that are numbers; the others are lists, or only grow.
SUBSETS = {
    fact: subset
    for fact, subset in SUBSET_OF_FACT.items()
    if subset not in BREAKDOWNS and fact not in ("listeners", "counters")
}
_GROWING = ("counters", "states")


class Reading(NamedTuple):
    """facts: of tcp_facts. at: seconds of a monotonic clock."""

    facts: Mapping[str, Any]
    at: float


def subset_of(paths: Iterable[str]) -> set[str]:
    """Return the subsets to gather for `paths`. Raises InvalidOption for a path that does not begin with a fact."""
    found = set()
    for path in paths:
        root = path.partition(".")[0]
        if root == "counters":
            raise InvalidOption(
                f"{path} only ever grows; its growth per second is {path.replace('counters', 'rates', 1)}"
            )
        if root not in SUBSETS:
            near = closest(root, SUBSETS)
            hint = did_you_mean(near and near + without_prefix(path, root))
            raise InvalidOption(f"{path} is not one of the TCP facts {', '.join(SUBSETS)}{hint}")
        found |= {SUBSETS[root], *(["min"] if path.startswith("rates.states.") else [])}
    return found


def numbers_of(now: Reading, then: Reading | None) -> dict[str, float | None]:
    """Return all numbers by path; None is unknown. Rates are those since `then`, and unknown without it."""
    flat = dict(_flat(now.facts))
    growing = {path: value for path, value in flat.items() if path.partition(".")[0] in _GROWING}
    before = dict(_flat(then.facts)) if then is not None else {}
    seconds = now.at - then.at if then is not None else 0.0
    rates = {_rate_path(path): _growth(before.get(path), value, seconds) for path, value in growing.items()}
    return {**{path: value for path, value in flat.items() if not path.startswith("counters.")}, **rates}


def check(paths: Iterable[str], known: Mapping[str, float | None], partial: Iterable[Mapping[str, str]] = ()) -> None:
    """Raise InvalidOption if one of `paths` is not a number, or is not available on this host.

    known: numbers() of the host. partial: of its facts, for the reason.
    """
    for path in paths:
        if path not in known:
            hint = did_you_mean(_nearest(path, known))
            raise InvalidOption(f"{path} is not a number of the TCP facts{hint}")
        if known[path] is None:
            reasons = [one["reason"] for one in partial if path.startswith(one["what"].partition(".")[0])]
            raise InvalidOption(
                f"{path} is not available on this host" + (f": {'; '.join(reasons)}" if reasons else "")
            )


def _flat(facts: Mapping[str, Any], prefix: str = "") -> Iterable[tuple[str, float | None]]:
    for name, value in facts.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{name}.")
        elif value is None or (isinstance(value, (int, float)) and not isinstance(value, bool)):
            yield prefix + name, value


def _rate_path(path: str) -> str:
    return "rates." + without_prefix(path, "counters.")


def _growth(before: float | None, after: float | None, seconds: float) -> float | None:
    return None if before is None or after is None or seconds <= 0 else (after - before) / seconds


def _nearest(path: str, known: Iterable[str]) -> str | None:
    """Return the most similar path, regardless of case; one that ends with the same name is preferred."""
    folded = {one.lower(): one for one in known}
    last = path.lower().rpartition(".")[2]
    ending = [one for one in folded if one.rpartition(".")[2] == last]
    near = closest(path.lower(), ending, cutoff=0.0) or closest(path.lower(), folded)
    return folded[near] if near else None
