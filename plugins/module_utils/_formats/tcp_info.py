# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the socket option TCP_INFO tells of one socket (include/uapi/linux/tcp.h, struct tcp_info)."""

from __future__ import annotations

import struct

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
