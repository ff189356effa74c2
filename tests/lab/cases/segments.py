# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Segments that are lost, and connections that are reset."""

from __future__ import annotations

import shutil
import time

from case import Between, Phases, case
from testbed import PORT, Testbed

_LOSE = ("INPUT", "-p", "tcp", "-m", "statistic", "--mode", "random", "--probability", "0.15", "-j", "DROP")


def _no_iptables() -> str:
    return "" if shutil.which("iptables") else "a rule of iptables drops the segments: apt-get install iptables"


@case(finding="retransmits", fixed_by="the link is repaired", why_not=_no_iptables)
def retransmits(bed: Testbed) -> Phases:
    """An application sends data to another host, and the link between them loses every seventh segment."""
    bed.clients.call("serve", port=PORT, behaviour="read slowly", backlog=512)
    bed.app.call("connect", to=bed.peer.ipv4, port=PORT, sources={"": 40})
    bed.app.call("push", group="connected")
    yield
    bed.peer.run("iptables", "-A", *_LOSE)
    time.sleep(2)
    yield lambda: {"share": Between(8, 40), "sent_per_second": Between(200, 1_000_000)}
    bed.peer.run("iptables", "-D", *_LOSE)
    bed.restart_app()


@case(finding="resets", fixed_by="the application reads each request to its end")
def resets(bed: Testbed) -> Phases:
    """A server closes connections before it has read the requests, so the kernel resets them."""
    bed.app.call("listen", port=8080, backlog=512)
    yield
    bed.serve("close unread", backlog=512)
    bed.visit("ask", per_second=40)
    time.sleep(1)
    yield lambda: {"kind": "unread", "rate": Between(20, 60)}
    bed.restart_app()
    time.sleep(1)
