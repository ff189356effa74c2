# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""IP forwarding in files of systemd-networkd: systemd.network(5) and networkd.conf(5).

What concerns the whole host (src/network/networkd-sysctl.c): `IPForward=` in a .network file turns it on until systemd
255, and is ignored since 256; `IPMasquerade=` turns it on, unless networkd.conf says otherwise; `IPv4Forwarding=` and
`IPv6Forwarding=`, since 256, set it in networkd.conf, and one interface in a .network file.
"""

from __future__ import annotations

import fnmatch
from typing import Iterable, NamedTuple

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
# What each value of IPForward= and IPMasquerade= turns on.
_TURNED_ON = {IPV4: (IPV4,), IPV6: (IPV6,), "both": (IPV4, IPV6)}


class Forwarding(NamedTuple):
    """A line that sets forwarding of one family. of: HOST_BEFORE_256, HOST or INTERFACE."""

    path: str
    line: int
    family: str
    is_on: bool
    of: str = HOST


class Network(NamedTuple):
    """One .network file with its drop-ins. names: patterns of interfaces. is_open: whether [Match] has other keys."""

    names: tuple[str, ...]
    is_open: bool
    forwarding: tuple[Forwarding, ...]

    def matched(self, interfaces: Iterable[str]) -> list[str]:
        """Return the interfaces that it may apply to, by their names."""
        wanted = [name for name in self.names if not name.startswith("!")]
        return [one for one in interfaces if not wanted or any(fnmatch.fnmatchcase(one, name) for name in wanted)]

    @property
    def is_by_name(self) -> bool:
        """Return whether names alone decide to which interfaces it applies."""
        return not self.is_open and not any(name.startswith("!") for name in self.names)


def network(texts: Iterable[tuple[str, str]]) -> Network:
    """Parse a .network file. texts: path and text of the file and its drop-ins, in order."""
    names: tuple[str, ...] = ()
    is_open, found = False, {}
    for path, number, section, key, value in _entries(texts):
        if section == "Match":
            names = (*names, *value.split()) if key == "Name" else names
            is_open = is_open or key != "Name"
        elif section == "Network":
            of = key if key in (HOST_BEFORE_256, HOST) else INTERFACE
            lines = (Forwarding(path, number, family, on, of) for family, on in _set_by(key, value))
            found.update({(key, one.family): one for one in lines})
    return Network(names, is_open, tuple(one for one in found.values() if one.is_on or one.of == INTERFACE))


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
