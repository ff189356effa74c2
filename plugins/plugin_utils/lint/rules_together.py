# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules for settings that depend on the settings beside them."""

from __future__ import annotations

from typing import Iterator

from ansible_collections.nettune.tcp.plugins.module_utils._common.suggest import closest
from ansible_collections.nettune.tcp.plugins.module_utils._parameters import catalogue

from .case import Case
from .row import HAZARD, INVALID, NO_EFFECT, OK, REMOVE, Finding

_REUSE, _TIMESTAMPS = "net.ipv4.tcp_tw_reuse", "net.ipv4.tcp_timestamps"
_BACKLOG, _SOMAXCONN, _COOKIES = "net.ipv4.tcp_max_syn_backlog", "net.core.somaxconn", "net.ipv4.tcp_syncookies"
_TIME, _INTVL = "net.ipv4.tcp_keepalive_time", "net.ipv4.tcp_keepalive_intvl"
_PROBES = "net.ipv4.tcp_keepalive_probes"
_MAX, _BUCKETS = "net.netfilter.nf_conntrack_max", "net.netfilter.nf_conntrack_buckets"
_ESTABLISHED = "net.netfilter.nf_conntrack_tcp_timeout_established"
_QDISC = "net.core.default_qdisc"
# A peer that is silent for fewer seconds may just have a short outage.
_OUTAGE = 10
_TIME_DEFAULT, _HOUR = 7200, 3600

# The first kernel with each congestion control algorithm.
_ALGORITHMS = {
    **dict.fromkeys(("bic", "cubic", "highspeed", "htcp", "hybla", "illinois", "lp", "reno"), "2.6"),
    **dict.fromkeys(("scalable", "vegas", "veno", "westwood", "yeah"), "2.6"),
    "bbr": "4.9",
    "cdg": "4.2",
    "dctcp": "3.18",
    "nv": "4.8",
}
# Algorithms that no kernel of kernel.org has, but that modules and kernels from elsewhere provide.
_ELSEWHERE = ("bbr1", "bbr2", "bbr3", "bbrplus", "brutal", "prague")


def bounded(case: Case) -> Iterator[Finding]:
    """Report values that the kernel refuses because of another parameter's value."""
    for lower, upper in catalogue.bounded():
        if case.name not in (lower, upper) or catalogue.find(lower).at_most_varies:
            continue
        if case.scene.is_set_elsewhere(case.setting, upper if case.name == lower else lower):
            continue
        low, high = case.first_number(lower), case.first_number(upper)
        if low is not None and high is not None and low > high:
            message = f"the kernel refuses it: {lower} ({low}) must not be above {upper} ({high})"
            yield Finding(INVALID, message, REMOVE)


def tw_reuse(case: Case) -> Iterator[Finding]:
    """Report tcp_tw_reuse without the timestamps that it needs (tcp_twsk_unique())."""
    if case.name != _REUSE:
        return
    if case.text == "0":
        default = "; the default is 2, loopback only" if case.scene.kernel.has("4.18") else ""
        yield Finding(OK, f"off{default}")
        return
    if case.scene.number_beside(case.setting, _TIMESTAMPS) == 0:
        yield Finding(NO_EFFECT, "has no effect while tcp_timestamps is 0", (_TIMESTAMPS, "1"))
    yield Finding(OK, "only affects outgoing connections; a server's TIME_WAIT sockets of incoming connections remain")


def tw_reuse_delay(case: Case) -> Iterator[Finding]:
    """Report tcp_tw_reuse_delay while tcp_tw_reuse is off."""
    if case.name == "net.ipv4.tcp_tw_reuse_delay" and case.scene.number_beside(case.setting, _REUSE) == 0:
        yield Finding(NO_EFFECT, "has no effect while tcp_tw_reuse is 0", (_REUSE, "1"))


def syn_backlog(case: Case) -> Iterator[Finding]:
    """Report tcp_max_syn_backlog: since Linux 4.4 only used without SYN cookies, before that one of three limits."""
    if case.name != _BACKLOG:
        return
    if not case.scene.kernel.has("4.4"):
        yield Finding(OK, "limits the SYN queue, together with somaxconn and the backlog of listen()")
        return
    cookies = case.scene.number_beside(case.setting, _COOKIES)
    line = case.scene.line_of(_SOMAXCONN)
    running = case.scene.number_beside(case.setting, _SOMAXCONN)
    only = "used only while tcp_syncookies is 0; "
    if cookies == 0:
        return
    if line is None and running is not None and case.numbers and running >= case.numbers[0]:
        yield Finding(OK, f"{only}the host's somaxconn ({running}) and the backlog of listen() limit the SYN queue")
    elif line is None:
        message = f"{only}somaxconn and the backlog of listen() limit the SYN queue"
        default = catalogue.find(_SOMAXCONN).default_on(case.scene.kernel.release) or "0"
        enough = max(*case.numbers[:1], int(default), running or 0)
        yield Finding(NO_EFFECT, message, (_SOMAXCONN, str(enough)))
    else:
        yield Finding(OK, f"{only}somaxconn (line {line}) and the backlog of listen() limit the SYN queue")


def keepalive(case: Case) -> Iterator[Finding]:
    """Report keepalive settings that close connections after a short outage."""
    if case.name not in (_TIME, _INTVL, _PROBES):
        return
    probes = case.scene.number_beside(case.setting, _PROBES)
    interval = case.scene.number_beside(case.setting, _INTVL)
    silence = (9 if probes is None else probes) * (75 if interval is None else interval)
    if case.name == _INTVL and 0 < silence < _OUTAGE:
        message = f"closes connections to peers that are unreachable for {silence} s (probes * intvl)"
        yield Finding(HAZARD, message, case.write(15))
    yield Finding(
        OK, "only sockets that set SO_KEEPALIVE are probed; it closes no descriptors and does not fix CLOSE_WAIT"
    )


def conntrack_max(case: Case) -> Iterator[Finding]:
    """Report a conntrack table with too few buckets: their number does not follow its size."""
    if case.name != _MAX or not case.numbers:
        return
    asked, buckets = case.numbers[0], case.scene.number_beside(case.setting, _BUCKETS)
    enough = str(1 << max(asked // 4 - 1, 1).bit_length())
    if asked > 262144 and buckets is None:
        option = "" if case.scene.kernel.has("4.8") else ", with the module option hashsize of nf_conntrack"
        message = f"raise nf_conntrack_buckets too{option}: it does not follow"
        yield Finding(OK, message, None if option else (_BUCKETS, enough))
    elif buckets and asked > 8 * buckets:
        message = f"{asked // buckets} entries in each bucket: every packet searches long chains"
        yield Finding(HAZARD, message, (_BUCKETS, enough))


def conntrack_timeout(case: Case) -> Iterator[Finding]:
    """Report entries that expire before keepalive probes the connection: its NAT is lost with the entry."""
    if case.name != _ESTABLISHED or not case.numbers:
        return
    known = case.scene.number_beside(case.setting, _TIME)
    probed = _TIME_DEFAULT if known is None else known
    if 0 < case.numbers[0] <= probed:
        message = f"idle connections lose their entry, and their NAT, before keepalive probes them after {probed} s"
        hazard = known is not None or case.numbers[0] < _HOUR
        yield Finding(HAZARD if hazard else OK, message, case.write(max(2 * probed, _HOUR)) if hazard else None)


def conntrack_timeouts(case: Case) -> Iterator[Finding]:
    """Say that conntrack timeouts do not close sockets: people set them to get rid of sockets."""
    if case.name.startswith("net.netfilter.nf_conntrack_") and "_timeout" in case.name and case.parameter.note:
        yield Finding(OK, "it ages a firewall's conntrack entry and never changes the state of a socket")


def algorithm(case: Case) -> Iterator[Finding]:
    """Report congestion control algorithms that the kernel does not have: it returns ENOENT for them."""
    if case.name != "net.ipv4.tcp_congestion_control":
        return
    since = _ALGORITHMS.get(case.text)
    if since is None:
        near = closest(case.text.lower(), _ALGORITHMS) if case.text not in _ELSEWHERE else None
        if near:
            yield Finding(INVALID, f"no such algorithm; did you mean {near}?", case.write(near))
        else:
            yield Finding(OK, "not an algorithm of the kernel; ENOENT unless a module provides it")
    elif not case.scene.kernel.has(since):
        yield Finding(INVALID, f"{case.text} needs Linux {since}", REMOVE)
    elif case.text == "bbr" and not case.scene.kernel.has("4.13") and case.scene.beside(case.setting, _QDISC) != "fq":
        yield Finding(HAZARD, "before Linux 4.13 only the qdisc fq paces it", (_QDISC, "fq"))
    else:
        yield Finding(OK, "the kernel loads its module when it is set")


RULES = (
    bounded,
    tw_reuse,
    tw_reuse_delay,
    syn_backlog,
    keepalive,
    conntrack_max,
    conntrack_timeout,
    conntrack_timeouts,
    algorithm,
)
