# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Statistics of connection tracking by ctnetlink (include/uapi/linux/netfilter/nfnetlink_conntrack.h).

The answer has a message for each processor. Its payload is `family:1 version:1 processor:2`, followed by attributes
whose values are big-endian numbers of 4 bytes.
"""

from __future__ import annotations

import struct

from .netlink_message import Answer, attributes, dump_request

_SUBSYSTEM, _GET_STATS_CPU = 1, 4
_KIND = _SUBSYSTEM << 8 | _GET_STATS_CPU
_ATTRIBUTES_AT = 4
STATS_REQUEST = dump_request(_KIND, bytes(_ATTRIBUTES_AT))
_COUNT = struct.Struct("!I")
# Attributes (enum ctattr_stats_cpu) by the names of /proc/net/stat/nf_conntrack.
_NAMES = {9: "insert_failed", 10: "drop", 11: "early_drop"}


class Stats(Answer):
    """Sums the counts of all processors in `counts`."""

    def __init__(self) -> None:
        super().__init__()
        self.counts: dict[str, int] = {}

    def take(self, kind: int, payload: bytes) -> None:
        """Add the counts of a processor. Raises MalformedInput."""
        if kind != _KIND:
            return
        for attribute, value in attributes(payload, _ATTRIBUTES_AT):
            name = _NAMES.get(attribute)
            if name and len(value) == _COUNT.size:
                self.counts[name] = self.counts.get(name, 0) + _COUNT.unpack(value)[0]
