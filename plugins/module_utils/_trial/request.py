# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The request for a trial and its phases: the candidates, with the old value before, between and after them.

The load may change during a trial. So each candidate is compared with the baseline on both sides of it.
"""

from __future__ import annotations

from typing import Any, Iterator, Mapping, NamedTuple, Sequence

from .._common.errors import InvalidOption
from .._common.profile_name import check_profile_name
from .._common.text import shown, without_prefix
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
_MIN_READINGS, _MAX_CANDIDATES = 5, 16
_SECONDS = {"interval": (0.2, 300), "window": (1, 7200), "settle": (0, 7200)}
_MAX_SECONDS = 24 * 3600


class Request(NamedTuple):
    """candidates: as given, or in normal form once admitted. aim: MINIMISE or MAXIMISE `objective`.

    guards: comparisons; the trial ends if one is false. settle: seconds between a change and its window. window:
    seconds of readings. interval: seconds between readings. keep: NEVER or BEST.
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


def from_options(options: Mapping[str, Any], prefix: str = "") -> Request:
    """Return the request for a task's options. Raises InvalidOption naming the option, what was given and allowed.

    prefix: of the names of settle, window, interval and candidates where a message says what to change.
    """
    check_profile_name(options["name"])
    aim = next((one for one in (MINIMISE, MAXIMISE) if options[one] is not None), None)
    if aim is None:
        raise InvalidOption("set minimise or maximise to what is to be measured, for example states.LAST_ACK")
    _check_expression(aim, options[aim], comparison=False)
    guards = GUARDS if options["guards"] is None else tuple(options["guards"])
    for guard in guards:
        _check_expression("guards", guard, comparison=True)
    _check_seconds(options, prefix)
    candidates = _candidates(options["candidates"])
    request = Request(
        *(options["name"], sysctl_conf.canonical(options["key"]), candidates, aim, options[aim].strip(), guards),
        *(options["settle"], options["window"], options["interval"], options["keep"]),
    )
    if seconds(request) > _MAX_SECONDS:
        raise InvalidOption(
            f"the trial would take {seconds(request) / 3600:.1f} hours; allowed are 24: give fewer"
            f" {prefix}candidates, or a shorter {prefix}settle or {prefix}window"
        )
    return request


def paths(request: Request) -> list[str]:
    """Return the paths in the request's expressions, each once and without the prefix `baseline.`."""
    trees = map(expression.parse, (request.objective, *request.guards))
    return list(dict.fromkeys(plain_path(path) for tree in trees for path in expression.paths(tree)))


def plain_path(path: str) -> str:
    """Return the path without the prefix `baseline.`."""
    return without_prefix(path, _OF_BASELINE)


def is_of_baseline(path: str) -> bool:
    """Return whether a path of a guard refers to the baseline."""
    return path.startswith(_OF_BASELINE)


def phases(request: Request, before: str) -> Iterator[Phase]:
    """Yield the phases of a trial. before: the old value."""
    yield Phase(BASELINE, before, 0.0)
    for candidate in request.candidates:
        yield Phase(CANDIDATE, candidate, request.settle)
        yield Phase(BASELINE, before, request.settle)


def seconds(request: Request) -> float:
    """Return how long the trial takes, including the reading before the first window."""
    changes = 2 * len(request.candidates)
    return request.interval + request.window + changes * (request.settle + request.window)


def _check_expression(option: str, text: str, *, comparison: bool) -> None:
    try:
        tree = expression.parse(text)
        if comparison and not expression.is_comparison(tree):
            raise InvalidOption(
                f"{text!r} is not a comparison; a guard must be one, for example states.ESTABLISHED > 100"
            )
        if not comparison and expression.is_comparison(tree):
            raise InvalidOption(f"{text!r} is a comparison; it must be a number, for example states.LAST_ACK")
        found = list(expression.paths(tree))
        if not any(not is_of_baseline(path) for path in found):
            raise InvalidOption(f"{text!r} names nothing that is measured, for example states.LAST_ACK")
        if not comparison and any(map(is_of_baseline, found)):
            raise InvalidOption(f"{text!r} names the baseline; only guards may, as a trial compares with it anyway")
        numbers.subset_of(map(plain_path, found))
    except InvalidOption as error:
        raise InvalidOption(f"{option}: {error}") from None


def _check_seconds(options: Mapping[str, Any], prefix: str) -> None:
    for option, (low, high) in _SECONDS.items():
        if not low <= options[option] <= high:
            raise InvalidOption(f"{option} is {options[option]:g}; it must be between {low:g} and {high:g} seconds")
    readings = int(options["window"] / options["interval"])
    if readings < _MIN_READINGS:
        raise InvalidOption(
            f"a window of {options['window']:g} s with a reading every {options['interval']:g} s has {readings};"
            f" the noise cannot be estimated from fewer than {_MIN_READINGS}: set {prefix}window"
            f" to at least {_MIN_READINGS * options['interval']:g} or {prefix}interval to a lower value"
        )


def _candidates(given: Sequence[Any]) -> tuple[Any, ...]:
    if not 1 <= len(given) <= _MAX_CANDIDATES:
        raise InvalidOption(f"candidates: {len(given)} were given; allowed are 1 to {_MAX_CANDIDATES} values")
    dictionary = next((one for one in given if isinstance(one, Mapping)), None)
    if dictionary is not None:
        raise InvalidOption(
            f"candidates: {shown(dictionary)} is not a value; a candidate must be a number, text or list"
        )
    return tuple(given)
