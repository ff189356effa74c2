# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether the kernel takes a value as it is written, and what was probably meant where it does not."""

from __future__ import annotations

import re
from typing import Iterator

from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import InvalidOption
from ansible_collections.nettune.tcp.plugins.module_utils._parameters import value as sysctl_value
from ansible_collections.nettune.tcp.plugins.module_utils._parameters.row import Parameter

from . import lines
from .row import INCLUDE, SHARE, YAML, Setting

_SWITCH = {
    **dict.fromkeys(("on", "yes", "true", "enable", "enabled"), "1"),
    **dict.fromkeys(("off", "no", "false", "disable", "disabled"), "0"),
}
_UNIT = re.compile(r"(\d+)\s*([KMG])i?B?", re.IGNORECASE | re.ASCII)
_BYTES = {"k": 2**10, "m": 2**20, "g": 2**30}
_LISTENERS = "listeners"


def normal(parameter: Parameter, setting: Setting) -> str:
    """The normal form of a setting's value. Raises InvalidOption saying what was given and what is allowed."""
    value = setting.value
    if setting.how == INCLUDE:
        value = ",".join(part for part in re.split(r"[,\s]+", value) if part != _LISTENERS)
    elif not value and parameter.kind != "ports":
        raise InvalidOption("there is no value")
    elif parameter.kind == "ports" and " " in value and setting.form != YAML:
        raise InvalidOption(f"{value!r} holds blanks; ports are parted by commas alone")
    try:
        return sysctl_value.requested(parameter, value)
    except InvalidOption as error:
        raise InvalidOption(_without_name(str(error), parameter)) from error


def meant(parameter: Parameter, value: str) -> str | None:
    """The value in normal form that a value was probably meant to be which is none; None where that is not clear."""
    return next(_meant(parameter, value), None)


def is_settled(setting: Setting) -> bool:
    """Whether the value is written out, and not put in by something else later."""
    return setting.how != SHARE and not lines.is_template(setting.value)


def _without_name(message: str, parameter: Parameter) -> str:
    prefix = f"{parameter.name}: "
    return message[len(prefix) :] if message.startswith(prefix) else message


def _meant(parameter: Parameter, value: str) -> Iterator[str]:
    for candidate in _candidates(parameter, value):
        try:
            yield sysctl_value.requested(parameter, candidate)
        except InvalidOption:
            continue


def _candidates(parameter: Parameter, value: str) -> Iterator[str]:
    """Readings of the value, the likeliest first."""
    bare = value.strip(" \"'`,;.")
    tokens = bare.split()
    if not bare:
        return
    yield bare
    if bare.lower() in _SWITCH:
        yield _SWITCH[bare.lower()]
    if parameter.kind == "ports":
        yield re.sub(r"[\s,;]+", ",", bare)
    elif parameter.kind == "vector":
        yield re.sub(r"[\s,;/-]+", " ", bare)
        yield from _filled(parameter, tokens)
    else:
        yield bare.replace(",", "").replace("_", "")
        yield " ".join(_in_bytes(token) for token in tokens)
        yield re.sub(r"(?i)\s*(?:s|sec|secs|seconds?)$", "", bare)
        yield bare.lstrip("0+")


def _filled(parameter: Parameter, tokens: list[str]) -> Iterator[str]:
    yield " ".join(_in_bytes(token.strip(",;")) for token in tokens)
    rest = (parameter.default or "").split()[len(tokens) :]
    if rest:
        yield " ".join([*tokens, *rest])
    yield " ".join(tokens[: parameter.count])


def _in_bytes(token: str) -> str:
    found = _UNIT.fullmatch(token)
    return str(int(found.group(1)) * _BYTES[found.group(2).lower()]) if found else token
