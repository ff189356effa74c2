# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values of kernel parameters in normal form, so that values can be compared by their meaning.

The normal form is text: decimal numbers separated by single spaces, a port set as the kernel prints it, or words.
How the kernel reads a value (proc_dointvec(), proc_do_large_bitmap() in kernel/sysctl.c): `0x1e` is 30, `010` is 8,
anything after the first token of a scalar is ignored, and a short vector changes only its first numbers.
"""

from __future__ import annotations

import re
from typing import Any

from .._common.errors import InvalidOption, MalformedInput
from .._common.text import shown
from .._formats import port_set
from .row import Parameter

NUMERIC = ("int", "vector")
_NUMBER = re.compile(r"-?(?:0[xX][0-9a-fA-F]+|\d+)", re.ASCII)
_OCTAL = re.compile(r"-?0\d+", re.ASCII)
# No kernel parameter has more digits, and Python is slow to read millions of them.
_MOST_DIGITS = 100
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f\ud800-\udfff]")
# proc_dointvec_ms_jiffies() rounds up to ticks, which are 10 ms or less.
_LONGEST_TICK = 10
# nf_ct_alloc_hashtable() rounds up to whole pages of entries of 8 bytes; pages are at most 64 KiB.
_ENTRIES_OF_PAGE = {"net.netfilter.nf_conntrack_buckets": (512, 2048, 8192)}
_POWERS_OF_TWO = ("fs.pipe-max-size", "net.core.rps_sock_flow_entries")


def normal(parameter: Parameter, text: str) -> str:
    """Return the normal form of a value that the kernel printed or that a file contains; unreadable text unchanged.

    >>> normal(Parameter("net.ipv4.ip_local_reserved_ports", "ports"), "1-2,3,4")
    '1-4'
    """
    tokens = text.split()
    try:
        if parameter.kind == "ports":
            return port_set.render(port_set.parse(text))
        if parameter.kind in NUMERIC:
            return " ".join(str(_kernel_number(token)) for token in tokens[: parameter.count])
    except (MalformedInput, ValueError):
        pass
    return " ".join(tokens)


def numbers(text: str) -> list[int]:
    """Return the numbers of a value in normal form. Raises ValueError for anything else."""
    return [int(token) for token in text.split()]


def requested(parameter: Parameter, given: Any) -> str:
    """Return the normal form of a value from a playbook: text, a number, or a list of these.

    Raises InvalidOption, which says what was given and what is allowed.
    """
    text = _as_text(parameter, given)
    if parameter.kind == "ports":
        return _requested_ports(parameter, text)
    tokens = text.split()
    if parameter.kind in NUMERIC:
        return " ".join(str(_requested_number(parameter, token)) for token in _counted(parameter, tokens, given))
    if parameter.kind == "word" and len(tokens) != 1:
        raise InvalidOption(f"{parameter.name}: {shown(given)} is not a single word")
    return " ".join(tokens)


def is_plain(text: str) -> bool:
    """Return whether the text fits on one line of a file: no control characters and no lone surrogates."""
    return _CONTROL.search(text) is None


def bounds(parameter: Parameter) -> str:
    """Return the allowed range of each number, such as `0 to 255`; empty if the kernel has no bounds."""
    low, high = parameter.low, parameter.high
    if low is not None and high is not None:
        return f"{low} to {high}"
    if low is not None:
        return f"{low} or more"
    return f"{high} or less" if high is not None else ""


def as_number(token: str) -> int | None:
    """Return the number that the kernel reads a token as, or None if it is not a number."""
    try:
        return _kernel_number(token)
    except ValueError:
        return None


def _kernel_number(token: str) -> int:
    if len(token) > _MOST_DIGITS or not _NUMBER.fullmatch(token):
        raise ValueError(token)
    return int(token, 8) if _OCTAL.fullmatch(token) else int(token, 0)


def _as_text(parameter: Parameter, given: Any) -> str:
    if isinstance(given, (list, tuple)):
        if any(isinstance(item, (list, tuple)) for item in given):
            raise InvalidOption(f"{parameter.name}: {shown(given)} contains a list; use a list of single values")
        separator = "," if parameter.kind == "ports" else " "
        return separator.join(_as_text(parameter, item) for item in given)
    if isinstance(given, bool):
        raise InvalidOption(f"{parameter.name}: {given!r} is not a kernel value; use a number such as 1 or 0")
    if not isinstance(given, (str, int)):
        raise InvalidOption(f"{parameter.name}: {shown(given)} is neither a whole number nor text")
    if isinstance(given, int) and given.bit_length() > 4 * _MOST_DIGITS:
        raise InvalidOption(f"{parameter.name}: {shown(given)} is out of bounds")
    text = str(given)
    if not is_plain(text):
        raise InvalidOption(f"{parameter.name}: {shown(given)} contains a control character or a lone surrogate")
    return text


def _requested_ports(parameter: Parameter, text: str) -> str:
    try:
        ports = port_set.parse(text)
    except MalformedInput as error:
        raise InvalidOption(f"{parameter.name}: {error}; expected a list such as 80,8000-8100") from error
    if parameter.high is not None and any(port > parameter.high for port in ports):
        raise InvalidOption(f"{parameter.name}: {max(ports)} is out of bounds; allowed: {bounds(parameter)}")
    return port_set.render(ports)


def _counted(parameter: Parameter, tokens: list[str], given: Any) -> list[str]:
    if len(tokens) == parameter.count:
        return tokens
    expected = "one number" if parameter.count == 1 else f"{parameter.count} numbers separated by spaces"
    hint = "; commas do not separate numbers" if any("," in token for token in tokens) else ""
    raise InvalidOption(f"{parameter.name}: {shown(given)} is not {expected}{hint}")


def _requested_number(parameter: Parameter, token: str) -> int:
    if _OCTAL.fullmatch(token):
        raise InvalidOption(
            f"{parameter.name}: the kernel reads {shown(token)[1:-1]} as an octal number;"
            " write it without the leading 0"
        )
    number = as_number(token)
    allowed = bounds(parameter)
    if number is None:
        raise InvalidOption(
            f"{parameter.name}: {shown(token)} is not a whole number" + (f"; allowed: {allowed}" if allowed else "")
        )
    too_low = parameter.low is not None and number < parameter.low
    if too_low or (parameter.high is not None and number > parameter.high):
        raise InvalidOption(f"{parameter.name}: {number} is out of bounds; allowed: {allowed}")
    return number


def may_become(parameter: Parameter, written: str | None, found: str) -> bool:
    """Return whether the kernel may print `found` after `written` was written; both in normal form."""
    if written == found:
        return True
    one, other = as_number(written or ""), as_number(found)
    if not parameter.rounds or one is None or other is None:
        return False
    if parameter.name in _ENTRIES_OF_PAGE:
        return any(other == -(-one // entries) * entries for entries in _ENTRIES_OF_PAGE[parameter.name])
    if parameter.name in _POWERS_OF_TWO:
        return one < other < 2 * one
    # The delays of neighbours print -0 for -1.
    return one >= 0 and 0 < other - one < _LONGEST_TICK
