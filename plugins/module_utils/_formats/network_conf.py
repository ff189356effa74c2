# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Kernel parameters in files of systemd-networkd: systemd.network(5) and networkd.conf(5).

The first .network file that matches an interface applies to it; an empty one is skipped.

IP forwarding of the whole host (src/network/networkd-sysctl.c): `IPForward=` in a .network file turns it on until
systemd 255, and is ignored since 256; `IPMasquerade=` turns it on, unless networkd.conf says otherwise;
`IPv4Forwarding=` and `IPv6Forwarding=`, since 256, set it in networkd.conf, and one interface in a .network file.
"""

from __future__ import annotations

import fnmatch
from typing import Iterable, NamedTuple, Sequence

from . import sysctl_conf

DIRECTORIES = (
    "/etc/systemd/network",
    "/run/systemd/network",
    "/usr/local/lib/systemd/network",
    "/usr/lib/systemd/network",
    "/lib/systemd/network",
)
MAIN = "/etc/systemd/networkd.conf"
MAIN_DIRECTORIES = tuple(path.replace("/network", "/networkd.conf.d") for path in DIRECTORIES)
IPV4, IPV6 = "ipv4", "ipv6"
# What a line of a .network file sets.
HOST_BEFORE_256, HOST, INTERFACE = "IPForward", "IPMasquerade", "interface"
_TRUE, _FALSE = ("1", "yes", "y", "true", "t", "on"), ("0", "no", "n", "false", "f", "off")
# Parameters of an interface below /proc/sys/net, by the key that sets them; and those that networkd sets in any case.
_OF_INTERFACE = {
    "IPv4AcceptLocal": "ipv4/conf/{}/accept_local",
    "IPv4ProxyARP": "ipv4/conf/{}/proxy_arp",
    "IPv4ProxyARPPrivateVLAN": "ipv4/conf/{}/proxy_arp_pvlan",
    "IPv4ReversePathFilter": "ipv4/conf/{}/rp_filter",
    "IPv4RouteLocalnet": "ipv4/conf/{}/route_localnet",
    "IPv6DuplicateAddressDetection": "ipv6/conf/{}/dad_transmits",
    "IPv6HopLimit": "ipv6/conf/{}/hop_limit",
    "IPv6MTUBytes": "ipv6/conf/{}/mtu",
    "MulticastIGMPVersion": "ipv4/conf/{}/force_igmp_version",
}
_IN_ANY_CASE = ("ipv6/conf/{}/accept_ra", "ipv6/conf/{}/proxy_ndp", "ipv6/conf/{}/use_tempaddr")
# What each value of IPForward= and IPMasquerade= turns on.
_TURNED_ON = {IPV4: (IPV4,), IPV6: (IPV6,), "both": (IPV4, IPV6)}


class Forwarding(NamedTuple):
    """A line that sets forwarding of one family. of: HOST_BEFORE_256, HOST or INTERFACE."""

    path: str
    line: int
    family: str
    is_on: bool
    of: str = HOST


class OfInterface(NamedTuple):
    """A parameter that is set for each interface. place: below /proc/sys/net, with {}. line: 0 if no line says so."""

    path: str
    line: int
    place: str

    def name_for(self, interface: str) -> str:
        """Return the canonical name of the parameter of an interface."""
        return sysctl_conf.from_path(f"net/{self.place.format(interface)}")


class Network(NamedTuple):
    """One .network file with its drop-ins. names: patterns of interfaces. is_open: whether [Match] has other keys.

    others: parameters besides forwarding.
    """

    names: tuple[str, ...]
    is_open: bool
    forwarding: tuple[Forwarding, ...]
    others: tuple[OfInterface, ...] = ()

    def matched(self, interfaces: Iterable[str]) -> list[str]:
        """Return the interfaces that it may apply to, by their names."""
        wanted = [name for name in self.names if not name.startswith("!")]
        return [one for one in interfaces if not wanted or any(fnmatch.fnmatchcase(one, name) for name in wanted)]

    @property
    def is_by_name(self) -> bool:
        """Return whether names alone decide to which interfaces it applies."""
        return not self.is_open and not any(name.startswith("!") for name in self.names)


def network(texts: Sequence[tuple[str, str]]) -> Network:
    """Parse a .network file. texts: path and text of the file and its drop-ins, in order."""
    names: tuple[str, ...] = ()
    is_open, is_managed, found = False, True, {}
    others = {place: OfInterface(texts[0][0], 0, place) for place in _IN_ANY_CASE}
    for path, number, section, key, value in _entries(texts):
        if section == "Match" and key == "Name":
            # An empty value removes the names before it.
            names = (*names, *value.split()) if value else ()
        elif section == "Match":
            is_open = True
        elif (section, key) == ("Link", "Unmanaged"):
            is_managed = value.lower() not in _TRUE
        elif section == "Network" and key in _OF_INTERFACE:
            others[_OF_INTERFACE[key]] = OfInterface(path, number, _OF_INTERFACE[key])
        elif section == "Network":
            of = key if key in (HOST_BEFORE_256, HOST) else INTERFACE
            lines = (Forwarding(path, number, family, on, of) for family, on in _set_by(key, value))
            found.update({(key, one.family): one for one in lines})
    if not is_managed:
        return Network(names, is_open, ())
    forwarding = (one for one in found.values() if one.is_on or one.of == INTERFACE)
    return Network(names, is_open, tuple(forwarding), tuple(others.values()))


def for_host(texts: Iterable[tuple[str, str]]) -> list[Forwarding]:
    """Return what networkd.conf and its drop-ins say about the whole host, in order."""
    return [
        Forwarding(path, number, family, on)
        for path, number, section, key, value in _entries(texts)
        if section == "Network" and key in ("IPv4Forwarding", "IPv6Forwarding")
        for family, on in _set_by(key, value)
    ]


def _set_by(key: str, value: str) -> list[tuple[str, bool]]:
    """Return the families that a line sets, and whether it turns them on; nothing for a line of another kind."""
    word = value.lower()
    if key in ("IPv4Forwarding", "IPv6Forwarding"):
        family = IPV4 if key == "IPv4Forwarding" else IPV6
        return [(family, word in _TRUE)] if word in (*_TRUE, *_FALSE) else []
    if key not in ("IPForward", "IPMasquerade"):
        return []
    # IPMasquerade=yes is `ipv4`.
    both = (IPV4, IPV6) if key == "IPForward" else (IPV4,)
    turned_on = _TURNED_ON.get(word, both if word in _TRUE else ())
    return [(family, family in turned_on) for family in (IPV4, IPV6)]


def _entries(texts: Iterable[tuple[str, str]]) -> Iterable[tuple[str, int, str, str, str]]:
    """Yield path, line number, section, key and value of each assignment."""
    for path, text in texts:
        section = ""
        for number, raw in enumerate(text.split("\n"), start=1):
            line = raw.strip()
            if line.startswith("["):
                section = line.strip("[]")
            elif "=" in line and line[0] not in "#;":
                key, _equals, value = line.partition("=")
                yield path, number, section, key.strip(), value.strip()
