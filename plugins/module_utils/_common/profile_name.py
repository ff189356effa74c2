# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names of profiles: they become parts of file names."""

from __future__ import annotations

import re

from .errors import InvalidOption

_NAME = re.compile(r"[a-z][a-z0-9_]{0,31}", re.ASCII)


def is_profile_name(name: str) -> bool:
    """Whether a user can name a profile so; those that modules keep for themselves are named otherwise."""
    return _NAME.fullmatch(name) is not None


def for_nr_open(name: str) -> str:
    """The sysctl profile that makes room for the limits of the profile `name`; no user can name one so."""
    return f"nofile-{name}"


def of_user(name: str) -> str:
    """The user's profile that `name` belongs to: itself, or the one whose limits it makes room for."""
    start = for_nr_open("")
    return name[len(start) :] if name.startswith(start) else name


def check_profile_name(name: str) -> None:
    """Raise InvalidOption where `name` cannot name a profile."""
    if not is_profile_name(name):
        raise InvalidOption(
            f"name: {name!r} is not allowed; a profile's name is a lower-case letter followed by up to 31"
            " lower-case letters, digits and underscores"
        )
