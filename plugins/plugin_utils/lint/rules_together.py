# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Settings that come to something, or to nothing, by what stands beside them."""

from __future__ import annotations

from typing import Iterator

from ansible_collections.nettune.tcp.plugins.module_utils._common.suggest import closest
from ansible_collections.nettune.tcp.plugins.module_utils._parameters import catalogue
from ansible_collections.nettune.tcp.plugins.module_utils._parameters.value import numbers

from . import names
from .case import Case
from .kernel import CONGESTION_CONTROLS
from .row import GO, HAZARD, INVALID, NO_EFFECT, OK, Finding

_TIME, _INTVL = "net.ipv4.tcp_keepalive_time", "net.ipv4.tcp_keepalive_intvl"
_PROBES = "net.ipv4.tcp_keepalive_probes"
_BACKLOG, _SOMAXCONN, _COOKIES = "net.ipv4.tcp_max_syn_backlog", "net.core.somaxconn", "net.ipv4.tcp_syncookies"
_MAX, _BUCKETS = "net.netfilter.nf_conntrack_max", "net.netfilter.nf_conntrack_buckets"
_ESTABLISHED = "net.netfilter.nf_conntrack_tcp_timeout_established"
_QDISC = "net.core.default_qdisc"
# A shorter silence of a peer is nothing but a short outage.
_OUTAGE = 10
_TIME_DEFAULT, _HOUR = 7200, 3600


def tw_reuse(case: Case) -> Iterator[Finding]:
    """tcp_twsk_unique() wants a timestamp of the old connection."""
    if case.name != "net.ipv4.tcp_tw_reuse":
        return
    if case.text == "0":
        usual = "; the default is 2, loopback alone" if case.scene.kernel.has("4.18") else ""
        yield Finding(OK, f"off{usual}")
        return
    if case.scene.number_beside(case.setting, "net.ipv4.tcp_timestamps") == 0:
        said = "does nothing while tcp_timestamps is 0"
        yield Finding(NO_EFFECT, said, ("net.ipv4.tcp_timestamps", "1"))
    yield Finding(OK, "serves outgoing connections alone: TIME_WAIT of those that others made to a server stays")


def tw_reuse_delay(case: Case) -> Iterator[Finding]:
    """It delays what tcp_tw_reuse does."""
    reuse = "net.ipv4.tcp_tw_reuse"
    if case.name == "net.ipv4.tcp_tw_reuse_delay" and case.scene.number_beside(case.setting, reuse) == 0:
        yield Finding(NO_EFFECT, "does nothing while tcp_tw_reuse is 0", (reuse, "1"))


def syn_backlog(case: Case) -> Iterator[Finding]:
    """Since Linux 4.4 it counts without SYN cookies alone; before, the least of three bounds the SYN queue."""
    if case.name != _BACKLOG:
        return
    cookies = case.scene.number_beside(case.setting, _COOKIES)
    bound = case.scene.line_of(_SOMAXCONN)
    running = case.scene.number_beside(case.setting, _SOMAXCONN)
    only = "counts only while tcp_syncookies is 0; " if case.scene.kernel.has("4.4") else ""
    if cookies == 0 and only:
        return
    if bound is None and running is not None and case.numbers and running >= case.numbers[0]:
        yield Finding(OK, f"{only}the host's somaxconn ({running}) and listen()'s backlog bound the SYN queue")
    elif bound is None:
        said = f"{only}the SYN queue is bound by listen()'s backlog and by somaxconn"
        yield Finding(NO_EFFECT, said, (_SOMAXCONN, case.text))
    else:
        yield Finding(OK, f"{only}somaxconn (line {bound}) and listen()'s backlog bound the SYN queue")


def keepalive(case: Case) -> Iterator[Finding]:
    """What a peer's silence costs it: probes, so many seconds apart."""
    if case.name not in (_TIME, _INTVL, _PROBES):
        return
    probes = case.scene.number_beside(case.setting, _PROBES)
    apart = case.scene.number_beside(case.setting, _INTVL)
    gone = (9 if probes is None else probes) * (75 if apart is None else apart)
    if case.name == _INTVL and 0 < gone < _OUTAGE:
        said = f"a peer that is out of reach for {gone} s is cut off (probes * intvl)"
        yield Finding(HAZARD, said, case.write(15))
    yield Finding(OK, "only sockets that set SO_KEEPALIVE are probed; it closes no descriptor, and cures no CLOSE_WAIT")


def held(case: Case) -> Iterator[Finding]:
    """Parameters that the kernel holds against one another."""
    for lower, upper in catalogue.bounded():
        if case.name not in (lower, upper) or names.find(lower).at_most_varies:
            continue
        low, high = _first(case, lower), _first(case, upper)
        if low is not None and high is not None and low > high:
            yield Finding(INVALID, f"the kernel refuses it: {lower} ({low}) must not stand above {upper} ({high})", GO)


def _first(case: Case, name: str) -> int | None:
    """The first number of the case's own value, or of what stands beside it, or of the kernel's default."""
    known = names.find(name)
    usual = known.default_on(case.scene.kernel.release) if known else None
    text = case.text if name == case.name else case.scene.beside(case.setting, name) or usual or ""
    try:
        return numbers(text)[0]
    except (IndexError, ValueError):
        return None


def conntrack_max(case: Case) -> Iterator[Finding]:
    """The table's buckets do not follow its size."""
    if case.name != _MAX or not case.numbers:
        return
    asked, buckets = case.numbers[0], case.scene.number_beside(case.setting, _BUCKETS)
    wanted = 1 << max(asked // 4 - 1, 1).bit_length()
    if asked > 262144 and buckets is None:
        where = "" if case.scene.kernel.has("4.8") else ", by nf_conntrack's module parameter hashsize here"
        said = f"its buckets do not follow: raise them too{where}"
        yield Finding(OK, said, None if where else (_BUCKETS, str(wanted)))
    elif buckets and asked > 8 * buckets:
        yield Finding(
            HAZARD, f"{asked // buckets} entries a bucket: every packet walks long chains", (_BUCKETS, str(wanted))
        )


def conntrack_timer(case: Case) -> Iterator[Finding]:
    """An entry that goes before the connection does, takes its NAT with it."""
    if case.name != _ESTABLISHED or not case.numbers:
        return
    known = case.scene.number_beside(case.setting, _TIME)
    probed = _TIME_DEFAULT if known is None else known
    if 0 < case.numbers[0] <= probed:
        said = f"idle connections lose their entry, and NAT, before keepalive probes them after {probed} s"
        hazard = known is not None or case.numbers[0] < _HOUR
        yield Finding(HAZARD if hazard else OK, said, case.write(max(2 * probed, _HOUR)) if hazard else None)


def conntrack_timers(case: Case) -> Iterator[Finding]:
    """People set these to be rid of sockets."""
    if case.name.startswith("net.netfilter.nf_conntrack_") and "_timeout" in case.name and case.parameter.note:
        yield Finding(OK, "it ages the firewall's entry and never changes the state of a socket")


def algorithm(case: Case) -> Iterator[Finding]:
    """tcp_congestion_control: ENOENT for what no module brings."""
    if case.name != "net.ipv4.tcp_congestion_control":
        return
    since = CONGESTION_CONTROLS.get(case.text)
    if since is None:
        near = closest(case.text.lower(), CONGESTION_CONTROLS)
        if near:
            yield Finding(INVALID, f"no such algorithm; {near} was meant?", case.write(near))
        else:
            yield Finding(OK, "not an algorithm of the kernel itself; ENOENT where no module brings it")
    elif not case.scene.kernel.has(since):
        yield Finding(INVALID, f"{case.text} comes with Linux {since}", GO)
    elif case.text == "bbr" and not case.scene.kernel.has("4.13") and case.scene.beside(case.setting, _QDISC) != "fq":
        yield Finding(HAZARD, "before Linux 4.13 nothing but the qdisc fq paces it", (_QDISC, "fq"))
    else:
        yield Finding(OK, "the kernel loads its module when it is set")


RULES = (
    held,
    tw_reuse,
    tw_reuse_delay,
    syn_backlog,
    keepalive,
    conntrack_max,
    conntrack_timer,
    conntrack_timers,
    algorithm,
)
