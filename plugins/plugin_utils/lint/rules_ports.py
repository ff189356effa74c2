# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Port ranges: whom they take ports from, and what the kernel says of them (inet_csk_find_open_port())."""

from __future__ import annotations

from typing import Iterator

from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import MalformedInput
from ansible_collections.nettune.tcp.plugins.module_utils._formats import port_set
from ansible_collections.nettune.tcp.plugins.module_utils._parameters.write_order import PORT_RANGE, RESERVED_PORTS
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl import hazards

from .case import Case
from .row import COLLIDES, GO, HAZARD, INVALID, OK, Finding

_DEFAULT = "32768 60999"
# Where servers are known to listen below the kernel's own range: https://www.iana.org/assignments/port-numbers
_WELL_KNOWN = frozenset({3306, 5432, 6379, 8080, 9200, 11211, 27017})
_SHOWN = 7


def port_range(case: Case) -> Iterator[Finding]:
    """net.ipv4.ip_local_port_range: its order, its parity, and the listeners inside."""
    if case.name != PORT_RANGE or len(case.numbers) != 2:
        return
    low, high = case.numbers
    if low > high:
        yield Finding(INVALID, f"the first port, {low}, lies above the last", case.write(f"{high} {low}"))
        return
    if case.scene.kernel.has("4.2") and low % 2 == high % 2:
        said = f"the kernel wants ends of unlike parity and logs a warning ({low} and {high} are both {_parity(low)})"
        yield Finding(HAZARD, said, case.write(f"{low} {_unlike(low, high)}"))
    yield from _listeners(case)
    yield Finding(OK, f"{high - low + 1} ports for outgoing connections to one address and port")


def reserved(case: Case) -> Iterator[Finding]:
    """net.ipv4.ip_local_reserved_ports: what it leaves open, and that it replaces what was reserved."""
    if case.name != RESERVED_PORTS:
        return
    ports = _set(case.text)
    outgoing = case.scene.beside(case.setting, PORT_RANGE) or _DEFAULT
    held = _set(case.scene.host.values.get(RESERVED_PORTS, ""))
    lost = (held - ports) & case.scene.host.listeners
    if lost:
        said = f"replaces the host's set: {_few(lost)} are listened on and would not be reserved any more"
        yield Finding(COLLIDES, said, case.write(port_set.render(ports | held)))
    inside = [port for port in ports if _within(outgoing, port)]
    if inside and len(inside) == _width(outgoing):
        yield Finding(HAZARD, f"reserves all of {PORT_RANGE}: no connection can go out", GO)
    yield Finding(OK, f"{len(ports)} ports that no outgoing connection takes by chance")


def _listeners(case: Case) -> Iterator[Finding]:
    """On a known host its listeners count; elsewhere the ports where servers usually listen."""
    host = case.scene.host
    running = host.values.get(PORT_RANGE, _DEFAULT)
    kept = _set(case.scene.beside(case.setting, RESERVED_PORTS) or "")
    if host.listeners:
        swallowed = hazards.swallowed(host.listeners, old=running, new=case.text) - kept
        if swallowed:
            said = f"takes in {_few(swallowed)}, where the host listens: a restarting service could find its port taken"
            yield Finding(COLLIDES, said, (RESERVED_PORTS, port_set.render(swallowed | kept)))
        return
    swallowed = hazards.swallowed(_WELL_KNOWN, old=running, new=case.text)
    if swallowed and not kept and not case.scene.line_of(RESERVED_PORTS):
        said = f"takes in ports where servers listen, such as {_few(swallowed)}: reserve those of yours"
        yield Finding(HAZARD, said, (RESERVED_PORTS, port_set.render(swallowed)))


def _parity(port: int) -> str:
    return "odd" if port % 2 else "even"


def _unlike(low: int, high: int) -> int:
    """A last port near `high` that is even where `low` is odd."""
    return 65535 - low % 2 if high >= 64000 else high - 1


def _few(ports: frozenset[int]) -> str:
    some = port_set.render(ports).split(",")
    more = "…" if len(some) > _SHOWN else ""
    return ", ".join(some[:_SHOWN]) + more


def _set(text: str) -> frozenset[int]:
    try:
        return port_set.parse(text)
    except MalformedInput:
        return frozenset()


def _within(outgoing: str, port: int) -> bool:
    first, last = (int(number) for number in outgoing.split()[:2])
    return first <= port <= last


def _width(outgoing: str) -> int:
    first, last = (int(number) for number in outgoing.split()[:2])
    return last - first + 1


RULES = (port_range, reserved)
