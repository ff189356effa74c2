# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""/proc/net/snmp and /proc/net/netstat: a line of names and a line of counts for each section (net/ipv4/proc.c)."""

from __future__ import annotations

from .._common.errors import MalformedInput

# /proc/net/sockstat{,6}: sockets in use by protocol (net/ipv4/proc.c, sockstat_seq_show).


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


# /proc/net/stat/nf_conntrack: what connection tracking did (nf_conntrack_standalone.c, ct_cpu_seq_show).


def parse_stat(text: str) -> dict[str, int]:
    """The counts of all processors together, by name. A line of names, then one of hexadecimal counts for each.

    >>> parse_stat("entries drop\\n0000000a 00000001\\n0000000a 00000002\\n")["drop"]
    3

    `entries` is the same in each line, being that of the namespace; here it is a sum, too. Raises MalformedInput naming
    the line.
    """
    names, *rows = [line.split() for line in text.splitlines()] or [[]]
    counts = dict.fromkeys(names, 0)
    for number, row in enumerate(rows, start=2):
        try:
            if len(row) != len(names):
                raise ValueError("names and counts differ in number")
            for name, count in zip(names, row):
                counts[name] += int(count, 16)
        except ValueError:
            raise MalformedInput(
                f"line {number} of a /proc/net/stat file is not its counts: {' '.join(row)!r}"
            ) from None
    return counts


# What a diagnosis of TCP asks for. The kernel explains them in Documentation/networking/snmp_counter.rst.
_TCP = "ActiveOpens PassiveOpens AttemptFails EstabResets CurrEstab InSegs OutSegs RetransSegs InErrs OutRsts"
_TCP_EXT = """
    ListenOverflows ListenDrops TCPReqQFullDoCookies TCPReqQFullDrop SyncookiesSent SyncookiesRecv SyncookiesFailed
    EmbryonicRsts TW TWRecycled TWKilled TCPTimeWaitOverflow PAWSPassive PAWSActive PAWSEstab TCPTimeouts TCPSynRetrans
    TCPLostRetransmit TCPKeepAlive TCPAbortOnTimeout TCPAbortOnMemory TCPAbortOnData TCPAbortOnClose TCPAbortOnLinger
    TCPAbortFailed TCPMemoryPressures TCPBacklogDrop TCPRcvQDrop TCPChallengeACK
"""
TCP = _TCP.split()
TCP_EXT = _TCP_EXT.split()
# PAWSPassive went with tcp_tw_recycle in Linux 4.12: where it is absent nothing is missing.
_GONE = {"PAWSPassive"}


def parse_section(text: str, section: str) -> dict[str, int]:
    """The counters of one section, such as 'Tcp' of snmp or 'TcpExt' of netstat; {} where there is no such section.

    'Tcp: ActiveOpens CurrEstab' over 'Tcp: 12 3' is {'ActiveOpens': 12, 'CurrEstab': 3}. Counts may be negative.
    Raises MalformedInput naming the line.
    """
    lines = text.splitlines()
    starts = [number for number, line in enumerate(lines) if line.startswith(section + ":")]
    if not starts:
        return {}
    names, counts = (lines[number].split()[1:] for number in (starts[0], starts[-1]))
    try:
        if len(starts) != 2 or len(names) != len(counts):
            raise ValueError("names and counts differ in number")
        return dict(zip(names, map(int, counts)))
    except ValueError:
        where = f"lines {starts[0] + 1} and {starts[-1] + 1}"
        raise MalformedInput(f"{where} are not the names and counts of {section}: {lines[starts[-1]]!r}") from None


def select(counters: dict[str, int], names: list[str]) -> dict[str, int | None]:
    """The counters of `names`; None for those this kernel lacks, unless there is nothing to count any more."""
    return {name: counters.get(name) for name in names if name in counters or name not in _GONE}


def rates(before: dict[str, int | None], after: dict[str, int | None], *, seconds: float) -> dict[str, float | None]:
    """What each counter grew by in a second; None where either reading lacks it."""
    return {name: _rate(before.get(name), after[name], seconds) for name in after}


def _rate(before: int | None, after: int | None, seconds: float) -> float | None:
    return None if before is None or after is None else round((after - before) / seconds, 3)
