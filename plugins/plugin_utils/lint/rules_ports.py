# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules for port ranges: listeners inside them, and the parity that the kernel expects (inet_csk_find_open_port())."""

from __future__ import annotations

from typing import Iterator

from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import MalformedInput
from ansible_collections.nettune.tcp.plugins.module_utils._formats import port_set
from ansible_collections.nettune.tcp.plugins.module_utils._parameters.write_order import PORT_RANGE, RESERVED_PORTS
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl import hazards

from .case import Case
from .row import COLLIDES, HAZARD, INVALID, OK, REMOVE, Finding

_DEFAULT = "32768 60999"
# Ports below the default range where servers usually listen: https://www.iana.org/assignments/port-numbers
_WELL_KNOWN = frozenset({3306, 5432, 6379, 8080, 9200, 11211, 27017})
# The default of kube-apiserver's --service-node-port-range.
_SERVICE_PORTS = range(30000, 32768)
_SHOWN = 7


def port_range(case: Case) -> Iterator[Finding]:
    """Report the order and parity of net.ipv4.ip_local_port_range, and the listeners inside it."""
    if case.name != PORT_RANGE or len(case.numbers) != 2:
        return
    low, high = case.numbers
    if low > high:
        yield Finding(INVALID, f"the first port, {low}, is above the last", case.write(f"{high} {low}"))
        return
    if case.scene.kernel.has("4.2") and low % 2 == high % 2:
        parity = "odd" if low % 2 else "even"
        message = f"the kernel warns unless one end is odd and the other even; {low} and {high} are both {parity}"
        yield Finding(HAZARD, message, case.write(f"{low} {_other_parity(low, high)}"))
    yield from _listeners(case)
    yield from _service_ports(case)
    yield Finding(OK, f"{high - low + 1} ports for outgoing connections to one address and port")


def reserved_ports(case: Case) -> Iterator[Finding]:
    """Report listeners that net.ipv4.ip_local_reserved_ports no longer reserves, and a range without a free port."""
    if case.name != RESERVED_PORTS:
        return
    ports = _ports(case.text)
    outgoing = _range(case.scene.beside(case.setting, PORT_RANGE) or _DEFAULT)
    reserved = _ports(case.scene.host.values.get(RESERVED_PORTS, ""))
    lost = (reserved - ports) & case.scene.host.listeners
    if lost:
        message = f"replaces the host's set: {_some(lost)} have listeners and would no longer be reserved"
        yield Finding(COLLIDES, message, case.write(port_set.render(ports | reserved)))
    if outgoing and ports.issuperset(outgoing):
        yield Finding(HAZARD, f"reserves all of {PORT_RANGE}: no outgoing connection is possible", REMOVE)
    yield Finding(
        OK, f"{len(ports)} port{'s' if len(ports) != 1 else ''} that outgoing connections do not use by chance"
    )


def _listeners(case: Case) -> Iterator[Finding]:
    """Report the host's listeners inside the range; if the host is unknown, ports where servers usually listen."""
    host = case.scene.host
    running = host.values.get(PORT_RANGE, _DEFAULT)
    reserved = _ports(case.scene.beside(case.setting, RESERVED_PORTS) or "")
    if host.listeners:
        exposed = hazards.newly_ephemeral(host.listeners, old=running, new=case.text) - reserved
        if exposed:
            message = f"includes {_some(exposed)}, where the host listens: a restarting service may find its port taken"
            yield Finding(COLLIDES, message, (RESERVED_PORTS, port_set.render(exposed | reserved)))
        return
    exposed = hazards.newly_ephemeral(_WELL_KNOWN, old=running, new=case.text)
    if exposed and not reserved and not case.scene.line_of(RESERVED_PORTS):
        message = f"includes ports where servers listen, such as {_some(exposed)}: reserve the ones you use"
        # One such port alone says little about an unknown host.
        several = len(exposed) > 1
        yield Finding(
            HAZARD if several else OK, message, (RESERVED_PORTS, port_set.render(exposed)) if several else None
        )


def _service_ports(case: Case) -> Iterator[Finding]:
    """Say that the range includes the ports of Kubernetes services: no listener shows them."""
    reserved = _ports(case.scene.beside(case.setting, RESERVED_PORTS) or "")
    exposed = frozenset(_SERVICE_PORTS).intersection(_range(case.text)) - reserved
    if exposed:
        message = (
            "on a Kubernetes node, reserve the ports of services"
            f" ({_SERVICE_PORTS[0]}-{_SERVICE_PORTS[-1]}): no listener shows them"
        )
        yield Finding(OK, message)


def _other_parity(low: int, high: int) -> int:
    """Return a last port near `high` that is even if `low` is odd, and odd if it is even."""
    return 65535 - low % 2 if high >= 64000 else high - 1


def _some(ports: frozenset[int]) -> str:
    items = port_set.render(ports).split(",")
    return ", ".join(items[:_SHOWN]) + ("…" if len(items) > _SHOWN else "")


def _ports(text: str) -> frozenset[int]:
    try:
        return port_set.parse(text)
    except MalformedInput:
        return frozenset()


def _range(text: str) -> range:
    first, last = (int(number) for number in text.split()[:2])
    return range(first, last + 1)


RULES = (port_range, reserved_ports)
