# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The same sentence about several hosts, with ranges in place of the numbers in which it differs."""

from __future__ import annotations

import re
from typing import Iterable, NamedTuple, Sequence

from .host_names import natural, short
from .line import listed

_ADDRESS = (
    r"(?:(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?![\w.]*\d)|(?<![\w:])[0-9a-fA-F]{0,4}(?::[0-9a-fA-F]{0,4}){2,7}(?!\w))"
)
_PEER = rf"{_ADDRESS} \(\d+\)"
# Tried in this order. Ports and numbers in names are no such numbers: hosts that differ in them do not share a card.
_DIFFERS = re.compile(
    rf"(?P<peers>{_PEER}(?:, {_PEER})*)"
    r"|(?P<pid>PID \d+(?: and \d+ more)?)"
    rf"|(?P<address>{_ADDRESS})"
    r"|(?P<number>(?<![\w.:-])(?<!port )[+-]?\d+(?:\.\d+)?(?![\w:]|\.\d))"
)
_LEFT_OUT = "\0"
_MAX_NAMES = 3


class Shared(NamedTuple):
    """A sentence and the hosts to which it applies, in natural order."""

    hosts: list[str]
    text: str


def pattern(text: str) -> str:
    """Return what the sentence has in common with those about other hosts.

    >>> pattern("nginx (PID 711) has 980 of 1024 files open")
    'nginx (<pid>) has <number> of <number> files open'
    """
    return _DIFFERS.sub(lambda match: f"<{match.lastgroup}>", text)


def shared(sentences: Iterable[tuple[str, str]]) -> list[Shared]:
    """Return (host, sentence) pairs merged by pattern, in the order in which the patterns first appear."""
    by_pattern: dict[str, list[tuple[str, str]]] = {}
    for host, text in sentences:
        by_pattern.setdefault(pattern(text), []).append((host, text))
    return [
        Shared(sorted({host for host, _text in pairs}, key=natural), merge([text for _host, text in pairs]))
        for pairs in by_pattern.values()
    ]


def merge(texts: Sequence[str]) -> str:
    """Return one sentence for sentences of the same pattern.

    Numbers become a range, addresses a list, lists of peers their union; process IDs of several hosts are left out.

    >>> merge(["nginx (PID 711, a.service) has 980 files", "nginx (PID 9, a.service) has 1024 files"])
    'nginx (a.service) has 980-1024 files'
    """
    columns = iter(list(zip(*([match[0] for match in _DIFFERS.finditer(text)] for text in texts))))
    merged = _DIFFERS.sub(lambda match: _MERGE[match.lastgroup or ""](next(columns)), texts[0])
    for ending in (f" ({_LEFT_OUT})", f"{_LEFT_OUT}, ", _LEFT_OUT):
        merged = merged.replace(ending, "")
    return merged


def _numbers(found: Sequence[str]) -> str:
    low, high = min(found, key=float), max(found, key=float)
    if float(low) == float(high):
        return found[0]
    return f"{low} to {high}" if low[0] in "+-" or high[0] in "+-" else f"{low}-{high}"


def _process_ids(found: Sequence[str]) -> str:
    # Those of several hosts may be equal by chance.
    return found[0] if len(found) == 1 else _LEFT_OUT


def _addresses(found: Sequence[str]) -> str:
    names = short(found).split(", ")
    return listed(names, most=_MAX_NAMES)


def _peers(found: Sequence[str]) -> str:
    """Return the peers of all hosts, those with the most connections first, with a range of their counts."""
    if len(set(found)) == 1:
        return found[0]
    counts: dict[str, list[str]] = {}
    for peer in ", ".join(found).split(", "):
        address, number = peer[:-1].split(" (")
        counts.setdefault(address, []).append(number)
    ordered = sorted(counts, key=lambda address: (-max(map(int, counts[address])), natural(address)))
    rest = len(ordered) - _MAX_NAMES
    most = ", ".join(f"{address} ({_numbers(counts[address])})" for address in ordered[:_MAX_NAMES])
    return f"{most} and {rest} more" if rest > 0 else most


_MERGE = {"peers": _peers, "pid": _process_ids, "address": _addresses, "number": _numbers}
