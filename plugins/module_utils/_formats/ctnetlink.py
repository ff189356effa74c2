# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Statistics of connection tracking by ctnetlink (include/uapi/linux/netfilter/nfnetlink_conntrack.h).

The answer has a message for each processor. Its payload is `family:1 version:1 processor:2`, followed by attributes
whose values are big-endian numbers of 4 bytes.
"""

from __future__ import annotations

import struct

from .netlink_message import attributes, dump_request, end_of, messages

_SUBSYSTEM, _GET_STATS_CPU = 1, 4
_KIND = _SUBSYSTEM << 8 | _GET_STATS_CPU
_ATTRIBUTES_AT = 4
STATS_REQUEST = dump_request(_KIND, bytes(_ATTRIBUTES_AT))
_COUNT = struct.Struct("!I")
# Attributes (enum ctattr_stats_cpu) by the names of /proc/net/stat/nf_conntrack.
_NAMES = {9: "insert_failed", 10: "drop", 11: "early_drop"}


class Stats:
    """Sums the counts of all processors in `counts`.

    `done` is True at the end of the answer, `error` the kernel's error number, or 0.
    """

    def __init__(self) -> None:
        self.counts: dict[str, int] = {}
        self.done = False
        self.error = 0

    def add(self, chunk: bytes) -> None:
        """Add the messages of a chunk. Raises MalformedInput."""
        for kind, payload in messages(chunk):
            end = end_of(kind, payload)
            if end is not None:
                self.done, self.error = True, end
                return
            if kind == _KIND:
                self._sum(payload)

    def _sum(self, payload: bytes) -> None:
        for kind, value in attributes(payload, _ATTRIBUTES_AT):
            name = _NAMES.get(kind)
            if name and len(value) == _COUNT.size:
                self.counts[name] = self.counts.get(name, 0) + _COUNT.unpack(value)[0]
