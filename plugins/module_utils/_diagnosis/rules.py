# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""All rules of the diagnosis, causes before what they lead to: of two as urgent ones the earlier is the primary one."""

from __future__ import annotations

from . import (
    rules_closing,
    rules_descriptors,
    rules_idle,
    rules_limits,
    rules_listening,
    rules_ports,
    rules_unanswered,
)
from .rule import Rule

_FAMILIES = (
    rules_closing,
    rules_descriptors,
    rules_idle,
    rules_limits,
    rules_listening,
    rules_ports,
    rules_unanswered,
)
_BY_ID: dict[str, Rule] = {rule.id: rule for family in _FAMILIES for rule in family.RULES}

# Causes before their effects: of two findings of the same severity the earlier one is primary.
ORDER = (
    "close_wait",
    "ghost_descriptors",
    "port_exhaustion",
    "conntrack",
    "paws",
    "emfile",
    "enfile",
    "accept_queue",
    "syn_queue",
    "last_ack",
    "fin_wait1",
    "closing",
    "tcp_memory",
    "fin_wait2_orphaned",
    "fin_wait2_owned",
    "tw_overflow",
    "idle_established",
)
RULES = tuple(_BY_ID[rule_id] for rule_id in ORDER)
NOTES = (*rules_ports.NOTES, *rules_descriptors.NOTES)

# Why what stands in `avoid` does not help.
AVOID = {
    "keepalive": "keepalive finds peers that vanished; it neither closes a descriptor nor ends what is closed already",
    "keepalive_aggressive": "probes every few seconds cut slow and mobile clients; for an incident only",
    "tcp_fin_timeout": "tcp_fin_timeout governs orphans in FIN_WAIT2 alone; TIME_WAIT is 60 seconds, whatever it says",
    "tcp_retries2": "tcp_retries2 is not read for orphans",
    "tcp_orphan_retries": "tcp_orphan_retries ends what is not acknowledged; FIN_WAIT2 was",
    "tcp_tw_recycle": "tcp_tw_recycle refuses clients behind NAT, and is gone since Linux 4.12",
    "tcp_max_tw_buckets_lowered": "fewer tcp_max_tw_buckets free nothing: the newest merely lose their protection",
    "conntrack_timeouts": "timers of nf_conntrack touch its entries, never a socket",
    "tcp_max_syn_backlog": "tcp_max_syn_backlog is not the accept queue, and with cookies not even the SYN queue",
    "tcp_abort_on_overflow": "tcp_abort_on_overflow turns clients that would try again into errors",
    "tcp_syncookies_off": "without cookies a full SYN queue closes the port to everybody",
    "fs.file-max": "fs.file-max is the system's limit; the one that is met is the process's",
    "nofile_infinity": "an unlimited nofile makes programs that loop over all descriptors burn the CPU",
    "tcp_mem_in_bytes": "tcp_mem is in pages: a number of bytes there takes 4096 times the memory",
}
