# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What facts tell a linter of one host."""

from __future__ import annotations

from typing import Any, Iterator, Mapping, NamedTuple

from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import InvalidOption, MalformedInput
from ansible_collections.nettune.tcp.plugins.module_utils._formats import port_set
from ansible_collections.nettune.tcp.plugins.module_utils._parameters import value as sysctl_value
from ansible_collections.nettune.tcp.plugins.module_utils._parameters.row import Parameter

from . import names

RELEASE = "kernel.osrelease"
_SECTIONS = ("nettune_sysctl", "nettune_tcp")
_TCP = {"states", "listeners", "time_wait", "orphans", "conntrack", "memory", "ephemeral"}
# Limits that TCP facts hold, by section and field.
_LIMITS = {
    "net.ipv4.tcp_max_tw_buckets": ("time_wait", "max"),
    "net.ipv4.tcp_max_orphans": ("orphans", "max"),
    "net.netfilter.nf_conntrack_max": ("conntrack", "max"),
    "net.netfilter.nf_conntrack_buckets": ("conntrack", "buckets"),
}

_PORTS = (
    ("net.ipv4.ip_local_port_range", "range", " "),
    ("net.ipv4.ip_local_reserved_ports", "reserved", ","),
)


class Host(NamedTuple):
    """values: running values in normal form, by canonical name. absent: why there is none.

    listeners: ports that are listened on. release: of its kernel; empty where the facts do not say.
    """

    values: Mapping[str, str]
    absent: Mapping[str, str]
    listeners: frozenset[int]
    release: str = ""


NOBODY = Host({}, {}, frozenset())


def from_facts(facts: Any) -> Host:
    """The host of facts: those of sysctl_facts, of tcp_facts, or both, as variables, a result or a fleet hold them.

    Raises InvalidOption where there are neither.
    """
    if not facts and (facts is None or isinstance(facts, Mapping)):
        return NOBODY
    if not isinstance(facts, Mapping):
        raise InvalidOption(f"facts is a {type(facts).__name__}; it must be the dictionary that ansible_facts is")
    sysctl, tcp, release = _sections(facts)
    if not (sysctl or tcp or release):
        raise InvalidOption("facts holds neither nettune_sysctl nor nettune_tcp, nor a kernel's release")
    values = {**dict(_limits(tcp)), **dict(_running(sysctl))}
    listed = tcp.get("listeners") if isinstance(tcp.get("listeners"), list) else []
    ports = (one.get("port") for one in listed if isinstance(one, Mapping))
    listeners = frozenset(port for port in ports if isinstance(port, int))
    return Host(values, dict(_absent(sysctl)), listeners, release or values.get(RELEASE, ""))


def _sections(facts: Mapping[str, Any]) -> tuple[Mapping[str, Any], Mapping[str, Any], str]:
    """The the TCP facts and the kernel's release, wherever they are among the facts."""
    inner = facts.get("ansible_facts")
    places = [facts, inner] if isinstance(inner, Mapping) else [facts]
    sysctl, tcp = (_dictionary(places, name) for name in _SECTIONS)
    sysctl = sysctl or _dictionary([facts], "sysctl")
    if not sysctl and isinstance(facts.get("keys"), Mapping):
        sysctl = facts
    if not tcp and _TCP & set(facts):
        tcp = facts
    said = (place.get(name) for place in places for name in ("ansible_kernel", "kernel"))
    release = next((text for text in said if isinstance(text, str)), "")
    found = sysctl.get("keys")
    return (found if isinstance(found, Mapping) else {}), tcp, release


def _dictionary(places: list[Any], name: str) -> Mapping[str, Any]:
    found = (place.get(name) for place in places)
    return next((one for one in found if isinstance(one, Mapping)), {})


def _running(keys: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for key, fact in keys.items():
        name = str(key)
        value = fact.get("value") if isinstance(fact, Mapping) else fact
        if isinstance(value, (str, int)) and not isinstance(value, bool):
            known = names.find(name)
            text = sysctl_value.normal(known, str(value)) if known else " ".join(str(value).split())
            if known is None or _fits(known, text):
                yield name, text


def _fits(parameter: Parameter, text: str) -> bool:
    """Whether it is a value of the parameter, and not something that only stands in its place."""
    try:
        if parameter.kind == "ports":
            return port_set.parse(text) is not None
        return parameter.kind not in sysctl_value.NUMERIC or len(sysctl_value.numbers(text)) == parameter.count
    except (MalformedInput, ValueError):
        return False


def _absent(keys: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, fact in keys.items():
        if isinstance(fact, Mapping) and fact.get("value", "") is None:
            yield str(name), str(fact.get("reason") or "")


def _limits(tcp: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, (section, field) in _LIMITS.items():
        value = _dictionary([tcp], section).get(field)
        if isinstance(value, int):
            yield name, str(value)
    for name, field, separator in _PORTS:
        ports = _dictionary([tcp], "ephemeral").get(field)
        text = separator.join(map(str, ports)) if isinstance(ports, list) else ""
        known = names.find(name)
        if text and known is not None and _fits(known, text):
            yield name, text
    memory = _dictionary([tcp], "memory")
    pages = [memory.get(field) for field in ("low", "pressure", "high")]
    if all(isinstance(number, int) for number in pages):
        yield "net.ipv4.tcp_mem", " ".join(map(str, pages))
