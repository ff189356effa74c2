# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether the kernel accepts a value as written, and what an invalid value was probably meant to be."""

from __future__ import annotations

import re
from typing import Iterator

from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import InvalidOption
from ansible_collections.nettune.tcp.plugins.module_utils._common.text import without_prefix
from ansible_collections.nettune.tcp.plugins.module_utils._formats.meminfo import HostMemory
from ansible_collections.nettune.tcp.plugins.module_utils._parameters.row import Parameter
from ansible_collections.nettune.tcp.plugins.module_utils._parameters.value import requested
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.request import pages

from . import lines
from .row import INCLUDE, SHARE, YAML, Setting

_SWITCH = {
    **dict.fromkeys(("on", "yes", "true", "enable", "enabled"), "1"),
    **dict.fromkeys(("off", "no", "false", "disable", "disabled"), "0"),
}
_UNIT = re.compile(r"(\d+)\s*([KMG])i?B?", re.IGNORECASE | re.ASCII)
_BYTES = {"k": 2**10, "m": 2**20, "g": 2**30}
_LISTENERS = "listeners"
_ANY_MEMORY = HostMemory(total=2**40)


def normal(parameter: Parameter, setting: Setting) -> str:
    """Return the normal form of a setting's value. Raises InvalidOption, which says what is allowed."""
    value = setting.value
    if setting.how == INCLUDE:
        value = ",".join(part for part in re.split(r"[,\s]+", value) if part != _LISTENERS)
    elif not value and parameter.kind != "ports":
        raise InvalidOption("the value is missing")
    elif parameter.kind == "ports" and " " in value and setting.form != YAML:
        raise InvalidOption(f"{value!r} contains spaces; separate ports by commas only")
    try:
        return requested(parameter, value)
    except InvalidOption as error:
        raise InvalidOption(without_prefix(str(error), f"{parameter.name}: ")) from error


def meant(parameter: Parameter, value: str) -> str | None:
    """Return what an invalid value was probably meant to be, in normal form; None if that is not clear."""
    for candidate in _candidates(parameter, value):
        try:
            return requested(parameter, candidate)
        except InvalidOption:
            continue
    return None


def wrong_share(parameter: Parameter, setting: Setting) -> str:
    """Return why a share of memory is not one; empty if it is, or if it is filled in later."""
    if lines.is_template(setting.value):
        return ""
    try:
        pages(parameter, re.split(r"[,\s]+", setting.value), _ANY_MEMORY)
    except InvalidOption as error:
        return without_prefix(str(error), f"{parameter.name}: ")
    return ""


def is_literal(setting: Setting) -> bool:
    """Return whether the value is written out, rather than filled in or calculated later."""
    return setting.how != SHARE and not lines.is_template(setting.value)


def _candidates(parameter: Parameter, value: str) -> Iterator[str]:
    """Yield readings of the value, the most probable first."""
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
        yield " ".join(_in_bytes(token.strip(",;")) for token in tokens)
        yield from _completed(parameter, tokens)
        yield " ".join(tokens[: parameter.count])
    else:
        yield bare.replace(",", "").replace("_", "")
        yield " ".join(_in_bytes(token) for token in tokens)
        yield re.sub(r"(?i)\s*(?:s|sec|secs|seconds?)$", "", bare)
        yield bare.lstrip("0+")


def _completed(parameter: Parameter, tokens: list[str]) -> Iterator[str]:
    """Yield a short vector with the missing numbers taken from the kernel's default."""
    given = len(tokens)
    rest = (parameter.default or "").split()[given:]
    if rest:
        yield " ".join([*tokens, *rest])


def _in_bytes(token: str) -> str:
    found = _UNIT.fullmatch(token)
    return str(int(found.group(1)) * _BYTES[found.group(2).lower()]) if found else token
