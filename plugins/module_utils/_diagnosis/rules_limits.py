# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules about limits. Thresholds warning and critical are percent of the limit."""

from __future__ import annotations

from . import judge_descriptors, judge_idle, judge_limits
from .rule import Note, Remedy, Rule

EMFILE = Rule(
    id="emfile",
    title="{who} has {descriptors} of {nofile} files open: {percent} %",
    judge=judge_descriptors.emfile,
    # growing: percent from which on it is a warning if the limit is reached within so many seconds. limit: lower ones
    # are those of sandboxes, which want nothing opened.
    thresholds={"warning": 90, "critical": 95, "growing": 70, "seconds": 900, "limit": 32},
    cause=(
        "At its soft limit a process gets EMFILE, `too many open files`: it can neither accept, connect nor open a log."
    ),
    remedies=(
        Remedy(
            "nofile",
            "Raise the limit of {owner}, running and at its next start (tuning_nofile, tuning_services; "
            "fs.nr_open goes first).",
        ),
        Remedy(
            "application",
            "If the number only ever grows descriptors leak: look at what they are before the limit is raised.",
        ),
    ),
    avoid=("fs.file-max", "nofile_infinity"),
    sources=("002", "getrlimit(2)"),
)

ENFILE = Rule(
    id="enfile",
    title="{allocated} of the system's {file_max} files are open: {percent} %",
    judge=judge_descriptors.enfile,
    thresholds={"warning": 70, "critical": 90},
    cause="At fs.file-max nobody but root can open anything more: every process gets ENFILE.",
    remedies=(
        Remedy("application", "Look at who holds most of them: {who}."),
        Remedy(
            "sysctl",
            "Raise fs.file-max ({file_max} now), as a floor: never to less than it has.",
            profile="million_connections",
            keys=("fs.file-max",),
        ),
    ),
    avoid=("nofile_infinity",),
    sources=("000", "002", "proc_sys_fs(5)"),
)

CONNTRACK = Rule(
    id="conntrack",
    title="{count} of {max} connections are tracked: {percent} %",
    judge=judge_limits.conntrack,
    thresholds={"warning": 75, "critical": 90},
    cause=(
        "A packet that needs a new entry in a full table is dropped (`table full, dropping packet`), of "
        "whatever service."
    ),
    remedies=(
        Remedy(
            "sysctl",
            "Raise net.netfilter.nf_conntrack_max, and nf_conntrack_buckets with it ({buckets} now): "
            "else chains grow long.",
            profile="million_connections",
            keys=("net.netfilter.nf_conntrack_max", "net.netfilter.nf_conntrack_buckets"),
        ),
        Remedy("network", "Do not track what needs none: a notrack rule for the service's port."),
        Remedy(
            "sysctl",
            "Shorter nf_conntrack timeouts of closing connections: entries go sooner, sockets are not affected.",
            profile="conntrack_timeouts",
            keys=(
                "net.netfilter.nf_conntrack_tcp_timeout_time_wait",
                "net.netfilter.nf_conntrack_tcp_timeout_close_wait",
                "net.netfilter.nf_conntrack_tcp_timeout_fin_wait",
            ),
        ),
    ),
    avoid=("tcp_fin_timeout", "tcp_max_tw_buckets_lowered", "tcp_tw_recycle"),
    sources=("000", "nf_conntrack-sysctl.rst"),
)

TCP_MEMORY = Rule(
    id="tcp_memory",
    title="TCP runs short of memory: it holds {pages} of {high} pages",
    judge=judge_limits.tcp_memory,
    # orphans: percent of tcp_max_orphans from which on resets are theirs.
    thresholds={"critical": 90, "orphans": 50},
    cause=("Above tcp_mem's pressure buffers shrink, at its high mark sockets are reset. Most stands in {fullest}."),
    remedies=(
        Remedy("application", "Let the data be read, or their senders be slowed down: most stands in {fullest}."),
        Remedy(
            "sysctl",
            "Raise net.ipv4.tcp_mem, in pages and not bytes, if the machine has memory to spare.",
            profile="million_connections",
            keys=("net.ipv4.tcp_mem",),
        ),
        Remedy(
            "sysctl",
            "Smaller net.ipv4.tcp_rmem and tcp_wmem, if single connections hold too much.",
            profile="million_connections",
            keys=("net.ipv4.tcp_rmem", "net.ipv4.tcp_wmem"),
        ),
    ),
    avoid=("tcp_mem_in_bytes", "keepalive"),
    sources=("tcp(7)", "ip-sysctl.rst"),
)

IDLE_ESTABLISHED = Rule(
    id="idle_established",
    title="{count} connections are established, and {how}",
    judge=judge_idle.idle_established,
    # unread: how many have data that nobody reads, and unread_share percent; unless unread_segments come for each of
    # them in a second. count: how many are idle, with keepalive on less than kept_share percent, and less than
    # `segments` received for each in a second.
    thresholds={
        "unread": 100,
        "unread_share": 50,
        "unread_segments": 1,
        "count": 1000,
        "kept_share": 10,
        "segments": 0.01,
    },
    cause=(
        "Nothing tells a live idle peer from one that has vanished, unless somebody sends: the application, "
        "or keepalive. Data that stay unread are those of an application that hangs."
    ),
    remedies=(
        Remedy(
            "application", "Find out why data are not read: {unread_sockets} sockets have some waiting.", given="unread"
        ),
        Remedy("application", "Let it set SO_KEEPALIVE, or end connections that were idle for long.", given="unkept"),
        Remedy(
            "sysctl",
            "Then net.ipv4.tcp_keepalive_time, _probes and _intvl of 1800, 3 and 15: they act on no other sockets.",
            profile="keepalive",
            keys=("net.ipv4.tcp_keepalive_time", "net.ipv4.tcp_keepalive_probes", "net.ipv4.tcp_keepalive_intvl"),
            given="unkept",
        ),
    ),
    avoid=("keepalive_aggressive", "tcp_fin_timeout", "conntrack_timeouts"),
    sources=("000", "tcp(7)"),
)

NOFILE_HIGH = Note(
    id="nofile",
    text=(
        "{who} has {descriptors} of {nofile} files open, {percent} %: no alarm while it does not grow. Watch "
        "it at the busy hour."
    ),
    judge=judge_descriptors.nofile_high,
    thresholds={"count": 70, "limit": 32},
    unless=("emfile", "close_wait", "ghost_descriptors"),
)

RULES = (EMFILE, ENFILE, CONNTRACK, TCP_MEMORY, IDLE_ESTABLISHED)
NOTES = (NOFILE_HIGH,)
