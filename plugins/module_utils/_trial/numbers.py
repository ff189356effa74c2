# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""TCP facts as numbers by dotted path, which is what expressions name: `states.LAST_ACK`, `rates.TcpExt.ListenDrops`.

Counters have no path of their own: since boot they only grow. What they grew by in a second is below `rates`.
"""

from __future__ import annotations

from typing import Any, Iterable, Mapping, NamedTuple

from .._common.errors import InvalidOption
from .._common.suggest import closest, did_you_mean
from .._tcp.subsets import BREAKDOWNS, SUBSET_OF_FACT

# The subsets to gather for the facts that are numbers; the others are lists, or only grow.
SUBSETS = {
    fact: subset
    for fact, subset in SUBSET_OF_FACT.items()
    if subset not in BREAKDOWNS and fact not in ("listeners", "counters")
}
_GROWING = ("counters", "states")


class Reading(NamedTuple):
    """facts: of tcp_facts. at: seconds of a clock that only goes forward."""

    facts: Mapping[str, Any]
    at: float


def subset_of(paths: Iterable[str]) -> set[str]:
    """What to gather so that `paths` have numbers. Raises InvalidOption where one begins with no fact's name."""
    found = set()
    for path in paths:
        root = path.partition(".")[0]
        if root == "counters":
            raise InvalidOption(f"{path} only grows; its growth in a second is {path.replace('counters', 'rates', 1)}")
        if root not in SUBSETS:
            near = closest(root, SUBSETS)
            hint = did_you_mean(near and near + path[len(root) :])
            raise InvalidOption(f"{path} is no number of the TCP facts, which are {', '.join(SUBSETS)}{hint}")
        found |= {SUBSETS[root], *(["min"] if path.startswith("rates.states.") else [])}
    return found


def numbers(now: Reading, then: Reading | None) -> dict[str, float | None]:
    """Every number by its path; None for what could not be had. Rates are those since `then`, unknown without it."""
    flat = dict(_flat(now.facts))
    growing = {path: value for path, value in flat.items() if path.partition(".")[0] in _GROWING}
    before = dict(_flat(then.facts)) if then is not None else {}
    seconds = now.at - then.at if then is not None else 0.0
    rates = {_rate_path(path): _growth(before.get(path), value, seconds) for path, value in growing.items()}
    return {**{path: value for path, value in flat.items() if not path.startswith("counters.")}, **rates}


def check(paths: Iterable[str], known: Mapping[str, float | None], partial: Iterable[Mapping[str, str]] = ()) -> None:
    """Raise InvalidOption where one of `paths` names no number, or one that this host does not have.

    known: numbers() of the host. partial: of its facts, for the reason.
    """
    for path in paths:
        if path not in known:
            hint = did_you_mean(_nearest(path, known))
            raise InvalidOption(f"{path} is no number of the TCP facts{hint}")
        if known[path] is None:
            why = [one["reason"] for one in partial if path.startswith(one["what"].partition(".")[0])]
            raise InvalidOption(f"{path} cannot be had on this host" + (f": {'; '.join(why)}" if why else ""))


def _flat(facts: Mapping[str, Any], prefix: str = "") -> Iterable[tuple[str, float | None]]:
    for name, value in facts.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{name}.")
        elif value is None or (isinstance(value, (int, float)) and not isinstance(value, bool)):
            yield prefix + name, value


def _rate_path(path: str) -> str:
    return "rates." + (path[len("counters.") :] if path.startswith("counters.") else path)


def _growth(before: float | None, after: float | None, seconds: float) -> float | None:
    return None if before is None or after is None or seconds <= 0 else (after - before) / seconds


def _nearest(path: str, known: Iterable[str]) -> str | None:
    """The path most probably meant: spelt alike, be it in another case, or ending with the same name."""
    folded = {one.lower(): one for one in known}
    last = path.lower().rpartition(".")[2]
    ending = [one for one in folded if one.rpartition(".")[2] == last]
    near = closest(path.lower(), ending, cutoff=0.0) or closest(path.lower(), folded)
    return folded[near] if near else None
