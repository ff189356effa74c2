# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The batches of a rollout: numbers and percentages of hosts, as the keyword `serial` of a play has them."""

from __future__ import annotations

import re
from typing import Any, Iterable, Sequence, Union

from ansible.utils.helpers import pct_to_int
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import InvalidOption
from ansible_collections.nettune.tcp.plugins.plugin_utils.options.convert import Type, convert, is_unset, shown

Size = Union[int, str]
SERIAL = "nettune_serial"
CANARY = 1
_SIZE = re.compile(r"[1-9][0-9]{0,8}%?", re.ASCII)
_ALLOWED = "each element must be a number of hosts, at least 1, or a percentage from 1% to 100%"


def parse(given: Any) -> list[Size]:
    """Return the value of `serial` for nettune_serial; empty if that is not set. Raises InvalidOption.

    A single number or percentage gets a canary, a batch of one host, in front.

    >>> parse("10%")
    [1, '10%']
    >>> parse("2,50%")
    [2, '50%']
    """
    if is_unset(given) or given == []:
        return []
    sizes = [_size(text.replace(" ", "")) for text in convert(SERIAL, given, Type("list"))]
    if not sizes:
        raise InvalidOption(f"{SERIAL} is {shown(given)}; {_ALLOWED}.")
    return [CANARY, *sizes] if len(sizes) == 1 else sizes


def divide(hosts: Iterable[str], serial: Sequence[Size]) -> list[list[str]]:
    """Return the batches into which Ansible divides the hosts of a play; its last size applies to those that follow.

    >>> divide(["web1", "web2", "web3"], [1, "50%"])
    [['web1'], ['web2'], ['web3']]
    """
    left, found, at = list(hosts), [], 0
    total = len(left)
    while left:
        size = pct_to_int(serial[min(at, len(serial) - 1)], total) if serial else 0
        size = size if size > 0 else len(left)
        found.append(left[:size])
        left, at = left[size:], at + 1
    return found


def _size(text: str) -> Size:
    if not _SIZE.fullmatch(text) or (text.endswith("%") and int(text[:-1]) > 100):
        raise InvalidOption(f"{SERIAL} contains {shown(text)}; {_ALLOWED}.")
    return text if text.endswith("%") else int(text)
