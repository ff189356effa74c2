# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of /proc/net/tcp{,6}, which /proc/net/udp{,6} share (net/ipv4/tcp_ipv4.c, get_tcp4_sock).

A row, its addresses and ports in hexadecimal, the port in plain byte order:

    sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer ...
     0: 0100007F:0CEA 00000000:0000 0A 00000000:00000000 00:00000000 00000000   113        0 24078 1 00000000 ...

is 127.0.0.1 port 3306 (0x0CEA) in state 10, LISTEN.
"""

from __future__ import annotations

from typing import Collection, List, Set, Tuple

from .errors import MalformedInput

# sl, local, remote, st, tx:rx, tr:when, retrnsmt, uid, timeout, inode, ref, pointer: every kind of row has these.
_FIELDS_OF_EVERY_ROW = 12
_SHOWN_CHARACTERS = 120


def local_ports(text: str, *, states: Collection[int]) -> Set[int]:
    """The local ports of the rows whose state is among `states` (10 is LISTEN; an unconnected UDP socket has 7).

    `text` is the whole of /proc/net/tcp, tcp6, udp or udp6. Port 0 (not bound) is left out.
    Raises MalformedInput where the header is missing or a row is not whole, naming the line.
    """
    lines = text.splitlines()
    if not lines or not lines[0].lstrip().startswith("sl "):
        raise MalformedInput("line 1 of a /proc/net socket table is not its header 'sl local_address ...'")
    rows = (_port_and_state(line, number) for number, line in enumerate(lines[1:], start=2))
    return {port for port, state in rows if state in states} - {0}


def _port_and_state(line: str, number: int) -> Tuple[int, int]:
    fields: List[str] = line.split()
    try:
        if len(fields) < _FIELDS_OF_EVERY_ROW or not fields[0].endswith(":"):
            raise ValueError("half a row")
        return int(fields[1].split(":")[1], 16), int(fields[3], 16)
    except (ValueError, IndexError):
        raise malformed_row(line, number) from None


def malformed_row(line: str, number: int) -> MalformedInput:
    """The error for a row that is not whole, with its line number (1 is the header) and the start of its text."""
    return MalformedInput(f"line {number} of a /proc/net socket table is not a whole row: {line[:_SHOWN_CHARACTERS]!r}")
