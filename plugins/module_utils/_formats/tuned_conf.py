# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The kernel parameters of a TuneD profile (tuned.conf(5)). TuneD writes them when it starts or switches profiles."""

from __future__ import annotations

from typing import NamedTuple

from . import sysctl_conf

ACTIVE_PROFILE = "/etc/tuned/active_profile"
DIRECTORIES = ("/etc/tuned/profiles", "/etc/tuned", "/usr/lib/tuned/profiles", "/usr/lib/tuned")


class Profile(NamedTuple):
    """includes: the profiles it builds on, in order. lines: the line number of each parameter in [sysctl], by name."""

    includes: list[str]
    lines: dict[str, int]


def candidates(profile: str) -> list[str]:
    """Return the possible paths of a profile's file; the first that exists is used."""
    return [f"{directory}/{profile}/tuned.conf" for directory in DIRECTORIES]


def parse(text: str) -> Profile:
    """Parse the parts of a tuned.conf that concern kernel parameters. Malformed lines are skipped."""
    section, profile = "", Profile([], {})
    for number, raw in enumerate(text.splitlines(), start=1):
        line = raw.strip()
        if line.startswith("["):
            section = line.strip("[]").strip()
        elif line and line[0] not in "#;" and "=" in line:
            key, value = (part.strip() for part in line.split("=", 1))
            if section == "main" and key == "include":
                profile.includes.extend(value.replace(",", " ").split())
            elif section == "sysctl" and key not in ("enabled", "type", "devices", "priority"):
                profile.lines[sysctl_conf.from_path(sysctl_conf.to_path(key))] = number
    return profile
