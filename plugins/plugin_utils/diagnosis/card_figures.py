# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How bad each finding is, in words: for each rule what its evidence says. What is not known is not said."""

from __future__ import annotations

import re
from typing import Any, Mapping

from ansible_collections.nettune.tcp.plugins.module_utils._diagnosis.finding_text import filled

_LEFT = "at this rate the limit is met in {left}"
_UNANSWERED = (
    "{unanswered} had to send again",
    "{queued_bytes} bytes wait in {queued_sockets} queues",
    "{growth} a second",
    "{timeouts_per_second} are given up a second",
    "orphans: {orphans_percent} % of the machine's limit",
    "{established} connections are in use",
)
_FIGURES: dict[str, tuple[str, ...]] = {
    "close_wait": (
        "{share} % of its limit of {nofile} open files",
        "{growth} a second",
        _LEFT,
        "{lingering} were there at the first look already",
        "{unread_sockets} were not read to their end",
        "{established} connections are in use",
        "{not_accepted} of them nobody has accepted",
    ),
    "ghost_descriptors": ("{share} % of its limit of {nofile} open files", "{growth} a second", _LEFT),
    "port_exhaustion": (
        "{used} of {available} ports",
        "{time_wait} of them in TIME_WAIT",
        "destinations beside it that are near: {others}",
    ),
    "tw_overflow": ("{percent} % of the table", "{overflows_per_second} find no room each second"),
    "last_ack": _UNANSWERED,
    "fin_wait1": _UNANSWERED,
    "closing": _UNANSWERED,
    "fin_wait2_orphaned": ("{growth} a second", "{time_wait} are in TIME_WAIT beside them"),
    "fin_wait2_owned": ("{growth} a second", "{established} connections are in use"),
    "accept_queue": (
        "{overflows_per_second} are turned away each second",
        "{not_accepted} of all connections are not accepted yet",
    ),
    "syn_queue": (
        "{full_per_second} found the queue full each second",
        "{cookies_per_second} cookies are sent a second and {cookies_returned_per_second} come back",
        "{dropped_per_second} are dropped each second",
        "port {port} takes {backlog}",
    ),
    "emfile": (
        "{growth} a second",
        _LEFT,
        "{sockets} of them are TCP sockets, {close_wait} in CLOSE_WAIT",
        "{ghosts} of closed connections",
        "its hard limit is {hard}",
    ),
    "enfile": ("{growth} a second", _LEFT),
    "conntrack": (
        "{dropped_per_second} packets are dropped each second",
        "{evicted_per_second} entries are thrown out for others each second",
        "{buckets} buckets",
    ),
    "tcp_memory": ("pressure begins at {pressure} pages", "{resets_per_second} connections are reset each second"),
    "paws": ("tcp_tw_recycle is {tcp_tw_recycle}", "{rejected_per_second} of our own are refused each second"),
    "idle_established": (
        "{keepalive} have keepalive",
        "{segments_per_second} segments come in a second",
        "{unread_sockets} have {unread_bytes} bytes unread",
    ),
}
_FIELD = re.compile(r"\{(\w+)\}")
# Zero of these is no news.
_MAY_BE_ZERO = {
    "established",
    "keepalive",
    "time_wait",
    "cookies_returned_per_second",
    "segments_per_second",
    "close_wait",
}


def figures(rule: str, evidence: Mapping[str, Any]) -> list[str]:
    """What is known, each a few words; for a rule of somebody's own all of its evidence that is not a list."""
    known = {**evidence, "left": _duration(evidence.get("seconds_left"))}
    if rule not in _FIGURES:
        return [f"{name}: {value}" for name, value in evidence.items() if not isinstance(value, (list, dict))]
    return [
        _signed(text, known) for text in _FIGURES[rule] if all(_is_news(name, known) for name in _FIELD.findall(text))
    ]


def _is_news(name: str, known: Mapping[str, Any]) -> bool:
    value = known.get(name)
    return value is not None and (bool(value) or name in _MAY_BE_ZERO)


def _signed(text: str, known: Mapping[str, Any]) -> str:
    growth = known.get("growth") or 0
    return filled(text, {**known, "growth": f"{growth:+.3g}"})


def _duration(seconds: float | None) -> str | None:
    """`45 seconds`, `12 minutes`, `3 hours`; None beyond a day, which is no growth to speak of.

    >>> _duration(754)
    '12 minutes'
    """
    if seconds is None or seconds > 86400:
        return None
    for length, unit in ((7200, 3600), (120, 60)):
        if seconds >= length:
            return f"{int(seconds // unit)} {'hours' if unit == 3600 else 'minutes'}"
    return f"{int(seconds)} seconds"
