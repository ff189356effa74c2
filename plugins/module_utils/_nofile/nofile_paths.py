# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where files of ours are, and how one is recognised."""

from __future__ import annotations

import re

from .._formats import limits_conf

UNITS = "/etc/systemd/system"
EDITED = "/var/lib/nettune/tcp/edited"
_FILE = re.compile(r"99-zz-nettune-(?P<profile>[a-z][a-z0-9_]{0,31})\.conf\Z")
_MARK = "Managed by Ansible (nettune.tcp.nofile_limits)"


def limits_file(profile: str) -> str:
    """The file that pam_limits(8) reads for the profile."""
    return f"{limits_conf.DIRECTORY}/{_file(profile)}"


def drop_in(profile: str, unit: str) -> str:
    """The file that systemd reads for the profile and the unit."""
    return f"{UNITS}/{unit}.d/{_file(profile)}"


def profile_of(file_name: str) -> str | None:
    """The profile a file name of ours belongs to; None where it is no name of ours."""
    match = _FILE.match(file_name)
    return match["profile"] if match else None


def header(profile: str, why: list[str]) -> list[str]:
    """The comment above every file of ours, without its comment signs."""
    return [
        f"{_MARK}: profile {profile}",
        "The next run replaces what is changed here; state=absent removes this file.",
        *why,
    ]


def is_marked(text: str) -> bool:
    """Whether the text begins as our files do."""
    return text.startswith(f"# {_MARK}")


def parents(path: str) -> list[str]:
    """The directories above a path, the outermost first, without the root."""
    parts = path.split("/")[1:-1]
    return ["/" + "/".join(parts[: depth + 1]) for depth in range(len(parts))]


def _file(profile: str) -> str:
    return f"99-zz-nettune-{profile}.conf"
