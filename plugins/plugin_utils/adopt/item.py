# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A kernel parameter of a host as a line of variables."""

from __future__ import annotations

import re
from typing import NamedTuple

_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_./:@+-]*")
_NUMBER = re.compile(r"0|-?[1-9][0-9]{0,17}")
_VALUE = re.compile(r"[ -\[\]-~]*")
_TEMPLATES = ("{{", "{%", "{#")


class Item(NamedTuple):
    """A parameter.

    source: the file and line that set it. verdict: of the linter, empty without one. message: why. left_out: why the
    line is commented out, empty if it is not. instead: lines of YAML to write instead. notes: further remarks.
    """

    name: str
    value: str
    source: str
    verdict: str = ""
    message: str = ""
    left_out: str = ""
    instead: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def obstacle(name: str, value: str) -> str:
    """Return why a setting cannot be written as a variable, empty if it can."""
    if not _KEY.fullmatch(name):
        return "the name has characters that names of parameters do not have"
    if any(mark in value for mark in _TEMPLATES):
        return "Ansible would take the value for a template"
    if not _VALUE.fullmatch(value):
        return "the value has a backslash, a control character or a character that is not ASCII"
    return ""


def setting(name: str, value: str) -> str:
    """Return a setting as a line of YAML.

    >>> setting("net.ipv4.tcp_rmem", "4096 131072 6291456"), setting("net.core.somaxconn", "4096")
    ('net.ipv4.tcp_rmem: "4096 131072 6291456"', 'net.core.somaxconn: 4096')
    """
    return f"{name}: {value}" if _NUMBER.fullmatch(value) else f"{name}: {quoted(value)}"


def quoted(text: str) -> str:
    """Return a text without a backslash or a line break as a scalar of YAML.

    >>> quoted('a "b"')
    '"a \\"b\\""'
    """
    return '"' + text.replace('"', '\\"') + '"'
