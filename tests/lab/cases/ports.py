# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Too many sockets in TIME_WAIT: ports run out, or the kernel's limit for them is reached."""

from __future__ import annotations

from case import Between, Phases, case
from scripted_process import ScriptedProcess
from testbed import APP_PORT, PORT, Testbed

_PORTS = 200
_FEW_PORTS = {"net.ipv4.ip_local_port_range": f"40000 {40000 + _PORTS - 1}"}
_BUCKETS = 150


def _start_proxy(bed: Testbed) -> ScriptedProcess:
    """Make the host a proxy with normal traffic, and return its backend on the peer."""
    backend = bed.process(bed.peer)
    # The backend closes first, so TIME_WAIT is on the backend.
    backend.call("serve", port=PORT, behaviour="answer once")
    _open(bed, "read", per_second=5)
    return backend


def _open(bed: Testbed, behaviour: str, *, per_second: float, port: int = PORT) -> None:
    """Have the proxy connect to its backend again and again."""
    bed.app.call("visit", to=bed.peer.ipv4, port=port, behaviour=behaviour, per_second=per_second)


def _refused(bed: Testbed) -> int:
    """Return how many connections failed because no port was left."""
    return bed.failures("EADDRNOTAVAIL")


@case(
    finding="port_exhaustion",
    fixed_by="a wider ip_local_port_range",
    settings={"net.ipv4.ip_local_port_range": "10000 60999"},
    start_with=_FEW_PORTS,
    traffic=False,
)
def port_exhaustion(bed: Testbed) -> Phases:
    """A proxy opens so many short connections to one backend that no local port is left."""
    backend = _start_proxy(bed)
    yield
    bed.app.call("stop")
    backend.call("stop")
    backend.call("serve", port=PORT, behaviour="answer")
    _open(bed, "ask", per_second=100)
    bed.wait(lambda: _refused(bed) > 0, what="EADDRNOTAVAIL")
    yield lambda: {
        "used": Between(_PORTS - 2, _PORTS),
        "available": _PORTS,
        "source": bed.host.ipv4,
        "destination": bed.peer.ipv4,
        "port": PORT,
        "mostly_time_wait": True,
    }

    def new_ports_are_used() -> bool:
        before = _refused(bed)
        bed.wait_for("time-wait", _PORTS + 51)
        return _refused(bed) == before

    bed.wait(new_ports_are_used, what="connections without EADDRNOTAVAIL")


@case(
    finding="close_wait",
    consequences={"port_exhaustion": "close_wait"},
    fixed_by="the proxy is fixed and restarted",
    start_with=_FEW_PORTS,
    traffic=False,
    quick=False,
)
def port_leak(bed: Testbed) -> Phases:
    """A proxy does not close the connections that its backend has closed, and so keeps their ports."""
    backend = _start_proxy(bed)
    yield
    backend.call("serve", port=APP_PORT, behaviour="close")
    _open(bed, "keep", port=APP_PORT, per_second=50)
    bed.wait(lambda: _refused(bed) > 0, what="EADDRNOTAVAIL")
    yield lambda: {"count": _PORTS, "pid": bed.app.pid}
    bed.restart_app()
    _open(bed, "read", port=APP_PORT, per_second=5)


@case(
    finding="tw_overflow",
    fixed_by="a larger tcp_max_tw_buckets",
    settings={"net.ipv4.tcp_max_tw_buckets": {"at_least": 262144}},
    start_with={"net.ipv4.tcp_max_tw_buckets": str(_BUCKETS)},
)
def tw_overflow(bed: Testbed) -> Phases:
    """A server closes more connections a minute than the kernel keeps in TIME_WAIT; the kernel destroys the rest."""
    bed.serve("answer once")
    yield
    bed.visit("read", per_second=60)
    bed.wait_for("time-wait", _BUCKETS)
    yield lambda: {"count": Between(_BUCKETS - 5, _BUCKETS + 1), "max": _BUCKETS, "side": "server"}
    bed.wait_for("time-wait", _BUCKETS + 31)
