# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""All cases of the lab, those with faults first; each file adds its own to case.CASES."""

import case

from cases import busy, connecting, limits, not_closed, ports, queues, segments, unacknowledged

__all__ = [
    "CASES",
    "NO_CASE",
    "busy",
    "connecting",
    "limits",
    "not_closed",
    "ports",
    "queues",
    "segments",
    "unacknowledged",
]

CASES = dict(sorted(case.CASES.items(), key=lambda item: not item[1].finding))
# Findings without a case, and the reason.
NO_CASE = {
    "tcp_memory": "tcp_mem is host-wide: a case would affect every connection of this machine",
    "orphans": "tcp_max_orphans is host-wide, and a network namespace does not have it",
    "paws": "tcp_tw_recycle was removed from Linux 4.12, and nothing else causes this fault",
}
