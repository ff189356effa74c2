# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""TCP sockets as netlink's sock_diag dumps them (sock_diag(7), include/uapi/linux/inet_diag.h, net/ipv4/inet_diag.c).

A dump is a row of chunks, each of whole messages, in the machine's byte order (ports and addresses in the net's):

    0  length:4 type:2 flags:2 sequence:4 port:4                                        struct nlmsghdr
    16 family:1 state:1 timer:1 retrans:1  20 sport:2 dport:2  24 src:16  40 dst:16     struct inet_diag_msg
    56 interface:4 cookie:8  68 expires:4 rqueue:4 wqueue:4 uid:4 inode:4  88 attributes

How long a message is depends on the kernel, on privilege and on the socket, so lengths are learnt, never known.
"""

from __future__ import annotations

import struct

from .errors import MalformedInput, NettuneError

AF_INET = 2
AF_INET6 = 10
FAMILIES = (AF_INET, AF_INET6)
BASE_LENGTH = 88

_TCPDIAG_GETSOCK = 18
_NLM_F_REQUEST_DUMP = 0x301
_NLMSG_ERROR = 2
_NLMSG_DONE = 3
_SHUTDOWN = 8
_HEADER = struct.Struct("=IHHII")
_ATTRIBUTE = struct.Struct("=HH")
_REQUEST = struct.Struct("=IHHIIBBBB48xII")
# The family and the state of a message, read as one 16-bit number.
_HEADS = 4096


class NetlinkError(NettuneError):
    """The kernel answered a dump request with an error; `errno` is its number."""

    def __init__(self, errno: int) -> None:
        super().__init__(f"the kernel refused the dump with error {errno}")
        self.errno = errno


def dump_request(states: int) -> bytes:
    """Ask for the TCP sockets of both families whose state is in the mask `states`, without optional attributes.

    The older request is used: its family 0 gives both families in one walk, which the newer one (SOCK_DIAG_BY_FAMILY)
    refuses.
    """
    return _REQUEST.pack(_REQUEST.size, _TCPDIAG_GETSOCK, _NLM_F_REQUEST_DUMP, 1, 0, 0, 0, 0, 0, states, 0)


class Tally:
    """Counts the messages of a dump by family and state, and tells full sockets from the small ones.

    Small are request sockets (SYN_RECV) and time-wait sockets, be they reported as TIME_WAIT or as FIN_WAIT2.
    """

    def __init__(self) -> None:
        self._counts: dict[int, list[int]] = {}
        self._full: set[int] = set()
        self.done = False

    def add(self, chunk: memoryview) -> None:
        """Count one chunk; `done` is set at the end of the dump. Raises NetlinkError, MalformedInput."""
        self._walk(chunk, None)

    def locate(self, chunk: memoryview) -> list[int] | range:
        """Count one chunk and return where its messages start."""
        offsets: list[int] = []
        return self._walk(chunk, offsets) or offsets

    def _walk(self, chunk: memoryview, offsets: list[int] | None) -> range | None:
        if len(chunk) % 4:
            raise MalformedInput(f"a netlink answer of {len(chunk)} bytes is no row of messages")
        # An error may be as long as a socket's message, but then it is alone.
        self._meet(chunk, 0)
        if self.done:
            return None
        words = chunk.cast("I")
        uniform = _uniform_length(words)
        if uniform:
            self._count_uniform(chunk, uniform)
            return range(0, len(chunk), uniform)
        self._count_mixed(chunk, words, offsets)
        return None

    def _count_uniform(self, chunk: memoryview, length: int) -> None:
        counts = self._counts[length]
        try:
            for head in chunk.cast("H")[8 :: length // 2].tolist():
                counts[head] += 1
        except IndexError:
            raise _not_a_socket(chunk, 0) from None

    def _count_mixed(self, chunk: memoryview, words: memoryview, offsets: list[int] | None) -> None:
        heads = chunk.cast("H")
        counts, size, offset = self._counts, len(chunk), 0
        while offset < size and not self.done:
            try:
                if offsets is None:
                    while offset < size:
                        length = words[offset >> 2]
                        counts[length][heads[(offset >> 1) + 8]] += 1
                        offset += length
                else:
                    while offset < size:
                        length = words[offset >> 2]
                        counts[length][heads[(offset >> 1) + 8]] += 1
                        offsets.append(offset)
                        offset += length
            except KeyError:
                self._meet(chunk, offset)
            except IndexError:
                raise _not_a_socket(chunk, offset) from None
        if offset != size and not self.done:
            raise MalformedInput(f"the last netlink message of a chunk ends {offset - size} bytes behind it")

    def _meet(self, chunk: memoryview, offset: int) -> None:
        """Look at a message whose length is new, or that may be an error or the end."""
        if offset + _HEADER.size > len(chunk):
            raise _not_a_socket(chunk, offset)
        length, kind = _HEADER.unpack_from(chunk, offset)[:2]
        if kind in (_NLMSG_ERROR, _NLMSG_DONE):
            self._end(chunk[offset : offset + length])
        elif length not in self._counts:
            if kind != _TCPDIAG_GETSOCK or length < BASE_LENGTH or length % 4 or offset + length > len(chunk):
                raise _not_a_socket(chunk, offset)
            self._counts[length] = [0] * _HEADS
            if _is_full(chunk[offset : offset + length]):
                self._full.add(length)

    def _end(self, message: memoryview) -> None:
        self.done = True
        code = struct.unpack_from("=i", message, _HEADER.size)[0] if len(message) >= _HEADER.size + 4 else 0
        if code < 0:
            raise NetlinkError(-code)

    def sockets(self) -> list[list]:
        """Rows of [family, state, whether they are full ones, how many]; there may be several of a kind."""
        return [
            [*struct.pack("=H", head), length in self._full, number]
            for length, table in self._counts.items()
            for head, number in enumerate(table)
            if number
        ]


def _uniform_length(words: memoryview) -> int:
    """The length of each message of a chunk where all have the same, else 0."""
    length = words[0]
    stride = length >> 2
    rows, rest = divmod(len(words), stride)
    if rest or words[(rows - 1) * stride] != length:
        return 0
    # Each length found says where the next one stands, so this is no sampling: it is a walk.
    return length if words[::stride].tolist().count(length) == rows else 0


def _is_full(message: memoryview) -> bool:
    """Whether the socket is a full one: those alone say how far they are shut down (INET_DIAG_SHUTDOWN)."""
    offset = BASE_LENGTH
    while offset + _ATTRIBUTE.size <= len(message):
        size, kind = _ATTRIBUTE.unpack_from(message, offset)
        if size < _ATTRIBUTE.size or offset + size > len(message):
            raise MalformedInput(f"attribute {kind} at byte {offset} of a sock_diag message claims {size} bytes")
        if kind == _SHUTDOWN:
            return True
        offset += size + 3 & ~3
    return False


def _not_a_socket(chunk: memoryview, offset: int) -> MalformedInput:
    start = bytes(chunk[offset : offset + 24]).hex()
    return MalformedInput(f"byte {offset} of a sock_diag chunk of {len(chunk)} begins no socket's message: {start}")
