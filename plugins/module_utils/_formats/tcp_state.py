# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""TCP's states: the kernel's numbers (include/net/tcp_states.h) and the names netstat gives them."""

from __future__ import annotations

import struct

# What the socket option TCP_INFO tells of one socket (include/uapi/linux/tcp.h, struct tcp_info).

_CLOSE = 7
# tcpi_bytes_acked, tcpi_bytes_received, tcpi_segs_out, tcpi_segs_in
_TRAFFIC = struct.Struct("=QQII")
_TRAFFIC_AT = 120


def is_ghost(info: bytes) -> bool:
    """Whether the socket was connected once and no longer is, so that only its descriptor is left.

    One that was never connected, or in vain, has heard nothing but a refusal: one segment at most, and no byte.
    """
    if len(info) < _TRAFFIC_AT + _TRAFFIC.size or info[0] != _CLOSE:
        return False
    acknowledged, received, _segments_out, segments_in = _TRAFFIC.unpack_from(info, _TRAFFIC_AT)
    return bool(acknowledged or received or segments_in > 1)


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
SYN_RECV = 3
FIN_WAIT2 = 5
TIME_WAIT = 6
CLOSE_WAIT = 8
LISTEN = 10

# Bits of sock_diag's state masks. Bit 12 (NEW_SYN_RECV) would ask for the request sockets of bit 3 once more, and
# bit 13 (bound, inactive) walks a hash of its own for sockets that have no connection.
ALL = 0xFFE
RARE = ALL & ~(1 << ESTABLISHED | 1 << TIME_WAIT)


def by_name(counts: list[int]) -> dict[str, int]:
    """All eleven states with their counts; `counts` is indexed by the kernel's numbers."""
    return {name: counts[number] for number, name in zip(NUMBERS, NAMES)}
