# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The kernel parameters of a TuneD profile (tuned.conf(5)): TuneD writes them whenever it starts or switches
profiles.
"""

from __future__ import annotations

from typing import NamedTuple

from . import sysctl_conf

ACTIVE_PROFILE = "/etc/tuned/active_profile"
DIRECTORIES = ("/etc/tuned/profiles", "/etc/tuned", "/usr/lib/tuned/profiles", "/usr/lib/tuned")


class Profile(NamedTuple):
    """includes: the profiles it builds on, in order. lines: line number by canonical name of what its [sysctl] sets."""

    includes: list[str]
    lines: dict[str, int]


def candidates(profile: str) -> list[str]:
    """Where the file of a profile may lie; the first that exists counts."""
    return [f"{directory}/{profile}/tuned.conf" for directory in DIRECTORIES]


def parse(text: str) -> Profile:
    """A tuned.conf's text, as far as it concerns kernel parameters; what is malformed says nothing."""
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
