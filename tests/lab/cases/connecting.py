# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Outgoing connections that get no answer, or no local port."""

from __future__ import annotations

from case import Between, Phases, case
from namespaces import LabError
from scripted_process import ScriptedProcess
from testbed import NO_HOSTS, PORT, Testbed

_DATABASE = 5432
_PORTS = 200


@case(
    finding="syn_sent",
    consequences={"emfile": "syn_sent"},
    fixed_by="the application gives up on the backend that does not answer",
)
def syn_sent(bed: Testbed) -> Phases:
    """An application opens connections to a database that does not answer, until it has no descriptor left."""
    bed.app.call("limit", soft=1024)
    bed.lose_segments(NO_HOSTS)
    backend = f"{NO_HOSTS}.9"
    yield
    bed.app.call("begin", to=backend, port=_DATABASE, number=980)
    bed.wait_for("syn-sent", 980)
    yield lambda: {"count": 980, "pid": bed.app.pid, "destination": backend, "port": _DATABASE, "unanswered": 980}
    bed.restart_app()
    bed.wait_for_few("syn-sent")


@case(
    finding="bound_ports",
    fixed_by="the application sets IP_BIND_ADDRESS_NO_PORT",
    start_with={"net.ipv4.ip_local_port_range": f"40000 {40000 + _PORTS - 1}"},
    traffic=False,
)
def bound_ports(bed: Testbed) -> Phases:
    """A proxy binds its address before it connects to its backends, so that no two connections share a port."""
    backends = bed.add_users(4)

    def serve() -> ScriptedProcess:
        process = bed.process(bed.peer)
        process.call("serve", port=PORT, behaviour="answer", backlog=1024)
        return process

    def connect(number: int, *, bind_port: bool) -> int:
        """Connect to each backend, and return the number of connections that failed."""
        sources = {bed.host.ipv4: number}
        options = {"port": PORT, "sources": sources, "bind_port": bind_port}
        return sum(sum(bed.app.call("connect", to=backend, **options).values()) for backend in backends)

    server = serve()
    connect(5, bind_port=False)
    yield
    connect(_PORTS // 4 + 5, bind_port=True)
    yield lambda: {"source": bed.host.ipv4, "ports": Between(_PORTS - 10, _PORTS), "available": _PORTS}
    # The backends close first, so that no port of the host stays in TIME_WAIT.
    bed.stop(server)
    bed.wait_for("close-wait", _PORTS)
    bed.restart_app()
    bed.wait_for_few("connected")
    serve()
    if connect(_PORTS // 4 + 5, bind_port=False):
        raise LabError(f"{bed.host.name}: connections failed although they share ports")
