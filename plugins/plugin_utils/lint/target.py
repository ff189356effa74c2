# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The kernel and the host that settings are judged for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Iterator, NamedTuple

from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import InvalidOption, MalformedInput
from ansible_collections.nettune.tcp.plugins.module_utils._formats import port_set
from ansible_collections.nettune.tcp.plugins.module_utils._parameters import catalogue, value
from ansible_collections.nettune.tcp.plugins.module_utils._parameters.row import Parameter, has

_RELEASE = re.compile(r"(\d{1,3})\.(\d{1,3})(?:\.(\d{1,3}))?(?:[-+.~_][\w.+~-]*)?", re.ASCII)
_OLDEST = (2, 6)

_OSRELEASE = "kernel.osrelease"
_SECTIONS = ("nettune_sysctl", "nettune_tcp")
_TCP_KEYS = {"states", "listeners", "time_wait", "orphans", "conntrack", "memory", "ephemeral"}
# Limits in the TCP facts: section and field.
_LIMITS = {
    "net.ipv4.tcp_max_tw_buckets": ("time_wait", "max"),
    "net.ipv4.tcp_max_orphans": ("orphans", "max"),
    "net.netfilter.nf_conntrack_max": ("conntrack", "max"),
    "net.netfilter.nf_conntrack_buckets": ("conntrack", "buckets"),
}
# Parameters below `ephemeral` in the TCP facts: field and separator.
_PORTS = {
    "net.ipv4.ip_local_port_range": ("range", " "),
    "net.ipv4.ip_local_reserved_ports": ("reserved", ","),
}


class Kernel(NamedTuple):
    """release: as `uname -r` prints it."""

    release: str

    def has(self, since: str) -> bool:
        """Return whether this kernel includes what came (or went) with Linux `since`, such as `4.12`."""
        return has(self.release, since)

    def __str__(self) -> str:
        return f"Linux {self.release}"


# The kernel that settings are judged for if none is given.
NEWEST = Kernel(catalogue.NEWEST)


class Host(NamedTuple):
    """What the facts say about one host.

    values: running values in normal form, by canonical name. absent: the reason why a parameter has no value, by name.
    listeners: the ports of listening sockets. release: of the kernel; empty if the facts do not contain it.
    set_later: by name, the value that a program sets at boot after the files, and that program.
    """

    values: Mapping[str, str]
    absent: Mapping[str, str]
    listeners: frozenset[int]
    release: str = ""
    set_later: Mapping[str, tuple[str, str]] = {}


NO_HOST = Host({}, {}, frozenset())


def parse_kernel(release: Any) -> Kernel:
    """Parse a release such as `3.10` or `6.8.0-31-generic`. Raises InvalidOption for anything else."""
    if isinstance(release, float):
        raise InvalidOption(f"kernel is the number {release!r}; quote it, because the number 3.10 is 3.1")
    found = _RELEASE.fullmatch(release.strip()) if isinstance(release, str) else None
    if found is None or (int(found.group(1)), int(found.group(2))) < _OLDEST:
        raise InvalidOption(
            f"kernel is {release!r}; expected a release of Linux 2.6 or later, such as 3.10, 5.15 or 6.8.0-31-generic"
        )
    return Kernel(found.group())


def parse_idle_timeout(seconds: Any) -> int:
    """Return after how many seconds the path forgets idle connections, 0 if unknown. Raises InvalidOption."""
    if seconds is None or seconds == "":
        return 0
    if isinstance(seconds, bool) or not str(seconds).isdigit():
        raise InvalidOption(f"idle_timeout is {seconds!r}; it must be a number of seconds, 0 if it is not known")
    return int(seconds)


def parse_facts(facts: Any) -> Host:
    """Parse the facts of sysctl_facts, of tcp_facts or of both: a host's variables, a result, or a fleet's record.

    Raises InvalidOption if there are no such facts.
    """
    if not facts and (facts is None or isinstance(facts, Mapping)):
        return NO_HOST
    if not isinstance(facts, Mapping):
        raise InvalidOption(f"facts is a {type(facts).__name__}; expected a dictionary such as ansible_facts")
    sysctl, tcp, release = _sections(facts)
    if not (sysctl or tcp or release):
        raise InvalidOption("facts contains neither nettune_sysctl nor nettune_tcp, nor a kernel release")
    values = {**dict(_limits(tcp)), **dict(_running(sysctl))}
    listed = tcp.get("listeners") if isinstance(tcp.get("listeners"), list) else []
    ports = (one.get("port") for one in listed if isinstance(one, Mapping))
    listeners = frozenset(port for port in ports if isinstance(port, int))
    return Host(
        values, dict(_absent(sysctl)), listeners, release or values.get(_OSRELEASE, ""), dict(_set_later(sysctl))
    )


def _sections(facts: Mapping[str, Any]) -> tuple[Mapping[str, Any], Mapping[str, Any], str]:
    """Return the kernel parameters, the TCP facts and the kernel release, wherever the facts contain them."""
    inner = facts.get("ansible_facts")
    places = [facts, inner] if isinstance(inner, Mapping) else [facts]
    sysctl, tcp = (_dictionary(places, name) for name in _SECTIONS)
    sysctl = sysctl or _dictionary([facts], "sysctl")
    if not sysctl and isinstance(facts.get("keys"), Mapping):
        sysctl = facts
    if not tcp and _TCP_KEYS & set(facts):
        tcp = facts
    releases = (place.get(name) for place in places for name in ("ansible_kernel", "kernel"))
    release = next((text for text in releases if isinstance(text, str)), "")
    keys = sysctl.get("keys")
    return (keys if isinstance(keys, Mapping) else {}), tcp, release


def _dictionary(places: list[Any], name: str) -> Mapping[str, Any]:
    found = (place.get(name) for place in places)
    return next((one for one in found if isinstance(one, Mapping)), {})


def _running(keys: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for key, fact in keys.items():
        name = str(key)
        given = fact.get("value") if isinstance(fact, Mapping) else fact
        if isinstance(given, (str, int)) and not isinstance(given, bool):
            known = catalogue.find(name)
            text = value.normal(known, str(given)) if known else " ".join(str(given).split())
            if known is None or _is_valid(known, text):
                yield name, text


def _set_later(keys: Mapping[str, Any]) -> Iterator[tuple[str, tuple[str, str]]]:
    """Yield what a program sets at boot after the loader of sysctl.d, as sysctl_facts says it."""
    for key, fact in keys.items():
        source = fact.get("boot_source") if isinstance(fact, Mapping) else None
        if isinstance(source, Mapping) and isinstance(fact.get("boot_value"), str):
            program, path, line = (source.get(field) for field in ("program", "path", "line"))
            # What comes before the loader, such as the kernel's command line, has no line.
            if isinstance(program, str) and isinstance(path, str) and line:
                yield str(key), (fact["boot_value"], f"{program} ({path}:{line})")


def _is_valid(parameter: Parameter, text: str) -> bool:
    """Return whether a text is a value of the parameter, rather than a placeholder."""
    try:
        if parameter.kind == "ports":
            return port_set.parse(text) is not None
        return parameter.kind not in value.NUMERIC or len(value.numbers(text)) == parameter.count
    except (MalformedInput, ValueError):
        return False


def _absent(keys: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, fact in keys.items():
        if isinstance(fact, Mapping) and fact.get("value", "") is None:
            yield str(name), str(fact.get("reason") or "")


def _limits(tcp: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, (section, field) in _LIMITS.items():
        number = _dictionary([tcp], section).get(field)
        if isinstance(number, int):
            yield name, str(number)
    for name, (field, separator) in _PORTS.items():
        ports = _dictionary([tcp], "ephemeral").get(field)
        text = separator.join(map(str, ports)) if isinstance(ports, list) else ""
        known = catalogue.find(name)
        if text and known is not None and _is_valid(known, text):
            yield name, text
    memory = _dictionary([tcp], "memory")
    pages = [memory.get(field) for field in ("low", "pressure", "high")]
    if all(isinstance(number, int) for number in pages):
        yield "net.ipv4.tcp_mem", " ".join(map(str, pages))
