# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rule about the host's limit of orphans: connections that no process holds any more, and that have not ended.

At net.ipv4.tcp_max_orphans the kernel resets each connection that is closed here; from half of it, orphans whose peers
have been silent for long (tcp_out_of_resources). The limit and the count are those of the whole host.
"""

from __future__ import annotations

from typing import Any

from .facts import Facts
from .rule import CRITICAL, WARNING, Judgement, Remedy, Rule, Thresholds, percent, severity_of, worst
from .rules_unanswered import STATES

# Up to this number of seconds of tcp_fin_timeout, an orphan in FIN_WAIT2 is a time-wait socket, and not counted.
_TIME_WAIT = 60


def _orphans(facts: Facts, bounds: Thresholds) -> Judgement | None:
    """Judge how near the orphans are to the limit, and whether most are in this network namespace."""
    orphans, maximum = facts.need("orphans", "count"), facts.need("orphans", "max")
    share = percent(orphans, maximum)
    if not orphans or share is None:
        return None
    own = {state: _orphaned(facts, state) for state in _states(facts)}
    left, resets = _seconds_left(facts, maximum - orphans), facts.rate("TCPAbortOnMemory")
    severity = severity_of(share, bounds)
    if severity and (resets or 0) > 0:
        severity = CRITICAL
    elif share >= bounds["growing"] and left is not None and left <= bounds["seconds"]:
        severity = worst(severity, WARNING)
    if not severity:
        return None
    mostly_own = sum(own.values()) * 2 >= orphans
    order = sorted((state for state in own if own[state]), key=lambda state: -own[state])
    evidence: dict[str, Any] = {
        "orphans": orphans,
        "max": maximum,
        "percent": share,
        "own": sum(own.values()),
        "resets_per_second": resets,
        "seconds_left": left if mostly_own else None,
    }
    if not mostly_own:
        return Judgement(severity, evidence)
    state = order[0]
    # A peer with a closed window answers each probe, so no number of retries is ever reached.
    closed = (facts.get("queues", state, "timers", "persist") or 0) * 2 >= own[state]
    evidence.update(state=state, peers=facts.rows("peers", state)[:5], silent=not closed)
    names = {state: rule for rule, state in STATES.items()}
    return Judgement(severity, evidence, tuple(names[state] for state in order if state in names), OWN_ORPHANS)


def _states(facts: Facts) -> tuple[str, ...]:
    """Return the states in which orphans are counted."""
    timeout = facts.sysctl("net.ipv4.tcp_fin_timeout") or ""
    return (*STATES.values(), "FIN_WAIT2") if timeout.isdigit() and int(timeout) > _TIME_WAIT else (*STATES.values(),)


def _orphaned(facts: Facts, state: str) -> float:
    """Return how many sockets of a state no process holds, or all of them if that is unknown."""
    count, unowned = facts.get("states", state) or 0, facts.get("queues", state, "unowned")
    return count if unowned is None else unowned


def _seconds_left(facts: Facts, room: float) -> int | None:
    """Return the seconds until the limit is reached at the growth of this namespace; None if it does not grow."""
    growth = sum(facts.get("rates", "states", state) or 0 for state in _states(facts))
    return max(0, int(room / growth)) if growth > 0 else None


_RAISE = Remedy(
    "sysctl",
    "Raise net.ipv4.tcp_max_orphans ({max} now) if the host has memory to spare (tuning_settings); each orphan takes up"
    " to 64 kB.",
)

ORPHANS = Rule(
    id="orphans",
    title="{orphans} of at most {max} orphaned connections, {own} of them in this network namespace",
    judge=_orphans,
    # warning, critical: percent of tcp_max_orphans; critical from `warning` on if the kernel resets connections for it.
    # growing: percent, if the limit is reached within `seconds`.
    thresholds={"warning": 50, "critical": 90, "growing": 25, "seconds": 900},
    figures=(
        "{percent} % of net.ipv4.tcp_max_orphans",
        "{resets_per_second} connections reset/s",
        "limit in {left} at this rate",
    ),
    cause=(
        "net.ipv4.tcp_max_orphans limits the whole host. Containers or other network namespaces hold most of these"
        " orphans: connections that were closed there, and whose peers do not answer. Near the limit the kernel resets"
        " orphans, also those of this namespace, before their last data is delivered."
    ),
    remedies=(
        Remedy(
            "network",
            "Find the namespace that has them, and its peers that do not answer: diagnose it by the pid of one of its"
            " processes (tcp_diagnosis_info, option pid).",
        ),
        _RAISE,
    ),
    avoid=("tcp_max_orphans_lowered", "tcp_fin_timeout"),
    sources=("ip-sysctl.rst", "tcp(7)"),
)

OWN_ORPHANS = ORPHANS._replace(
    title="{orphans} of at most {max} orphaned connections, most of them in {state}",
    cause=(
        "Connections were closed here, and their peers do not acknowledge the end. At net.ipv4.tcp_max_orphans the"
        " kernel resets every connection that a process closes, before its last data is delivered."
    ),
    remedies=(
        Remedy("network", "Find out why the top peers do not answer: {peer_list}."),
        Remedy(
            "sysctl",
            "net.ipv4.tcp_orphan_retries = 2: an orphan gives up after about 3 seconds, not 107. It may cut slow"
            " clients.",
            profile="orphans",
            keys=("net.ipv4.tcp_orphan_retries",),
            only_if="silent",
            done_if=("net.ipv4.tcp_orphan_retries", ("1", "2", "3")),
        ),
        _RAISE,
    ),
)

RULES = (ORPHANS,)
