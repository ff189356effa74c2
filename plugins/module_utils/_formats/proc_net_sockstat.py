# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""/proc/net/sockstat{,6}: sockets in use by protocol (net/ipv4/proc.c, sockstat_seq_show)."""

from __future__ import annotations

from .._common.errors import MalformedInput


def parse_sockstat(text: str) -> dict[str, dict[str, int]]:
    """Sections of counts: 'TCP: inuse 5 orphan 0 tw 2 alloc 9 mem 1' is {'TCP': {'inuse': 5, 'orphan': 0, ...}}.

    inuse and tw are those of the network namespace, orphan, alloc and mem (in pages) those of the whole machine.
    Raises MalformedInput naming the line.
    """
    return dict(_section(line, number) for number, line in enumerate(text.splitlines(), start=1))


def _section(line: str, number: int) -> tuple[str, dict[str, int]]:
    name, _colon, rest = line.partition(":")
    fields = rest.split()
    try:
        if not fields or len(fields) % 2:
            raise ValueError("a name without its count")
        return name, dict(zip(fields[::2], map(int, fields[1::2])))
    except ValueError:
        raise MalformedInput(f"line {number} of a sockstat file is not 'NAME: key count ...': {line!r}") from None
