# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""TCP's states: the kernel's numbers (include/net/tcp_states.h) and the names that netstat uses."""

from __future__ import annotations

import struct

# In the order of the kernel's numbers, which begin with 1.
NAMES = (
    "ESTABLISHED",
    "SYN_SENT",
    "SYN_RECV",
    "FIN_WAIT1",
    "FIN_WAIT2",
    "TIME_WAIT",
    "CLOSE",
    "CLOSE_WAIT",
    "LAST_ACK",
    "LISTEN",
    "CLOSING",
)
NUMBERS = range(1, len(NAMES) + 1)

ESTABLISHED = 1
SYN_SENT = 2
FIN_WAIT2 = 5
TIME_WAIT = 6
CLOSE = 7
CLOSE_WAIT = 8
LISTEN = 10

# A mask of all states for sock_diag. Bit 12 (NEW_SYN_RECV) is left out because it would return the request sockets of
# bit 3 a second time, and bit 13 (BOUND_INACTIVE) because those sockets have no connection.
ALL = 0xFFE

# Where struct tcp_info (include/uapi/linux/tcp.h) has tcpi_bytes_acked, tcpi_bytes_received, tcpi_segs_out and
# tcpi_segs_in.
_TRAFFIC = struct.Struct("=QQII")
_TRAFFIC_AT = 120


def by_name(counts: list[int]) -> dict[str, int]:
    """Return the counts of all eleven states by name; `counts` is indexed by the kernel's numbers."""
    return {name: counts[number] for number, name in zip(NUMBERS, NAMES)}


def is_ghost(info: bytes) -> bool:
    """Return whether a socket was connected once and is closed, so that only its descriptor is left.

    `info` is the value of its socket option TCP_INFO. A socket that never connected, or tried in vain, has received
    at most one segment (the refusal) and no data.
    """
    if len(info) < _TRAFFIC_AT + _TRAFFIC.size or info[0] != CLOSE:
        return False
    acknowledged, received, _segments_out, segments_in = _TRAFFIC.unpack_from(info, _TRAFFIC_AT)
    return bool(acknowledged or received or segments_in > 1)
