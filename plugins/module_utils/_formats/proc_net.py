# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""/proc/net/snmp and /proc/net/netstat: a line of names and a line of counts for each section (net/ipv4/proc.c)."""

from __future__ import annotations

from .._common.errors import MalformedInput

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
