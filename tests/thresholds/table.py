# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of findings in guide_diagnosing.rst. `python -m tests.thresholds` writes it, with the rules' thresholds.

In the texts, {name} is a threshold of the rule and becomes its name and value.
"""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

from ansible_collections.nettune.tcp.plugins.module_utils._diagnosis.rules import DEFAULTS

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "docsite" / "rst" / "guide_diagnosing.rst"
# Between these lines the guide is generated.
BEGIN = ".. Findings and notes: written by `python -m tests.thresholds`\n"
END = ".. The end of what `python -m tests.thresholds` writes\n"
_HEAD = """\
.. list-table::
   :header-rows: 1

   * - ``id``
     - Reported if
     - Thresholds
"""
_WIDTH = 140
# Stands for a space at which no line is broken.
_NO_BREAK = "\0"

# The ids of rules with the same thresholds, when they are reported, and the thresholds with their units.
FINDINGS = (
    (
        ("close_wait",),
        "a service holds connections that its peers have closed: they take a large share of its open-file limit, they"
        " grow and none of them goes away, or they outnumber the connections in use; or connections that clients have"
        " closed were never accepted",
        "{warning}, {critical} (percent of the open-file limit); {growing}, {steady} (connections); {lingering}"
        " (percent present in both samples); with a single sample {count}, and {outnumbered} times ESTABLISHED for"
        " critical; from {many} on, {many_share} percent of ESTABLISHED are enough, if they linger or are as many as"
        " are opened in {seconds} seconds",
    ),
    (
        ("ghost_descriptors",),
        "a process holds descriptors of connections that no longer exist",
        "{warning}, {critical} (percent of the open-file limit); {growing}, {steady} (descriptors)",
    ),
    (
        ("syn_sent",),
        "outgoing connections get no answer, most of them from a few destinations, or many compared with those in use",
        "{warning}, {critical} (requests that had to be sent again; ``warning`` also for each of a few destinations);"
        " {lost} (percent of the requests per second, to a"
        " few destinations); {share} (percent of ESTABLISHED, without such destinations; from {many} on, of the"
        " outgoing ones); {unproved} requests if it is not known which were sent again",
    ),
    (
        ("port_exhaustion",),
        "the local ports for one destination run out",
        "{warning}, {critical} (percent of the port range without reserved ports)",
    ),
    (
        ("bound_ports",),
        "the local ports of one source address run out for all destinations together, because the application calls"
        " ``bind()`` before ``connect()``",
        "{warning} (percent of the port range without reserved ports); {shared} (percent by which connections may"
        " outnumber ports); {unproved} percent if the number of ports is not known",
    ),
    (
        ("tw_overflow",),
        "the table of TIME_WAIT sockets is full",
        "{warning} (percent of ``tcp_max_tw_buckets``), {rate} (overflows per second)",
    ),
    (
        ("last_ack", "closing"),
        "peers do not acknowledge that a connection was closed, so the kernel keeps retransmitting",
        "{count} connections with retransmissions, and {share} percent of ESTABLISHED; {unproved} if retransmissions"
        " are not known; from {many} on, {many_share} percent are enough if they do not shrink; fewer than are opened"
        " in {seconds} seconds are usual, unless one peer has most of them",
    ),
    (
        ("fin_wait1",),
        "the same, of connections that this host closed first",
        "{count}, {share}, {unproved}, {many}, {many_share}, {seconds}, as for ``last_ack``",
    ),
    (
        ("orphans",),
        "orphans approach ``tcp_max_orphans``, those of this host or of other network namespaces, such as containers",
        "{warning}, {critical} (percent of ``tcp_max_orphans``); critical from ``warning`` on if the kernel resets"
        " connections for it; {growing} if the limit is reached within {seconds} seconds",
    ),
    (
        ("fin_wait2_orphaned",),
        "peers do not close connections that this host has closed, and few of these reach TIME_WAIT",
        "{growing} if the number grows, otherwise {count}; and more than {share} percent of TIME_WAIT",
    ),
    (
        ("fin_wait2_owned",),
        "an application has shut down connections and does not close them: more than are in use, or they stay and are"
        " more than recent connections explain, or they stay and take a large share of its open-file limit",
        "{count}, or {unproved} if growth is not known, or {many} if they do not grow; as many as are opened in"
        " {seconds} seconds; {lingering} (percent present in both samples); {warning}, {critical} (percent of the"
        " open-file limit)",
    ),
    (
        ("accept_queue",),
        "the accept queue of a listener is full, or accept queues overflow",
        "{warning}, {critical} (overflows per second); {backlog}: a shorter queue may be full for a moment",
    ),
    (
        ("syn_queue",),
        "the SYN queue is full: the kernel sends SYN cookies or drops requests; or few handshakes complete",
        "{warning}, {critical} (per second); {backlog}; {incomplete} answered again, as many as complete in {seconds}"
        " seconds",
    ),
    (
        ("emfile",),
        "a process approaches its open-file limit",
        "{warning}, {critical} (percent); {growing} if the limit will be reached within {seconds}; {limit}: sandboxed"
        " processes have lower limits on purpose",
    ),
    (("enfile",), "the system approaches ``fs.file-max``", "{warning}, {critical} (percent)"),
    (
        ("conntrack",),
        "the conntrack table fills up, or packets are dropped because it is full; the card says how few of the entries"
        " can be the host's own connections",
        "{warning}, {critical} (percent)",
    ),
    (
        ("tcp_memory",),
        "TCP uses more memory than the pressure value of ``tcp_mem``, or connections are reset for lack of memory",
        "{critical} (percent of the high value); {orphans}: above this percentage, resets are attributed to orphans",
    ),
    (("paws",), "``tcp_tw_recycle`` drops connections of clients behind NAT (before Linux 4.12)", ""),
    (
        ("idle_established",),
        "most connections are idle and no keepalive would detect dead peers, or received data is not read: that of many"
        " connections, or of a few if TCP is short of memory",
        "{count}, {kept_share} (percent with keepalive), {segments} (received per second and connection); {unread} and"
        " {unread_share} (percent), {unread_segments} (received per second and connection: above this, data is read,"
        " only slowly)",
    ),
    (
        ("retransmits",),
        "many segments have to be sent again, more than is usual for the host",
        "{warning}, {critical} (percent of all segments); {usual} times the share since boot, unless it is more than"
        " {always} percent; {segments} (sent per second)",
    ),
    (
        ("resets",),
        "many connections are reset: by their peers, by closing them with unread data, by SO_LINGER, or because the"
        " peer does not answer; the card tells them apart",
        "{peers} (per second) and {peers_share} percent of the connections opened meanwhile; {unread} and"
        " {unread_share} if they are closed here; {timeouts} and {timeouts_share} if they are given up; {listen}"
        " (requests dropped per second at listeners, while fewer than {waiting} wait in SYN_RECV)",
    ),
)
# Notes: their id, and what they say.
NOTES = (
    ("time_wait", "TIME_WAIT is normal while ports and table have room; on which side connections were closed first"),
    ("nofile", "a process has many open files whose number is stable (percent of its limit)"),
    (
        "slow_leak",
        "sockets that should not stay are in both samples, though not more of them: they may leak too slowly for the"
        " interval",
    ),
    (
        "unmetered_memory",
        "``net.core.bypass_prot_mem`` (Linux 6.19) keeps new sockets out of the accounting that ``tcp_mem`` limits",
    ),
    (
        "late_keepalive",
        "``net.ipv4.tcp_keepalive_time`` is not below the time after which the path forgets idle connections, as far as"
        " ``nettune_idle_timeout`` or the host's connection tracking tells",
    ),
    (
        "conntrack_clashes",
        "connection tracking drops a packet each second or more because two of them began the same connection at once",
    ),
)


def updated(guide: str) -> str:
    """Return the text of the guide with the current thresholds."""
    head, begin, rest = guide.partition(BEGIN)
    _old, end, tail = rest.partition(END)
    return f"{head}{begin}\n{text()}\n{end}{tail}"


def text() -> str:
    """Return the table of findings and the paragraph on notes."""
    rows = "".join(_row(*finding) for finding in FINDINGS)
    notes = "; ".join(f"``{name}``{_bounds(name)}: {says}" for name, says in NOTES)
    return f"{_HEAD}{rows}\n{_wrapped(f'Notes need no action. {notes}.', '')}"


def _row(ids: tuple[str, ...], when: str, bounds: str) -> str:
    values = DEFAULTS.get(ids[0], {})
    filled = re.sub(r"\{(\w+)\}", lambda match: f"``{match[1]}``{_NO_BREAK}{values[match[1]]:g}", bounds)
    first = ", ".join(f"``{name}``" for name in ids)
    return f"   * - {first}\n{_wrapped(f'- {when}', '     ')}{_wrapped(f'- {filled}'.rstrip(), '     ')}"


def _bounds(note: str) -> str:
    values = DEFAULTS.get(note, {})
    return " (" + ", ".join(f"``{name}``{_NO_BREAK}{value:g}" for name, value in values.items()) + ")" if values else ""


def _wrapped(paragraph: str, indent: str) -> str:
    hanging = indent + ("  " if paragraph.startswith("-") else "")
    lines = textwrap.wrap(
        paragraph,
        _WIDTH,
        initial_indent=indent,
        subsequent_indent=hanging,
        break_on_hyphens=False,
        break_long_words=False,
    )
    return "\n".join(lines).replace(_NO_BREAK, " ") + "\n"
