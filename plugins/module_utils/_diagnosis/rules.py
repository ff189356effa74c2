# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""All rules of the diagnosis in their order, and their thresholds."""

from __future__ import annotations

import math
from typing import Any, Iterable, Mapping

from .._common.errors import InvalidOption
from .._common.suggest import closest, did_you_mean
from . import (
    rules_connecting,
    rules_descriptors,
    rules_fin_wait2,
    rules_idle,
    rules_limits,
    rules_listening,
    rules_not_closed,
    rules_orphans,
    rules_path,
    rules_ports,
    rules_segments,
    rules_unanswered,
)

FAMILIES = (
    rules_not_closed,
    rules_connecting,
    rules_descriptors,
    rules_fin_wait2,
    rules_idle,
    rules_limits,
    rules_listening,
    rules_ports,
    rules_segments,
    rules_unanswered,
    rules_orphans,
    rules_path,
)
# Causes before their effects: of two findings of the same severity the earlier one is primary.
ORDER = (
    "close_wait",
    "ghost_descriptors",
    "syn_sent",
    "port_exhaustion",
    "bound_ports",
    "conntrack",
    "paws",
    "emfile",
    "enfile",
    "accept_queue",
    "syn_queue",
    "last_ack",
    "fin_wait1",
    "closing",
    "orphans",
    "tcp_memory",
    "fin_wait2_orphaned",
    "fin_wait2_owned",
    "tw_overflow",
    "idle_established",
    "retransmits",
    "resets",
)
_BY_ID = {rule.id: rule for family in FAMILIES for rule in family.RULES}
RULES = tuple(_BY_ID[rule_id] for rule_id in ORDER)
NOTES = tuple(
    note
    for family in (rules_ports, rules_descriptors, rules_not_closed, rules_limits, rules_path)
    for note in family.NOTES
)

# What rules name in `avoid`, and why it does not help.
AVOID = {
    "keepalive": "keepalive finds peers that vanished; it closes no descriptor and ends no connection that is closed",
    "keepalive_aggressive": "probes every few seconds cut slow and mobile clients; use them in an incident only",
    "tcp_fin_timeout": "tcp_fin_timeout only affects orphaned FIN_WAIT2 sockets; TIME_WAIT always lasts 60 seconds",
    "tcp_retries2": "tcp_retries2 does not apply to orphans",
    "tcp_orphan_retries": "tcp_orphan_retries ends unacknowledged connections; FIN_WAIT2 is acknowledged",
    "tcp_tw_recycle": "tcp_tw_recycle refuses clients behind NAT, and was removed in Linux 4.12",
    "tcp_max_tw_buckets_lowered": "fewer tcp_max_tw_buckets free nothing: new connections lose their protection",
    "conntrack_timeouts": "timeouts of nf_conntrack affect its entries, never a socket",
    "tcp_max_syn_backlog": "tcp_max_syn_backlog is not the accept queue, and with cookies not even the SYN queue",
    "tcp_abort_on_overflow": "tcp_abort_on_overflow sends errors to clients that would retry",
    "tcp_syncookies_off": "without cookies a full SYN queue closes the port to everyone",
    "fs.file-max": "fs.file-max is the limit of the system; the process has reached its own",
    "nofile_infinity": "with an unlimited nofile, programs that loop over all descriptors burn the CPU",
    "higher_limits": "a higher limit lets more of them wait in vain: nothing there answers",
    "tcp_tw_reuse": "tcp_tw_reuse concerns ports in TIME_WAIT only",
    "retries": "fewer or more retries change how long a connection waits, not what it waits for",
    "larger_buffers": "larger buffers keep more unacknowledged data; they do not stop the loss",
    "tcp_max_orphans_lowered": "a lower tcp_max_orphans resets connections before their last data is delivered",
    "tcp_mem_in_bytes": "tcp_mem is in pages: a number of bytes there allows 4096 times the memory",
}

DEFAULTS: dict[str, dict[str, float]] = {row.id: row.thresholds for row in (*RULES, *NOTES) if row.thresholds}


def thresholds(given: Any) -> dict[str, dict[str, float]]:
    """Return all thresholds by id and name, with `given`, for example {"emfile": {"warning": 80}}, on top.

    Raises InvalidOption for an unknown id or name, or a value that is not a number.
    """
    if given is not None and not isinstance(given, Mapping):
        raise InvalidOption(f"thresholds is {given!r}; it must be like {{emfile: {{warning: 80}}}}")
    found = {name: dict(bounds) for name, bounds in DEFAULTS.items()}
    for rule, bounds in (given or {}).items():
        _check_known(rule, DEFAULTS, "thresholds")
        if not isinstance(bounds, Mapping):
            raise InvalidOption(f"thresholds.{rule} is {bounds!r}; it must be like {{{next(iter(DEFAULTS[rule]))}: 1}}")
        for name, value in bounds.items():
            _check_known(name, DEFAULTS[rule], f"thresholds.{rule}")
            found[rule][name] = _number(value, f"thresholds.{rule}.{name}")
    return found


def _check_known(name: Any, known: Iterable[str], where: str) -> None:
    if name not in known:
        hint = did_you_mean(closest(name, known))
        raise InvalidOption(f"{where} has {name!r}{hint} (known: {', '.join(known)})")


def _number(value: Any, where: str) -> float:
    try:
        number = float(value)
        if isinstance(value, bool) or not math.isfinite(number) or number < 0:
            raise ValueError("not a number, 0 or more")
    except (TypeError, ValueError):
        raise InvalidOption(f"{where} is {value!r}; it must be a number, 0 or more") from None
    return int(number) if number.is_integer() else number
