# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a trial is asked for, and the phases that come of it: the baseline before, between and after the candidates.

Load changes while one measures. So the old value comes back after each candidate, and a candidate is compared with the
baselines on both of its sides.
"""

from __future__ import annotations

from typing import Any, Iterator, Mapping, NamedTuple, Sequence

from .._common.errors import InvalidOption
from .._common.profile_name import check_profile_name
from .._formats import sysctl_conf
from . import expression, numbers

MINIMISE, MAXIMISE = "minimise", "maximise"
NEVER, BEST = "never", "best"
BASELINE, CANDIDATE = "baseline", "candidate"
GUARDS = (
    "states.ESTABLISHED >= 0.7 * baseline.states.ESTABLISHED - 10",
    "rates.TcpExt.ListenDrops <= 2 * baseline.rates.TcpExt.ListenDrops + 5",
    "rates.TcpExt.TCPAbortOnMemory <= 2 * baseline.rates.TcpExt.TCPAbortOnMemory + 1",
)
_OF_BASELINE = "baseline."
_FEWEST_READINGS, _MOST_CANDIDATES = 5, 16
_SECONDS = {"interval": (0.2, 300), "window": (1, 7200), "settle": (0, 7200)}
_LONGEST = 24 * 3600


class Request(NamedTuple):
    """candidates: as given, or their normal forms once they are admitted. aim: MINIMISE or MAXIMISE `objective`.

    guards: comparisons that hold while all is well. settle: seconds between a change and the first reading that counts.
    window: seconds of readings that count. interval: seconds between readings. keep: NEVER or BEST.
    """

    name: str
    key: str
    candidates: Sequence[Any]
    aim: str
    objective: str
    guards: Sequence[str]
    settle: float
    window: float
    interval: float
    keep: str


class Phase(NamedTuple):
    """role: BASELINE or CANDIDATE. value: of the parameter. settle: seconds before the window."""

    role: str
    value: str
    settle: float


def from_options(options: Mapping[str, Any]) -> Request:
    """The request that a task wrote. Raises InvalidOption naming the option, what was given and what is allowed."""
    check_profile_name(options["name"])
    aim = next((one for one in (MINIMISE, MAXIMISE) if options[one] is not None), None)
    if aim is None:
        raise InvalidOption("neither minimise nor maximise says what is to be measured, such as states.LAST_ACK")
    _check_expression(aim, options[aim], comparison=False)
    guards = GUARDS if options["guards"] is None else tuple(options["guards"])
    for guard in guards:
        _check_expression("guards", guard, comparison=True)
    _check_seconds(options)
    candidates = _candidates(options["candidates"])
    request = Request(
        *(options["name"], sysctl_conf.canonical(options["key"]), candidates, aim, options[aim].strip(), guards),
        *(options["settle"], options["window"], options["interval"], options["keep"]),
    )
    if seconds(request) > _LONGEST:
        raise InvalidOption(f"the trial would take {seconds(request) / 3600:.1f} hours; allowed are 24")
    return request


def paths(request: Request) -> list[str]:
    """The numbers that the request's expressions speak of, each once; those of the baseline are the same numbers."""
    trees = map(expression.parse, (request.objective, *request.guards))
    return list(dict.fromkeys(plain_path(path) for tree in trees for path in expression.paths(tree)))


def plain_path(path: str) -> str:
    """The path without the word that it is to be read in the baseline."""
    return path[len(_OF_BASELINE) :] if is_of_baseline(path) else path


def is_of_baseline(path: str) -> bool:
    """Whether a path of a guard stands for what it was in the baseline."""
    return path.startswith(_OF_BASELINE)


def phases(request: Request, before: str) -> Iterator[Phase]:
    """What is in force when. before: the value found."""
    yield Phase(BASELINE, before, 0.0)
    for candidate in request.candidates:
        yield Phase(CANDIDATE, candidate, request.settle)
        yield Phase(BASELINE, before, request.settle)


def seconds(request: Request) -> float:
    """How long the trial takes, the reading before the first window among it."""
    changes = 2 * len(request.candidates)
    return request.interval + request.window + changes * (request.settle + request.window)


def _check_expression(option: str, text: str, *, comparison: bool) -> None:
    try:
        tree = expression.parse(text)
        if comparison and not expression.is_comparison(tree):
            raise InvalidOption(f"{text!r} is no comparison; a guard is one, such as states.ESTABLISHED > 100")
        if not comparison and expression.is_comparison(tree):
            raise InvalidOption(f"{text!r} is a comparison; what is measured is a number, such as states.LAST_ACK")
        found = list(expression.paths(tree))
        if not any(not is_of_baseline(path) for path in found):
            raise InvalidOption(f"{text!r} speaks of nothing that is measured, such as states.LAST_ACK")
        if not comparison and any(map(is_of_baseline, found)):
            raise InvalidOption(f"{text!r} speaks of the baseline; only guards do, the verdict compares anyway")
        numbers.subset_of(map(plain_path, found))
    except InvalidOption as error:
        raise InvalidOption(f"{option}: {error}") from None


def _check_seconds(options: Mapping[str, Any]) -> None:
    for option, (low, high) in _SECONDS.items():
        if not low <= options[option] <= high:
            raise InvalidOption(f"{option} is {options[option]:g}; it must be between {low:g} and {high:g} seconds")
    readings = int(options["window"] / options["interval"])
    if readings < _FEWEST_READINGS:
        raise InvalidOption(
            f"a window of {options['window']:g} s with a reading every {options['interval']:g} s holds {readings};"
            f" noise cannot be told from fewer than {_FEWEST_READINGS}"
        )


def _candidates(given: Sequence[Any]) -> tuple[Any, ...]:
    if not 1 <= len(given) <= _MOST_CANDIDATES:
        raise InvalidOption(f"candidates: {len(given)} were given; allowed are 1 to {_MOST_CANDIDATES} values")
    dictionary = next((one for one in given if isinstance(one, Mapping)), None)
    if dictionary is not None:
        raise InvalidOption(f"candidates: {dictionary!r} is no value; a candidate is a number, a text or a list")
    return tuple(given)
