# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The kernel parameters of TuneD: its profiles (tuned.conf(5)) and tuned-main.conf.

TuneD writes them when it starts or switches profiles (tuned/plugins/plugin_sysctl.py). With `reapply_sysctl`, which is
on by default, it then applies the files of sysctl.d(5) in /run and /etc, and /etc/sysctl.conf last.
"""

from __future__ import annotations

import fnmatch
from typing import Iterable, NamedTuple

from . import sysctl_conf

# What is active, then what is loaded after it.
ACTIVE_PROFILES = ("/etc/tuned/active_profile", "/etc/tuned/post_loaded_profile")
MAIN = "/etc/tuned/tuned-main.conf"
# Exists if systemd starts TuneD at boot.
ENABLED = "/etc/systemd/system/multi-user.target.wants/tuned.service"
DIRECTORIES = ("/etc/tuned/profiles", "/etc/tuned", "/usr/lib/tuned/profiles", "/usr/lib/tuned")


class Profile(NamedTuple):
    """includes: the profiles it builds on, in order. lines: line number and value of each parameter in [sysctl]."""

    includes: list[str]
    lines: dict[str, tuple[int, str]]


class Main(NamedTuple):
    """reapply: whether files are applied after a profile. exclude: patterns of names that are left out of them."""

    reapply: bool = True
    exclude: tuple[str, ...] = ()

    def applies_again(self, name: str) -> bool:
        return self.reapply and not any(fnmatch.fnmatchcase(name, pattern) for pattern in self.exclude)


def candidates(profile: str) -> list[str]:
    """Return the possible paths of a profile's file; the first that exists is used."""
    return [f"{directory}/{profile}/tuned.conf" for directory in DIRECTORIES]


def parse(text: str) -> Profile:
    """Parse the parts of a tuned.conf that concern kernel parameters. Malformed lines are skipped."""
    section, profile = "", Profile([], {})
    for number, raw in enumerate(text.split("\n"), start=1):
        line = raw.strip()
        if line.startswith("["):
            section = line.strip("[]").strip()
        elif line and line[0] not in "#;" and "=" in line:
            key, value = (part.strip() for part in line.split("=", 1))
            if section == "main" and key == "include":
                profile.includes.extend(value.replace(",", " ").split())
            elif section == "sysctl" and key not in ("enabled", "type", "devices", "priority"):
                name = name_of(key)
                if name:
                    profile.lines[name] = (number, value.strip("\"'"))
    return profile


def parse_main(text: str) -> Main:
    """Parse tuned-main.conf."""
    found = Main()
    for raw in text.split("\n"):
        line = raw.strip()
        if line and line[0] not in "#;" and "=" in line:
            key, value = (part.strip() for part in line.split("=", 1))
            if key == "reapply_sysctl":
                found = found._replace(reapply=value.strip("\"'").lower() in ("1", "true", "yes", "y", "t", "on"))
            elif key == "reapply_sysctl_exclude":
                found = found._replace(exclude=tuple(value.replace(";", " ").replace(",", " ").split()))
    return found


def name_of(key: str) -> str:
    """Return the canonical name that TuneD reads, which exchanges all dots and slashes; empty for one it cannot find.

    >>> name_of("net.ipv4.conf.eth0/100.rp_filter"), name_of("net/ipv4/tcp_sack"), name_of("-vm.swappiness")
    ('net.ipv4.conf.eth0/100.rp_filter', '', '')
    """
    before_slash = key.partition("/")[0]
    return key if "." in before_slash and key[0].isalpha() and not any(mark in key for mark in "*?[") else ""


def is_computed(value: str) -> bool:
    """Return whether a value of a profile depends on the host: it has variables, or is a lower or upper bound."""
    return "${" in value or value[:1] in "<>"


def assignments(path: str, text: str, main: Main) -> Iterable[sysctl_conf.Assignment]:
    """Yield the lines of a sysctl.d file that TuneD applies again."""
    for number, raw in enumerate(text.split("\n"), start=1):
        line = raw.strip()
        if line and line[0] not in "#;" and "=" in line:
            key, value = (part.strip() for part in line.split("=", 1))
            if name_of(key) and main.applies_again(key):
                yield sysctl_conf.Assignment(path, number, key, value)
