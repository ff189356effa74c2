# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Facts about kernel parameters: the running value, the value at the next boot, and who sets them."""

from __future__ import annotations

import fnmatch
from typing import Any, Iterable, NamedTuple

from .._common.errors import InvalidOption
from .._formats import sysctl_conf
from .._formats.sysctl_conf import Assignment
from .._parameters import catalogue
from .._parameters.catalogue import HIDDEN
from .._parameters.row import HOST_WIDE, Parameter
from .._parameters.value import NUMERIC, may_become, normal, requested
from . import admit
from .boot import Boot, boot, named, source
from .snapshot import ABSENT, Host, boot_lines


class Owner(NamedTuple):
    """A program that sets parameters, whatever the files say. path: exists on hosts that have the program.

    keys: patterns of names. who: the program, and when it sets them. may_conflict: False if what it sets comes from
    files that are part of the value at boot.
    """

    path: str
    keys: tuple[str, ...]
    who: str
    may_conflict: bool = True


_INTERFACES = ("net.ipv4.conf.*", "net.ipv6.conf.*", "net.ipv4.neigh.*", "net.ipv6.neigh.*")
_FORWARDING = ("net.ipv4.ip_forward", "net.ipv4.conf.*.forwarding", "net.ipv6.conf.*.forwarding")

OWNERS = (
    Owner(
        "/usr/lib/udev/rules.d/99-systemd.rules",
        _INTERFACES,
        "systemd-sysctl, which applies the files again to each interface when it appears",
        may_conflict=False,
    ),
    Owner(
        "/lib/udev/rules.d/99-systemd.rules",
        _INTERFACES,
        "systemd-sysctl, which applies the files again to each interface when it appears",
        may_conflict=False,
    ),
    Owner(
        "/run/systemd/netif",
        (*_INTERFACES, "net.ipv4.ip_forward"),
        "systemd-networkd, where a .network file sets forwarding, IPv6AcceptRA= and their like",
        may_conflict=False,
    ),
    Owner(
        "/run/docker.sock",
        (*_FORWARDING, "net.bridge.bridge-nf-call-ip*tables"),
        "Docker, which turns them on when it starts",
    ),
    Owner("/run/podman", _FORWARDING, "Podman (netavark), which turns them on when it makes a network"),
    Owner("/run/libvirt/network", _FORWARDING, "libvirt, which turns them on for its networks"),
    Owner(
        "/var/lib/kubelet",
        (
            "vm.overcommit_memory",
            "vm.panic_on_oom",
            "kernel.panic",
            "kernel.panic_on_oops",
            "kernel.keys.root_maxkeys",
            "kernel.keys.root_maxbytes",
        ),
        "the kubelet, which sets them when it starts",
    ),
    Owner(
        "/var/lib/kube-proxy",
        (
            "net.netfilter.nf_conntrack_max",
            "net.nf_conntrack_max",
            "net.netfilter.nf_conntrack_tcp_timeout_established",
            "net.netfilter.nf_conntrack_tcp_timeout_close_wait",
        ),
        "kube-proxy, which sets them when it starts",
    ),
    Owner(
        "/run/cloud-init",
        ("net.ipv6.conf.*.use_tempaddr", "net.ipv6.conf.*.accept_ra"),
        "cloud-init, where the network configuration of the cloud says so",
    ),
)


def owner_paths(*, in_conflict: bool = False) -> list[str]:
    """Return the paths that show which of these programs a host has. in_conflict: only those that may conflict."""
    return [row.path for row in OWNERS if row.may_conflict or not in_conflict]


def owners_of(name: str, present: Iterable[str]) -> list[str]:
    """Return who sets the parameter on a host that has the paths `present`, without duplicates."""
    there = set(present)
    found = (row.who for row in OWNERS if row.path in there and any(fnmatch.fnmatchcase(name, key) for key in row.keys))
    return list(dict.fromkeys(found))


_WILDCARDS = "*?["


def is_pattern(text: str) -> bool:
    """Return whether `text` is a pattern."""
    return any(mark in text for mark in _WILDCARDS)


def selected_names(keys: Iterable[str], existing: Iterable[str]) -> list[str]:
    """Return the canonical names that `keys` select, in order. existing: the names of the host's parameters.

    In a pattern, `*` matches separators too. Raises InvalidOption for a malformed name, or a pattern without a match.
    """
    names: dict[str, None] = {}
    known = sorted({*existing, *catalogue.names()})
    for key in keys:
        if is_pattern(key):
            matched = fnmatch.filter(known, sysctl_conf.from_path(sysctl_conf.to_path(key)))
            if not matched:
                raise InvalidOption(f"keys: {key!r} matches no parameter of this host or of the catalogue")
            names.update(dict.fromkeys(matched))
        else:
            names[sysctl_conf.canonical(key)] = None
    return list(names)


def parameter_facts(names: Iterable[str], host: Host) -> dict[str, dict[str, Any]]:
    """Return the facts of each parameter by name. host: with the readings of all `names`.

    value, boot_value: in normal form, or None. drift: whether both exist and differ.
    """
    wanted = dict.fromkeys(names)
    lines = boot_lines(host.files_at_boot, loader=host.loader, programs=host.programs)
    with_aliases = {one for name in wanted for one in catalogue.names_of(name)}
    lines = [line for line in lines if line.name in with_aliases or line.is_pattern]
    return {name: _fact(name, host, lines) for name in wanted}


def _fact(name: str, host: Host, lines: list[Assignment]) -> dict[str, Any]:
    parameter = admit.describe(name, host)
    reading = ABSENT if admit.outside(name, host) else host.reading(name)
    at_boot = boot(name, lines, loader=host.loader)
    by_program = [named(at_boot.winner)] if at_boot.winner and at_boot.winner.by else []
    value, boot_value = (_normal(parameter, text) for text in (reading.text, at_boot.value))
    unknown = at_boot.unknown or _why_not_taken(parameter, boot_value, at_boot)
    boot_value = None if unknown else boot_value
    return {
        "value": _shown(parameter, value),
        "boot_value": _shown(parameter, boot_value),
        "boot_source": source(at_boot.winner) if at_boot.winner else None,
        "boot_reason": f"not known: {unknown}" if unknown else None,
        "shadowed": [{**source(line), "value": _shown(parameter, line.value)} for line in at_boot.shadowed],
        "drift": value is not None and boot_value is not None and not may_become(parameter, boot_value, value),
        "known": not admit.is_unknown(name),
        "namespaced": parameter.scope != HOST_WIDE,
        "writable": value is not None and not admit.locked(parameter, host),
        "owners": [*by_program, *host.owners.get(name, ())],
        "reason": admit.why_absent(name, host) if value is None else None,
    }


def _why_not_taken(parameter: Parameter, boot_value: str | None, at_boot: Boot) -> str:
    """Return why the kernel does not take all of the value, so that an earlier one counts; empty if it does."""
    if boot_value is None or at_boot.winner is None or parameter.kind not in (*NUMERIC, "ports"):
        return ""
    try:
        requested(parameter, boot_value)
    except InvalidOption as error:
        return f"the kernel takes the value in {named(at_boot.winner)} only in part or not at all: {error}"
    return ""


def _normal(parameter: Parameter, text: str | None) -> str | None:
    return None if text is None else normal(parameter, text)


def _shown(parameter: Parameter, value: str | None) -> str | None:
    return HIDDEN if parameter.secret and value else value
