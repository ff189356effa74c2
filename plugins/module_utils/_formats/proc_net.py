# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files of /proc/net with counters: snmp, netstat, sockstat, sockstat6 (net/ipv4/proc.c) and stat/nf_conntrack."""

from __future__ import annotations

from .._common.errors import MalformedInput

# The counters that a diagnosis of TCP needs. Documentation/networking/snmp_counter.rst explains them.
_TCP = "ActiveOpens PassiveOpens AttemptFails EstabResets CurrEstab InSegs OutSegs RetransSegs InErrs OutRsts"
_TCP_EXT = """
    ListenOverflows ListenDrops TCPReqQFullDoCookies TCPReqQFullDrop SyncookiesSent SyncookiesRecv SyncookiesFailed
    EmbryonicRsts TW TWRecycled TWKilled TCPTimeWaitOverflow PAWSPassive PAWSActive PAWSEstab TCPTimeouts TCPSynRetrans
    TCPLostRetransmit TCPKeepAlive TCPAbortOnTimeout TCPAbortOnMemory TCPAbortOnData TCPAbortOnClose TCPAbortOnLinger
    TCPAbortFailed TCPMemoryPressures TCPBacklogDrop TCPRcvQDrop TCPChallengeACK
"""
TCP = _TCP.split()
TCP_EXT = _TCP_EXT.split()
# PAWSPassive was removed with tcp_tw_recycle in Linux 4.12, so its absence is normal.
_REMOVED = {"PAWSPassive"}


def parse_section(text: str, section: str) -> dict[str, int]:
    """Parse one section of snmp or netstat, such as 'Tcp' or 'TcpExt'; without that section return {}.

    A section is a line of names and a line of counts, which may be negative: 'Tcp: ActiveOpens CurrEstab' and
    'Tcp: 12 3' are {'ActiveOpens': 12, 'CurrEstab': 3}. Raises MalformedInput with the line numbers.
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
    """Return the counters of `names`: None for those this kernel does not have, nothing for removed ones."""
    return {name: counters.get(name) for name in names if name in counters or name not in _REMOVED}


def parse_sockstat(text: str) -> dict[str, dict[str, int]]:
    """Parse sockstat or sockstat6: 'TCP: inuse 5 orphan 0 tw 2 alloc 9 mem 1' is {'TCP': {'inuse': 5, ...}}.

    inuse and tw count the network namespace; orphan, alloc and mem (in pages) are host-wide. Raises MalformedInput
    with the line number.
    """
    return dict(_sockstat_line(line, number) for number, line in enumerate(text.splitlines(), start=1))


def _sockstat_line(line: str, number: int) -> tuple[str, dict[str, int]]:
    name, _colon, rest = line.partition(":")
    fields = rest.split()
    try:
        if not fields or len(fields) % 2:
            raise ValueError("a name without its count")
        return name, dict(zip(fields[::2], map(int, fields[1::2])))
    except ValueError:
        raise MalformedInput(f"line {number} of a sockstat file is not 'NAME: key count ...': {line!r}") from None


def parse_stat(text: str) -> dict[str, int]:
    """Parse stat/nf_conntrack (nf_conntrack_standalone.c, ct_cpu_seq_show): the counts of all processors, summed.

    The file is a line of names and, for each processor, a line of hexadecimal counts. `entries` is repeated on every
    line, so its sum means nothing. Raises MalformedInput with the line number.

    >>> parse_stat("entries drop\\n0000000a 00000001\\n0000000a 00000002\\n")["drop"]
    3
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
