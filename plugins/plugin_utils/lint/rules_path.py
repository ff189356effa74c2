# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rule about keepalive that comes too late for the path to the peers.

NAT gateways, load balancers and firewalls forget a connection that is idle for some time, and drop what it sends later.

Sources: the AWS, Azure and Google Cloud documentation of NAT gateways and load balancers; nf_conntrack-sysctl.rst.
"""

from __future__ import annotations

from typing import Iterator

from .case import Case
from .row import NO_EFFECT, OK, Finding

_TIME = "net.ipv4.tcp_keepalive_time"
_CONNTRACK = "net.netfilter.nf_conntrack_tcp_timeout_established"
# The shortest of the timeouts that the note names.
_SHORTEST = 240
_NOTE = (
    "keep it below the time after which a NAT gateway or load balancer on the way forgets idle connections (AWS 350 s,"
    " Azure 240 s, GCP 600 s)"
)


def keepalive_time(case: Case) -> Iterator[Finding]:
    """Report a keepalive time that the path is known not to wait for; else name the usual times."""
    if case.name != _TIME or not case.numbers or case.numbers[0] <= 0:
        return
    asked, known = case.numbers[0], list(_known(case))
    for timeout, device in known:
        if asked >= timeout:
            message = (
                f"too late for {device}, which forgets idle connections after {timeout} s: probes begin after {asked} s"
            )
            yield Finding(NO_EFFECT, message, case.write(in_time(timeout)))
            return
    if not case.scene.idle_timeout and asked >= _SHORTEST:
        yield Finding(OK, _NOTE)


def in_time(timeout: int) -> int:
    """Return a keepalive time that keeps a connection known, with a margin for delayed probes.

    >>> in_time(350)
    300
    """
    return max(timeout * 6 // 7, 1)


def _known(case: Case) -> Iterator[tuple[int, str]]:
    """Yield the idle timeouts that are known, each with what has it."""
    if case.scene.idle_timeout:
        yield case.scene.idle_timeout, "the path"
    # A line of the text about conntrack is judged itself.
    running = case.scene.host.values.get(_CONNTRACK, "")
    if running.isdigit() and int(running) > 0 and case.scene.line_of(_CONNTRACK) is None:
        yield int(running), "the host's own connection tracking"


RULES = (keepalive_time,)
