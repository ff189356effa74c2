# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""All metrics, one row each. The text, the reference in the guide and the tests are made from these rows.

The names follow Prometheus: a unit where there is one, _total for counters only, and for a limit the name of what it
limits with _limit at its end, so that a rule divides one by the other. TCP memory is in pages as tcp_mem is, since the
size of a page is not among the facts.
"""

from __future__ import annotations

from . import readers, sockets
from .metric import COUNTER, GAUGE, Metric
from .readers import fact

PREFIX = "nettune_tcp_"
UP = f"{PREFIX}up"
PEERS = "nettune_metrics_peers"

_LISTENER = ("address", "port")
_DESTINATION = ("source", "destination", "port")
_PROCESS = ("process", "unit")


def _metric(name: str, text: str, read, labels=(), kind=GAUGE, when="") -> Metric:
    return Metric(f"{PREFIX}{name}", kind, text, tuple(labels), read, when)


METRICS = (
    _metric("up", "Whether the facts of the host could be gathered", readers.up),
    _metric("gathered_timestamp_seconds", "When the facts were gathered, in seconds since 1970", readers.gathered),
    # Sockets
    _metric("sockets", "Sockets by state", sockets.states, ["state"]),
    _metric(
        "port_sockets",
        "Sockets by listening port and state, of the ports with most sockets, without states that have none",
        sockets.ports,
        ["port", "state"],
    ),
    _metric(
        "peer_sockets",
        "Sockets by state and remote address, of the peers with most sockets in that state",
        sockets.peers,
        ["state", "peer"],
        when=PEERS,
    ),
    _metric(
        "accept_queue_connections",
        "Connections that the process has not accepted yet; of listeners with the same address and port, the fullest",
        sockets.listeners("queued"),
        _LISTENER,
    ),
    _metric(
        "accept_queue_limit",
        "Connections that fit the accept queue",
        sockets.listeners("backlog"),
        _LISTENER,
    ),
    _metric(
        "ephemeral_ports_used",
        "Ephemeral ports in use from a source address to a destination, of the destinations that use most of them",
        sockets.destinations("used"),
        _DESTINATION,
    ),
    _metric(
        "ephemeral_ports_time_wait",
        "Ephemeral ports in use that are in TIME_WAIT, for the same destinations",
        sockets.destinations("time_wait"),
        _DESTINATION,
    ),
    _metric(
        "ephemeral_ports_limit",
        "Ephemeral ports available for each destination: the range without reserved ports",
        fact("ephemeral", "available"),
    ),
    # Limits
    _metric("descriptors", "Open file descriptors of the system", fact("nofile", "system", "allocated")),
    _metric(
        "descriptors_limit",
        "Most open file descriptors of the system, fs.file-max",
        fact("nofile", "system", "file_max"),
    ),
    _metric(
        "process_descriptors",
        "Open file descriptors of the processes nearest to their limit; of processes with the same name and service,"
        " the nearest",
        readers.processes("descriptors"),
        _PROCESS,
    ),
    _metric("process_descriptors_limit", "Soft open-file limit of that process", readers.processes("soft"), _PROCESS),
    _metric("orphans", "Sockets that no process holds any more", fact("orphans", "count")),
    _metric("orphans_limit", "Most orphaned sockets, net.ipv4.tcp_max_orphans", fact("orphans", "max")),
    _metric("time_wait", "Time-wait sockets, which are in TIME_WAIT or FIN_WAIT2", fact("time_wait", "count")),
    _metric("time_wait_limit", "Most time-wait sockets, net.ipv4.tcp_max_tw_buckets", fact("time_wait", "max")),
    _metric("conntrack_entries", "Tracked connections", fact("conntrack", "count")),
    _metric("conntrack_entries_limit", "Most tracked connections, nf_conntrack_max", fact("conntrack", "max")),
    _metric("memory_pages", "Memory pages used by TCP", fact("memory", "pages")),
    _metric(
        "memory_pages_pressure",
        "Memory pages from which TCP saves memory, the second number of net.ipv4.tcp_mem",
        fact("memory", "pressure"),
    ),
    _metric(
        "memory_pages_limit", "Most memory pages of TCP, the third number of net.ipv4.tcp_mem", fact("memory", "high")
    ),
    # Counters
    _metric(
        "listen_overflows_total",
        "Connections dropped because an accept queue was full, TcpExt ListenOverflows",
        fact("counters", "TcpExt", "ListenOverflows"),
        kind=COUNTER,
    ),
    _metric(
        "retransmitted_segments_total",
        "Segments sent again, Tcp RetransSegs",
        fact("counters", "Tcp", "RetransSegs"),
        kind=COUNTER,
    ),
    _metric("sent_segments_total", "Segments sent, Tcp OutSegs", fact("counters", "Tcp", "OutSegs"), kind=COUNTER),
    # Diagnosis and drift
    _metric(
        "finding",
        "Whether the diagnosis found this, by rule and severity; no series for a rule without the facts to judge by",
        readers.findings,
        ["rule", "severity"],
    ),
    _metric(
        "drifted_settings",
        "Settings that differ from a profile, now or (when=boot) only from the next boot on",
        readers.drift,
        ["profile", "when"],
    ),
)
