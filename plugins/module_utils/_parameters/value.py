# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values of kernel parameters: normal forms, so that values can be compared by what they mean.

A value is text in its normal form: decimal numbers parted by single blanks, a port set as the kernel prints it, or
words. What the kernel takes and what it makes of it (proc_dointvec(), proc_do_large_bitmap() in kernel/sysctl.c):
`0x1e` is 30, `010` is 8, what follows the first token of a scalar is ignored, a short vector changes its first numbers.
"""

from __future__ import annotations

import re
from typing import Any

from .._common.errors import InvalidOption, MalformedInput
from .._formats import port_set
from .row import Parameter

NUMERIC = ("int", "vector")
_NUMBER = re.compile(r"-?(?:0[xX][0-9a-fA-F]+|\d+)", re.ASCII)
_OCTAL = re.compile(r"-?0\d+", re.ASCII)
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f\ud800-\udfff]")


def normal(parameter: Parameter, text: str) -> str:
    """The normal form of a value that the kernel printed or that a file holds; what cannot be read stays as it is.

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
    """The numbers of a normal value. Raises ValueError where it holds anything else."""
    return [int(token) for token in text.split()]


def requested(parameter: Parameter, given: Any) -> str:
    """The normal form of a value as a playbook gives it: text, a number, or a list of these.

    Raises InvalidOption saying what was given and what is allowed.
    """
    text = _as_text(parameter, given)
    if parameter.kind == "ports":
        return _requested_ports(parameter, text)
    tokens = text.split()
    if parameter.kind in NUMERIC:
        return " ".join(str(_requested_number(parameter, token)) for token in _counted(parameter, tokens, given))
    if parameter.kind == "word" and len(tokens) != 1:
        raise InvalidOption(f"{parameter.name}: {given!r} is not one word")
    return " ".join(tokens)


def is_plain(text: str) -> bool:
    """Whether the text fits into a line of a file: no line break or other control character, no half character."""
    return _CONTROL.search(text) is None


def bounds(parameter: Parameter) -> str:
    """What is allowed for each number of the parameter, in words; empty where the kernel sets no bound."""
    low, high = parameter.low, parameter.high
    if low is not None and high is not None:
        return f"{low} to {high}"
    if low is not None:
        return f"{low} or more"
    return f"{high} or less" if high is not None else ""


def as_number(token: str) -> int | None:
    """The number a token of a value stands for to the kernel, or None where it is none."""
    try:
        return _kernel_number(token)
    except ValueError:
        return None


def _kernel_number(token: str) -> int:
    if not _NUMBER.fullmatch(token):
        raise ValueError(token)
    return int(token, 8) if _OCTAL.fullmatch(token) else int(token, 0)


def _as_text(parameter: Parameter, given: Any) -> str:
    if isinstance(given, (list, tuple)):
        separator = "," if parameter.kind == "ports" else " "
        return separator.join(_as_text(parameter, item) for item in given)
    if isinstance(given, bool):
        raise InvalidOption(f"{parameter.name}: {given!r} is not a kernel value; write a number such as 1 or 0")
    if not isinstance(given, (str, int)):
        raise InvalidOption(f"{parameter.name}: {given!r} is neither a whole number nor text")
    text = str(given)
    if not is_plain(text):
        raise InvalidOption(f"{parameter.name}: {given!r} holds a line break, a control character or half a character")
    return text


def _requested_ports(parameter: Parameter, text: str) -> str:
    try:
        ports = port_set.parse(text)
    except MalformedInput as error:
        raise InvalidOption(f"{parameter.name}: {error}; allowed is a list such as 80,8000-8100") from error
    if parameter.high is not None and any(port > parameter.high for port in ports):
        raise InvalidOption(f"{parameter.name}: {max(ports)} is out of bounds; allowed is {bounds(parameter)}")
    return port_set.render(ports)


def _counted(parameter: Parameter, tokens: list[str], given: Any) -> list[str]:
    if len(tokens) == parameter.count:
        return tokens
    wanted = "one number" if parameter.count == 1 else f"{parameter.count} numbers parted by blanks"
    hint = "; commas do not part numbers" if any("," in token for token in tokens) else ""
    raise InvalidOption(f"{parameter.name}: {given!r} is not {wanted}{hint}")


def _requested_number(parameter: Parameter, token: str) -> int:
    if _OCTAL.fullmatch(token):
        raise InvalidOption(
            f"{parameter.name}: the kernel takes {token} for an octal number; write it without the leading 0"
        )
    number = as_number(token)
    allowed = bounds(parameter)
    if number is None:
        raise InvalidOption(
            f"{parameter.name}: {token!r} is not a whole number" + (f"; allowed is {allowed}" if allowed else "")
        )
    too_low = parameter.low is not None and number < parameter.low
    if too_low or (parameter.high is not None and number > parameter.high):
        raise InvalidOption(f"{parameter.name}: {number} is out of bounds; allowed is {allowed}")
    return number
