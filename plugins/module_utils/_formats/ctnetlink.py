# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Statistics of connection tracking by ctnetlink (include/uapi/linux/netfilter/nfnetlink_conntrack.h).

The answer is a message for each processor, in the machine's byte order except for the counts, which are big-endian:

    0  length:4 type:2 flags:2 sequence:4 port:4    struct nlmsghdr
    16 family:1 version:1 processor:2               struct nfgenmsg
    20 attributes: length:2 kind:2 count:4
"""

from __future__ import annotations

import struct

from .._common.errors import MalformedInput

_HEADER, _ATTRIBUTE, _COUNT = struct.Struct("=IHHII"), struct.Struct("=HH"), struct.Struct("!I")
_SUBSYSTEM, _GET_STATS_CPU, _REQUEST_DUMP = 1, 4, 0x301
_KIND = _SUBSYSTEM << 8 | _GET_STATS_CPU
_ERROR, _DONE = 2, 3
_ATTRIBUTES_AT = 20
STATS_REQUEST = _HEADER.pack(_ATTRIBUTES_AT, _KIND, _REQUEST_DUMP, 1, 0) + bytes(4)
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
        offset = 0
        while offset < len(chunk) and not self.done:
            if offset + _HEADER.size > len(chunk):
                raise MalformedInput(f"a ctnetlink message of {len(chunk) - offset} bytes is too short")
            length, kind = _HEADER.unpack_from(chunk, offset)[:2]
            end = offset + length
            if length < _HEADER.size or end > len(chunk):
                raise MalformedInput(f"a ctnetlink message claims {length} of {len(chunk) - offset} bytes")
            if kind in (_ERROR, _DONE):
                start = offset + _HEADER.size
                self._end(chunk[start:end])
            elif kind == _KIND:
                start = offset + _ATTRIBUTES_AT
                self._sum(chunk[start:end])
            offset += length + 3 & ~3

    def _sum(self, attributes: bytes) -> None:
        offset = 0
        while offset + _ATTRIBUTE.size <= len(attributes):
            size, kind = _ATTRIBUTE.unpack_from(attributes, offset)
            if size < _ATTRIBUTE.size or offset + size > len(attributes):
                raise MalformedInput(f"attribute {kind} of a ctnetlink message claims {size} bytes")
            name = _NAMES.get(kind & 0x3FFF)
            if name and size == _ATTRIBUTE.size + _COUNT.size:
                count = _COUNT.unpack_from(attributes, offset + _ATTRIBUTE.size)[0]
                self.counts[name] = self.counts.get(name, 0) + count
            offset += size + 3 & ~3

    def _end(self, payload: bytes) -> None:
        self.done = True
        self.error = -struct.unpack_from("=i", payload)[0] if len(payload) >= 4 else 0
