# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a profile requests of one parameter: a value, a floor, a ceiling, or ports that a set must include.

The floor of a range is a range that it must include; its ceiling is a range that must include it.
If the kernel sets a parameter to 0 because its counterpart is set, the request for it is DISPLACED.
"""

from __future__ import annotations

from typing import Any, Mapping, NamedTuple

from .._common.errors import InvalidOption
from .._common.suggest import closest, did_you_mean
from .._common.text import shown
from .._formats import port_set
from .._formats.meminfo import HostMemory
from .._parameters.row import Parameter
from .._parameters.value import NUMERIC, is_plain, numbers, requested

EXACT, AT_LEAST, AT_MOST, INCLUDE = "value", "at_least", "at_most", "include"
SHARE = "share_of_memory"
HOW = (EXACT, AT_LEAST, AT_MOST, INCLUDE, SHARE)
_UNKNOWN_MEMORY = HostMemory()
_COMMENT = ("reason", "source")
_STEADY_PERCENT = 2
SAME_VALUE = "use the same value in both profiles"
LISTENERS, DISPLACED = "listeners", "displaced"
# Parameters in pages, which can be requested as shares of memory: tcp(7), tcp_mem; udp(7), udp_mem. The default of
# tcp_mem is 4.7, 6.25 and 9.4 % of low memory (tcp_init_mem() in net/ipv4/tcp.c).
IN_PAGES = ("net.ipv4.tcp_mem", "net.ipv4.udp_mem")
# Parameters that are the first and the last number of a range: ip-sysctl.rst.
RANGES = ("net.ipv4.ip_local_port_range", "net.ipv4.ping_group_range")


class Request(NamedTuple):
    """What one profile requests of a parameter.

    how: one of HOW except SHARE, or DISPLACED. value: in normal form. listeners: whether to include the ports of the
    host's listeners. reason: the comment in the drop-in. is_share: whether the value is a share of the host's memory.
    """

    how: str
    value: str
    listeners: bool = False
    reason: str = ""
    is_share: bool = False

    def shown(self) -> Any:
        """Return the request as results show it: the value itself, or `{"at_least": "8192"}`."""
        if self.how == EXACT:
            return self.value
        named = [LISTENERS] if self.listeners else []
        return {self.how: ",".join(filter(None, [*named, self.value]))}


def from_option(parameter: Parameter, given: Any, memory: HostMemory = _UNKNOWN_MEMORY) -> Request:
    """Return the request for `parameter` as a playbook gives it.

    given: a value, a list of values, or a mapping with one of HOW, and `reason` and `source` for the comment in the
    drop-in. A share of `memory` becomes a floor. Raises InvalidOption.
    """
    if not isinstance(given, Mapping):
        return Request(EXACT, requested(parameter, given))
    how = _how(parameter, given)
    reason = _comment(parameter, given)
    if how == INCLUDE:
        return _include(parameter, given[how], reason)
    if how == SHARE:
        floor = pages(parameter, given[how], memory)
        return Request(AT_LEAST, requested(parameter, floor), reason=reason, is_share=True)
    if how != EXACT and parameter.kind not in NUMERIC:
        raise InvalidOption(
            f"{parameter.name}: {how} is only for numbers; the type of this parameter is {parameter.kind}"
        )
    value = requested(parameter, given[how])
    if how != EXACT and parameter.name in RANGES and numbers(value)[0] > numbers(value)[1]:
        raise InvalidOption(f"{parameter.name}: {how} is {given[how]!r}; the first number must not be above the last")
    return Request(how, value, reason=reason)


def steady(request: Request, earlier: Request | None) -> Request:
    """Return the request with the value of an earlier one if both are nearly the same share of memory.

    The memory that a kernel reports as total differs between kernels, and from boot to boot, by less than a percent.
    """
    if not request.is_share or earlier is None or earlier.how != request.how:
        return request
    pairs = list(zip(numbers(request.value), numbers(earlier.value)))
    near = all(abs(new - old) * 100 <= _STEADY_PERCENT * old for new, old in pairs)
    return request._replace(value=earlier.value) if near else request


def to_journal(request: Request) -> dict[str, Any]:
    """Return the request as plain JSON for the journal."""
    return dict(request._asdict())


def from_journal(document: Mapping[str, Any]) -> Request:
    """Return the request that to_journal() wrote."""
    return Request(**{field: document[field] for field in Request._fields if field in document})


def pages(parameter: Parameter, given: Any, memory: HostMemory) -> list[int]:
    """Return whole percents of the host's memory, such as [25, 33, 50], in pages. Raises InvalidOption."""
    if parameter.name not in IN_PAGES:
        allowed = " and ".join(IN_PAGES)
        raise InvalidOption(f"{parameter.name}: share_of_memory is only for {allowed}, which are in pages")
    percents = [_percent(item) for item in (given if isinstance(given, (list, tuple)) else [given])]
    if len(percents) != parameter.count or 0 in percents or percents != sorted(percents):
        raise InvalidOption(
            f"{parameter.name}: share_of_memory is {shown(given)}; it must be {parameter.count} whole percents"
            " from 1 to 100 in ascending order, such as [25, 33, 50]"
        )
    if not memory.total:
        raise InvalidOption(f"{parameter.name}: share_of_memory needs the host's memory, which could not be read")
    return [memory.total * percent // 100 // memory.page for percent in percents]


def _percent(given: Any) -> int:
    """Return a whole percent, which a template may give as text; 0 if it is not one."""
    if isinstance(given, str) and given.isascii() and given.isdigit():
        given = int(given)
    return given if isinstance(given, int) and not isinstance(given, bool) and 1 <= given <= 100 else 0


def _how(parameter: Parameter, given: Mapping[str, Any]) -> str:
    for word in given:
        if word not in HOW + _COMMENT:
            hint = did_you_mean(closest(word, HOW + _COMMENT))
            raise InvalidOption(f"{parameter.name}: {word!r} is not one of {', '.join(HOW + _COMMENT)}{hint}")
    found = [word for word in HOW if word in given]
    if len(found) != 1:
        given_words = " and ".join(found) or "none"
        raise InvalidOption(f"{parameter.name}: give exactly one of {', '.join(HOW)}, not {given_words}")
    return found[0]


def _comment(parameter: Parameter, given: Mapping[str, Any]) -> str:
    reason, source = (" ".join(str(given.get(word) or "").split()) for word in _COMMENT)
    for word, text in zip(_COMMENT, (reason, source)):
        if not is_plain(text):
            raise InvalidOption(f"{parameter.name}: {word} {text!r} contains a control character or a lone surrogate")
    return f"{reason} ({source})" if reason and source else reason or source


def _include(parameter: Parameter, given: Any, reason: str) -> Request:
    if parameter.kind != "ports":
        raise InvalidOption(
            f"{parameter.name}: include is only for sets of ports; the type of this parameter is {parameter.kind}"
        )
    listeners, rest = _split_listeners(given if isinstance(given, (list, tuple)) else [given])
    return Request(INCLUDE, requested(parameter, rest), listeners, reason)


def _split_listeners(items: Any) -> tuple[bool, list[Any]]:
    rest = [item for item in items if item != LISTENERS]
    return len(rest) < len(items), rest


def join(parameter: Parameter, requests: Mapping[str, Request]) -> Request:
    """Return one request that satisfies those of all profiles, by profile name. Raises InvalidOption if two disagree.

    The highest floor (of ranges the widest), the lowest ceiling and the union of port sets count; an exact value must
    satisfy all others.
    """
    exact = {profile: request for profile, request in requests.items() if request.how == EXACT}
    joined = _first(exact or requests)
    for profile, request in requests.items():
        other = _satisfying_both(parameter, joined[1], request)
        if other is None:
            raise InvalidOption(disagreement(parameter, joined, (profile, request)))
        joined = (joined[0], other)
    return joined[1]


def disagreement(parameter: Parameter, one: tuple[str, Request], other: tuple[str, Request]) -> str:
    """Return why the requests of two profiles cannot both be satisfied."""
    rows = []
    for profile, request in (one, other):
        value = "another value" if parameter.secret else repr(request.shown())
        reason = f' ("{request.reason}")' if request.reason else ""
        rows.append(f"profile {profile} requests {value}{reason}")
    return f"{parameter.name}: {' and '.join(rows)}; {SAME_VALUE}"


def _first(requests: Mapping[str, Request]) -> tuple[str, Request]:
    profile = sorted(requests)[0]
    return profile, requests[profile]


def _satisfying_both(parameter: Parameter, one: Request, other: Request) -> Any:
    """Return the request that satisfies both, or None. If one is exact, it must be `one`."""
    if one.how == EXACT:
        return one if _satisfies(parameter, one.value, other) else None
    if one.how != other.how:  # a floor and a ceiling do not determine one value
        return None
    if one.how == DISPLACED:
        return one
    if one.how == INCLUDE:
        ports = port_set.parse(one.value) | port_set.parse(other.value)
        return one._replace(value=port_set.render(ports), listeners=one.listeners or other.listeners)
    return one._replace(value=bounded(parameter, one.how, one.value, other.value))


def bounded(parameter: Parameter, how: str, one: str, other: str) -> str:
    """Return the larger of two values for AT_LEAST, the smaller for AT_MOST, number by number.

    one, other: in normal form. The larger of two ranges begins with the lower number.

    >>> bounded(Parameter("net.ipv4.tcp_rmem"), AT_LEAST, "4096 87380 6291456", "8192 1 1")
    '8192 87380 6291456'
    >>> bounded(Parameter("net.ipv4.ip_local_port_range"), AT_LEAST, "5000 65535", "1024 60999")
    '1024 65535'
    """
    choices = [max if how == AT_LEAST else min] * len(numbers(one))
    if parameter.name in RANGES:
        choices[0] = min if how == AT_LEAST else max
    return " ".join(str(choose(pair)) for choose, *pair in zip(choices, numbers(one), numbers(other)))


def _satisfies(parameter: Parameter, value: str, request: Request) -> bool:
    if request.how in (EXACT, DISPLACED):
        return value == request.value
    if request.how == INCLUDE:
        return port_set.parse(request.value) <= port_set.parse(value)
    return bounded(parameter, request.how, value, request.value) == value
