# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Facts about the parameters that the roles set, beyond those in the roles and in the catalogue.

Sources: Documentation/networking/ip-sysctl.rst, tcp(7), listen(2), net/ipv4/tcp_timer.c, net/ipv4/tcp_input.c,
net/ipv4/tcp.c (tcp_init()), net/core/sock.c (sk_clone_lock()), net/netfilter/nf_conntrack_core.c, fs/file_table.c.
"""

from __future__ import annotations

from typing import NamedTuple


class About(NamedTuple):
    """Facts about a parameter.

    does: what it does, besides what the catalogue's note says. effect: what a new value applies to. cost: what is paid
    for the value of the roles. differs: why the roles do not use the sound values of some sources. default: if the
    catalogue has none.
    """

    does: str
    effect: str
    cost: str
    differs: str = ""
    default: str = ""


_TIMEOUT = About(
    "Seconds without a packet after which conntrack forgets a connection in this state.",
    "An entry's next packet.",
    "Late segments of a connection that was forgotten are new or invalid to the firewall. The value is the kernel's"
    " default: it undoes an earlier increase.",
)

ABOUT = {
    "fs.file-max": About(
        "Upper bound of the open files of all processes together.",
        "The next file that is opened.",
        "None until the files are open; then 256 bytes of kernel memory for each.",
    ),
    "fs.nr_open": About(
        "Open files of one process.",
        "The next change of a limit, so raise it before the limits.",
        "Programs that close or count all descriptors up to their limit become slower with a higher limit.",
    ),
    "kernel.shmmax": About(
        "Upper bound of a System V shared memory segment.",
        "The next segment that is made.",
        "None: on kernels since 3.16 the floor changes nothing.",
    ),
    "net.core.somaxconn": About(
        "The longest queue of connections that a listener has not accepted yet.",
        "The next listen(), so restart the service.",
        "Clients at the end of a long queue wait longer, and may have given up when they are accepted.",
    ),
    "net.ipv4.ip_local_port_range": About(
        "The ports that the kernel takes for outgoing connections.",
        "The next outgoing connection.",
        "A wider range includes the ports of services. Therefore the roles reserve the ports of listeners, too.",
    ),
    "net.ipv4.ip_local_reserved_ports": About(
        "Ports in that range that the kernel does not take unless a program asks for them.",
        "The next outgoing connection.",
        "One outgoing port less for each. Services that are stopped during the run are not found: name their ports.",
        differs="The source lists the ports of its own services. The roles find those of each host, and"
        " ``tuning_reserved_ports`` takes such a list.",
    ),
    "net.ipv4.tcp_fin_timeout": About(
        "Seconds that a closed socket stays in FIN_WAIT2 and waits for the peer to close.",
        "Sockets that enter FIN_WAIT2 afterwards.",
        "A peer that still sends data after 30 seconds gets a reset.",
        differs="5 resets slow peers that still send their last data. 60 is the default; the roles ``squid``"
        " and ``mail`` follow source 001.",
    ),
    "net.ipv4.tcp_keepalive_intvl": About(
        "Seconds between two probes that are not answered.",
        "The next probe, also of existing connections.",
        "With 3 probes, a peer that cannot be reached for 45 seconds loses its idle connections.",
        differs="With 10 seconds, an outage of 30 seconds ends idle connections. The source itself went back to 15.",
    ),
    "net.ipv4.tcp_keepalive_probes": About(
        "Unanswered probes after which a connection is ended.",
        "The next probe, also of existing connections.",
        "See ``net.ipv4.tcp_keepalive_intvl``.",
        differs="5 probes are sound as well. The source itself kept 3.",
    ),
    "net.ipv4.tcp_keepalive_time": About(
        "Seconds of silence after which a connection is probed.",
        "New connections. Existing ones when their timer ends the next time, after up to the old value.",
        "One small packet for each idle connection in that time; it also wakes mobile devices.",
        differs="The right value depends on the service. 30 seconds is for an incident, as the remedy"
        " ``keepalive_aggressive``. 200 and 600 are right if something on the way forgets idle connections:"
        " ``tuning_path_idle_timeout`` derives the value from that timeout.",
    ),
    "net.ipv4.tcp_max_syn_backlog": About(
        "Half-open connections of a listener.",
        "The next connection request.",
        "304 bytes for each half-open connection, while it lasts.",
        default="128 to 4096, by the memory of the host",
    ),
    "net.ipv4.tcp_max_tw_buckets": About(
        "Upper bound of the sockets in TIME_WAIT.",
        "The next socket that enters TIME_WAIT. Existing ones stay.",
        "A full table of 262144 takes 64 MiB.",
    ),
    "net.ipv4.tcp_mem": About(
        "Pages of memory for the buffers of all TCP sockets: below the first number there is no pressure, above the"
        " second buffers shrink, above the third no more is given.",
        "The next buffer that is allocated.",
        "Buffers can take up to half of the memory from programs and the page cache. Only hosts whose purpose is to"
        " hold connections should allow that.",
        default="4.7, 6.3 and 9.4 percent of the memory",
    ),
    "net.ipv4.tcp_orphan_retries": About(
        "Retransmissions after which a connection without a program is dropped.",
        "The next retransmission, also of existing connections.",
        "A client that is unreachable for 3 seconds does not get the end of its answer.",
        differs="3 is sound, and ends orphans after 6.6 seconds; with 7 it takes 54. The source tried both and ended"
        " with 2.",
    ),
    "net.ipv4.tcp_rmem": About(
        "Receive buffer of a socket: smallest, initial and largest size in bytes.",
        "The largest size: at once. The initial size: sockets made afterwards; accepted connections have that of their"
        " listener, so restart the service.",
        "A client that sends much needs a few more round trips until the window has grown.",
    ),
    "net.ipv4.tcp_synack_retries": About(
        "Retransmissions of the answer to a connection request.",
        "The next retransmission.",
        "A client that cannot be reached for 7 seconds has to try again.",
        differs="With 1, half-open connections last 3 seconds, and two lost packets can turn a client away. The source"
        " tried 2 first.",
    ),
    "net.ipv4.tcp_syncookies": About(
        "Whether a listener with a full SYN queue answers with a cookie instead of dropping the request.",
        "The next connection request.",
        "None while the queue has room. Connections that begin with a cookie keep TCP options only with"
        " ``net.ipv4.tcp_timestamps``.",
    ),
    "net.ipv4.tcp_timestamps": About(
        "Whether segments have timestamps, which tell late segments from new ones.",
        "New connections, if the peer uses timestamps too.",
        "12 bytes in each segment.",
    ),
    "net.ipv4.tcp_tw_reuse": About(
        "Whether an outgoing connection can take a port that is in TIME_WAIT. 2, the default, is for loopback only.",
        "The next outgoing connection.",
        "None if both ends use timestamps, which reject late segments of the earlier connection. Without them the"
        " value has no effect.",
        differs="The source lists 0 as the default of its kernel, and recommends 1 for clients.",
    ),
    "net.ipv4.tcp_wmem": About(
        "Send buffer of a socket: smallest, initial and largest size in bytes.",
        "The largest size: at once. The initial size: sockets made afterwards; it grows when they are connected.",
        "None: it guards the kernel's defaults against other tuning.",
        default="4096 16384 4194304; the last is lower on hosts with less than 512 MiB",
    ),
    "net.netfilter.nf_conntrack_buckets": About(
        "Size of the hash table in which conntrack finds its entries.",
        "At once: the table is built anew.",
        "8 bytes for each bucket, 16 MB here, whether used or not.",
        default="grows with memory, at most 262144 (65536 before Linux 5.15)",
    ),
    "net.netfilter.nf_conntrack_max": About(
        "Upper bound of the connections that a firewall tracks.",
        "The next connection.",
        "384 bytes for each connection that is tracked.",
        default="the number of buckets; four times as many before Linux 5.15",
    ),
    "net.netfilter.nf_conntrack_tcp_timeout_close_wait": _TIMEOUT,
    "net.netfilter.nf_conntrack_tcp_timeout_fin_wait": _TIMEOUT,
    "net.netfilter.nf_conntrack_tcp_timeout_time_wait": _TIMEOUT,
}

_NEW, _AT_ONCE = "New connections.", "At once."
_RETRANSMISSION = "The next retransmission, also of existing connections."
# What a new value of other parameters applies to, where it is known.
EFFECTS = {
    "fs.aio-max-nr": "The next context for asynchronous input and output.",
    "fs.inotify.max_user_instances": "The next instance.",
    "fs.inotify.max_user_watches": "The next watch.",
    "kernel.pid_max": "The next process.",
    "kernel.threads-max": "The next process or thread.",
    "net.core.default_qdisc": "Interfaces that are set up afterwards; others keep their queueing discipline.",
    "net.core.netdev_max_backlog": _AT_ONCE,
    "net.core.rmem_default": "Sockets made afterwards, except those of TCP, which use ``net.ipv4.tcp_rmem``.",
    "net.core.rmem_max": "The next time that a program sets SO_RCVBUF.",
    "net.core.wmem_default": "Sockets made afterwards, except those of TCP, which use ``net.ipv4.tcp_wmem``.",
    "net.core.wmem_max": "The next time that a program sets SO_SNDBUF.",
    "net.ipv4.neigh.default.gc_thresh3": "The next entry.",
    "net.ipv4.tcp_abort_on_overflow": "The next connection that finds its queue full.",
    "net.ipv4.tcp_congestion_control": "New connections, except of programs that choose an algorithm themselves.",
    "net.ipv4.tcp_ecn": _NEW,
    "net.ipv4.tcp_max_orphans": "The next connection that its program closes.",
    "net.ipv4.tcp_moderate_rcvbuf": "At once, also for existing connections.",
    "net.ipv4.tcp_notsent_lowat": "At once, except for sockets with TCP_NOTSENT_LOWAT.",
    "net.ipv4.tcp_no_metrics_save": "Connections that end afterwards.",
    "net.ipv4.tcp_retries1": _RETRANSMISSION,
    "net.ipv4.tcp_retries2": _RETRANSMISSION,
    "net.ipv4.tcp_sack": _NEW,
    "net.ipv4.tcp_slow_start_after_idle": "The next data after a pause, also of existing connections.",
    "net.ipv4.tcp_syn_retries": "The next retransmission of a connection request.",
    "net.ipv4.tcp_tw_reuse_delay": "The next outgoing connection.",
    "net.ipv4.tcp_window_scaling": _NEW,
    "net.unix.max_dgram_qlen": "Sockets made afterwards.",
    "vm.max_map_count": "The next mapping.",
}


def effect(name: str) -> str:
    """Return what a new value of a parameter applies to; "" if it is not known."""
    if name.startswith("net.netfilter.nf_conntrack_") and "_timeout" in name and "frag6" not in name:
        return _TIMEOUT.effect
    return ABOUT[name].effect if name in ABOUT else EFFECTS.get(name, "")


# The other numbers of the roles: {variable: why}. The limits are floors: what is higher stays.
NUMBERS = {
    "client_nofile": "each connection is a descriptor, and one address has about 64,500 ports towards one server",
    "mail_nofile": "each connection is a descriptor; mail servers spread their connections over many processes",
    "million_connections_count": "set it to what the host is to hold: it decides how much memory is required",
    "million_connections_nofile": "one process can hold them all, and a proxy has two descriptors for each",
    "squid_nofile": "a connection through the proxy is two descriptors: room for 32,000",
    "web_nofile": "each connection is a descriptor, and a proxied one is two: room for 32,000",
}
