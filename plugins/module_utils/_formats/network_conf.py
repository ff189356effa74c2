# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""IP forwarding in files of systemd-networkd: systemd.network(5) and networkd.conf(5).

`IPForward=yes` of systemd before 256, `IPv4Forwarding=yes` and `IPMasquerade=` in a .network file turn forwarding on
for the whole host; `no` concerns only the interface. networkd.conf decides for the host if it says anything.
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
_TRUE, _FALSE = ("1", "yes", "y", "true", "t", "on"), ("0", "no", "n", "false", "f", "off")
# What each value of IPForward= and IPMasquerade= turns on.
_TURNED_ON = {IPV4: (IPV4,), IPV6: (IPV6,), "both": (IPV4, IPV6)}


class Forwarding(NamedTuple):
    """A line that sets forwarding of one family for the whole host."""

    path: str
    line: int
    family: str
    is_on: bool


class Network(NamedTuple):
    """One .network file with its drop-ins. names: patterns of interfaces. is_open: whether [Match] has other keys."""

    names: tuple[str, ...]
    is_open: bool
    forwarding: tuple[Forwarding, ...]

    def applies_to(self, interfaces: Iterable[str]) -> bool | None:
        """Return whether it applies to one of the interfaces; None if that depends on more than their names."""
        wanted = [name for name in self.names if not name.startswith("!")]
        if wanted and not any(fnmatch.fnmatchcase(one, name) for one in interfaces for name in wanted):
            return False
        return None if self.is_open or len(wanted) < len(self.names) else True


def network(texts: Iterable[tuple[str, str]]) -> Network:
    """Parse a .network file. texts: path and text of the file and its drop-ins, in order."""
    names: tuple[str, ...] = ()
    is_open, found = False, {}
    for path, number, section, key, value in _entries(texts):
        if section == "Match":
            names = (*names, *value.split()) if key == "Name" else names
            is_open = is_open or key != "Name"
        elif section == "Network":
            found.update({(key, family): Forwarding(path, number, family, on) for family, on in _set_by(key, value)})
    return Network(names, is_open, tuple(one for one in found.values() if one.is_on))


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
