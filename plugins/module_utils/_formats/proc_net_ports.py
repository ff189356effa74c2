# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Local ports in the socket tables of /proc/net; proc_net_tcp.py describes their rows."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from .._common.errors import MalformedInput

# sl, local, remote, st, tx:rx, tr:when, retrnsmt, uid, timeout, inode, ref, pointer: every kind of row has these.
_LEAST_FIELDS = 12
_SHOWN_CHARACTERS = 120


def local_ports(text: str, *, states: Collection[int]) -> set[int]:
    """Return the local ports of the rows whose state is one of `states` (10 is LISTEN, 7 an unconnected UDP socket).

    `text` is the whole of /proc/net/tcp, tcp6, udp or udp6. Port 0 (not bound) is left out. Raises MalformedInput with
    the line number if the header is missing or a row is incomplete.
    """
    rows = (_port_and_state(line, number) for number, line in _rows(text.splitlines()))
    return {port for port, state in rows if state in states} - {0}


def _rows(lines: list[str]) -> Iterator[tuple[int, str]]:
    if not lines or not lines[0].lstrip().startswith("sl "):
        raise no_header()
    return enumerate(lines[1:], start=2)


def _port_and_state(line: str, number: int) -> tuple[int, int]:
    fields = line.split()
    try:
        if len(fields) < _LEAST_FIELDS or not fields[0].endswith(":"):
            raise ValueError("too few fields")
        return int(fields[1].split(":")[1], 16), int(fields[3], 16)
    except (ValueError, IndexError):
        raise incomplete_row(line, number) from None


def no_header() -> MalformedInput:
    return MalformedInput("line 1 of a /proc/net socket table is not its header 'sl local_address ...'")


def incomplete_row(line: str, number: int) -> MalformedInput:
    shown = line[:_SHOWN_CHARACTERS]
    return MalformedInput(f"line {number} of a /proc/net socket table is not a complete row: {shown!r}")
