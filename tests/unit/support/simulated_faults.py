# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults that a web server and a proxy see from both ends."""

from __future__ import annotations

from typing import Any, Tuple

from ansible_collections.nettune.tcp.tests.unit.support.simulated_fleet import Host, Process

Pair = Tuple[Host, Host]
APP, OTHER, NGINX = Process(711), Process(9, "other.service", "other"), Process(4, "nginx.service", "nginx")
WEB, PROXY = "10.0.0.3", "10.0.0.9"


def pair(web: tuple[str, ...] = (WEB,), proxy: tuple[str, ...] = (PROXY,)) -> Pair:
    """Return web3 with a listener, and proxy1."""
    hosts = Host("web3", *web), Host("proxy1", *proxy)
    hosts[0].listen(8080, APP)
    return hosts


def leak(number: int = 640, waiting: int | None = None, process: Process | None = APP, **options: Any) -> Pair:
    """Return web3, which does not close what proxy1 has closed."""
    web, proxy = pair(**options)
    web.add("CLOSE_WAIT", number, proxy.addresses[0], port=8080, process=process)
    proxy.add("FIN_WAIT2", number if waiting is None else waiting, web.addresses[0], remote_port=8080)
    return web, proxy


def full(port: int = 8080, queued: int = 129, requests: int = 200) -> Pair:
    """Return web3 with a full accept queue, and proxy1, whose requests get no answer."""
    web, proxy = Host("web3", WEB), Host("proxy1", PROXY)
    web.listen(8080, APP, queued=queued)
    proxy.add("SYN_SENT", requests, WEB, remote_port=port, process=NGINX, repeated=requests)
    return web, proxy


def unread(number: int = 300, state: str = "ESTABLISHED") -> Pair:
    """Return web3, which does not read what proxy1 sends."""
    web, proxy = pair()
    web.add("ESTABLISHED", number, PROXY, port=8080, process=APP, unread=number)
    proxy.add(state, number, WEB, remote_port=8080, closed=number)
    return web, proxy


def unacknowledged(state: str = "LAST_ACK", there: str | None = "FIN_WAIT2", number: int = 200) -> Pair:
    """Return web3, whose FINs do not arrive on proxy1."""
    web, proxy = pair()
    web.add(state, number, PROXY, port=8080, repeated=number)
    if there:
        proxy.add(there, number, WEB, remote_port=8080, process=NGINX)
    return web, proxy


def exhausted() -> Pair:
    """Return web3, and proxy1, whose ports towards it are in TIME_WAIT."""
    web, proxy = pair()
    proxy.add("TIME_WAIT", 27000, WEB, remote_port=8080)
    return web, proxy


FAULTS = (leak, full, unread, unacknowledged, exhausted)
