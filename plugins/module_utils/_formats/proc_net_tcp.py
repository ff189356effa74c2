# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tables /proc/net/tcp and tcp6 (net/ipv4/tcp_ipv4.c, get_tcp4_sock).

Addresses and ports of a row are in hexadecimal:

    sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer ...
     0: 0100007F:0CEA 00000000:0000 0A 00000000:00000000 00:00000000 00000000   113        0 24078 1 00000000 ...

This row is 127.0.0.1 port 3306 (0x0CEA) in state 10, LISTEN. An address is one 32-bit number, or four in IPv6, whose
bytes in memory are the address in network byte order. Rows of tcp are padded to 150 bytes, those of tcp6 are not.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator

from .inet_diag import AF_INET6, INODE_BITS
from .proc_net_ports import incomplete_row, no_header
from .tcp_state import NUMBERS

# Distance from the colon of 'sl:' to the state, which two addresses with ports come between, by bytes of an address.
_STATE_AFTER_SL = {4: 30, 16: 78}
# Length from the state to the end of the shortest row: queues, timer, retransmits, uid, timeout, inode, ref, pointer.
_STATE_TO_END = 62
# The layout is in inet_diag.py.
_MESSAGE = struct.Struct("=IHHIIBBBB2s2s16s16s12xIIIII")
_TCPDIAG_GETSOCK = 18


def blocks(pieces: Iterable[bytes]) -> Iterator[tuple[int, bytes]]:
    """Yield blocks of complete rows, each with the line number of its first row, from pieces of a table cut anywhere.

    The header is left out. At most one piece and one row are kept in memory. Raises MalformedInput if the header is
    missing or the last row is incomplete.
    """
    rest, number = b"", 1
    for piece in pieces:
        block, newline, rest = (rest + piece).rpartition(b"\n")
        block += newline
        lines = block.count(b"\n")
        if number == 1 and lines:
            header, _newline, block = block.partition(b"\n")
            if not header.lstrip().startswith(b"sl "):
                raise no_header()
        if block:
            yield max(number, 2), block
        number += lines
    if number == 1:
        raise no_header()
    if rest:
        raise incomplete_row(rest.decode("ascii", "replace"), number)


def count_states(block: bytes, *, first_line: int, counts: list[int]) -> None:
    """Count the rows of a block in `counts`, which is indexed by state. Raises MalformedInput with the line number."""
    if not _count_uniform(block, counts):
        for number, row in enumerate(block.splitlines(), start=first_line):
            counts[_state_of(row, number)] += 1


def _state_position(row: bytes) -> int:
    """Return the offset of the state, which depends on the colon of 'sl:' and the width of an address."""
    colon = row.find(b":")
    width = row.find(b":", colon + 1) - colon - 2
    return colon + _STATE_AFTER_SL.get(width // 2, len(row))


def _count_uniform(block: bytes, counts: list[int]) -> bool:
    """Count the rows of a block column by column; return False, without counting, if they are not aligned."""
    width = block.find(b"\n") + 1
    rows, rest = divmod(len(block), width)
    at = _state_position(block[:width])
    if rest or at + 2 >= width or at < 2:
        return False
    columns = {width - 1: b"\n", at - 1: b" ", at + 2: b" ", at: b"0", block.find(b":"): b":"}
    if any(block[column::width] != expected * rows for column, expected in columns.items()):
        return False
    second = at + 1
    digits = block[second::width]
    found = [digits.count(b"%X" % state) for state in NUMBERS]
    if sum(found) != rows:
        return False
    for state, number in zip(NUMBERS, found):
        counts[state] += number
    return True


def _state_of(row: bytes, number: int) -> int:
    at = _state_position(row)
    try:
        end = at + 2
        state = int(row[at:end], 16)
        if state in NUMBERS and row[at - 1] == row[at + 2] == 0x20 and len(row) >= at + _STATE_TO_END:
            return state
    except (ValueError, IndexError):
        pass
    raise incomplete_row(row.decode("ascii", "replace"), number)


def as_messages(block: bytes, *, first_line: int, family: int) -> bytes:
    """Return the rows of a block as sock_diag messages without attributes, so that collectors can read them."""
    rows = enumerate(block.splitlines(), start=first_line)
    return b"".join(_message(row, number, family) for number, row in rows)


def _message(row: bytes, number: int, family: int) -> bytes:
    try:
        _sl, local, remote, state, queues, timer, retransmits, uid, _timeout, inode = row.split()[:10]
        source, sport = _address(local, family)
        destination, dport = _address(remote, family)
        sent, received = (int(field, 16) for field in queues.split(b":"))
        kind, expires = (int(field, 16) for field in timer.split(b":"))
        numbers = (
            family,
            _known(int(state, 16)),
            kind,
            min(int(retransmits, 16), 255),
            sport,
            dport,
            source,
            destination,
        )
        tail = (expires & 0xFFFFFFFF, received, sent, int(uid), _inode(inode))
        return _MESSAGE.pack(_MESSAGE.size, _TCPDIAG_GETSOCK, 0, 0, 0, *numbers, *tail)
    except (ValueError, struct.error):
        raise incomplete_row(row.decode("ascii", "replace"), number) from None


def _inode(text: bytes) -> int:
    """Return the part of an inode number that sock_diag(7) reports."""
    number = int(text)
    if number < 0:
        raise ValueError("a negative inode")
    return number & INODE_BITS


def _known(state: int) -> int:
    if state not in NUMBERS:
        raise ValueError(f"no state {state}")
    return state


def _address(text: bytes, family: int) -> tuple[bytes, bytes]:
    """Return the bytes of an address and of its port: 127, 0, 0, 1 and 12, 234 for '0100007F:0CEA'."""
    address, port = text.split(b":")
    words = [int(address[start:][:8], 16) for start in range(0, len(address), 8)]
    if len(words) != (4 if family == AF_INET6 else 1):
        raise ValueError("address of the other family")
    return struct.pack(f"={len(words)}I", *words), struct.pack("!H", int(port, 16))
