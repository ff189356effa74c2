# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keepalive that begins after the path has forgotten a connection that is idle.

NAT gateways, load balancers and firewalls forget idle connections, and drop what is sent on them later. The user states
after how many seconds, or the host's own connection tracking does.
"""

from __future__ import annotations

from typing import Any

from .._common.errors import InvalidOption
from .facts import Facts
from .rule import Note, Thresholds

_TIME = "net.ipv4.tcp_keepalive_time"
_CONNTRACK = "net.netfilter.nf_conntrack_tcp_timeout_established"


def parse_idle_timeout(seconds: Any) -> int:
    """Return after how many seconds the path forgets idle connections, 0 if unknown. Raises InvalidOption."""
    if seconds is None or seconds == "":
        return 0
    if isinstance(seconds, bool) or not (str(seconds).isascii() and str(seconds).isdigit()):
        raise InvalidOption(f"idle_timeout is {seconds!r}; it must be a number of seconds, 0 if it is not known")
    return int(seconds)


def keepalive_evidence(facts: Facts) -> dict[str, Any]:
    """Return what is known about the path, and whether keepalive begins too late for it."""
    timeout, begins = _timeout(facts), _number(facts.sysctl(_TIME))
    return {
        "idle_timeout": timeout,
        "keepalive_time": begins,
        "in_time": timeout and in_time(timeout),
        "path_known": timeout is not None,
        "path_unknown": timeout is None,
        "late": timeout is not None and (begins is None or begins >= timeout),
    }


def in_time(timeout: int) -> int:
    """Return a keepalive time that keeps a connection known, with a margin for delayed probes.

    >>> in_time(350)
    300
    """
    return max(timeout * 6 // 7, 1)


def _timeout(facts: Facts) -> int | None:
    """Return the shortest timeout that is known; None if none is."""
    known = [facts.idle_timeout or None, _number(facts.sysctl(_CONNTRACK))]
    return min((timeout for timeout in known if timeout), default=None)


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdigit() else None


def _late_keepalive(facts: Facts, _bounds: Thresholds) -> dict[str, Any] | None:
    """Return the keepalive time, if the path is known to forget connections before it."""
    evidence = keepalive_evidence(facts)
    kept = facts.get("queues", "ESTABLISHED", "timers", "keepalive")
    if not evidence["late"] or evidence["keepalive_time"] is None:
        return None
    if not facts.idle_timeout and not kept:
        return None  # connection tracking concerns this host only if connections rely on keepalive
    device = "the path" if evidence["idle_timeout"] == facts.idle_timeout else "connection tracking on this host"
    names = ("idle_timeout", "keepalive_time", "in_time")
    return {**{name: evidence[name] for name in names}, "device": device, "keepalive": kept or 0}


LATE_KEEPALIVE = Note(
    id="late_keepalive",
    text=(
        "net.ipv4.tcp_keepalive_time is {keepalive_time}, but {device} forgets connections that are idle for"
        " {idle_timeout} s, so keepalive does not keep them known ({keepalive} connections have it at the moment). Set"
        " tuning_path_idle_timeout to {idle_timeout}, which makes it {in_time}. Sockets for which an application sets"
        " TCP_KEEPIDLE have their own time."
    ),
    judge=_late_keepalive,
    thresholds={},
    unless=(),
)

RULES = ()
NOTES = (LATE_KEEPALIVE,)
