# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names of profiles, which become parts of file names."""

from __future__ import annotations

import re

from .errors import InvalidOption
from .suggest import did_you_mean
from .text import without_prefix

_NAME = re.compile(r"[a-z][a-z0-9_]{0,31}", re.ASCII)


def is_profile_name(name: str) -> bool:
    """Return whether users can give a profile this name; internal profiles have names that do not match."""
    return _NAME.fullmatch(name) is not None


def for_nr_open(name: str) -> str:
    """Return the name of the internal sysctl profile that raises fs.nr_open for the limits of the profile `name`."""
    return f"nofile-{name}"


def of_user(name: str) -> str:
    """Return the user's profile that `name` belongs to: itself, or the one that an internal profile serves."""
    return without_prefix(name, for_nr_open(""))


def check_profile_name(name: str, option: str = "name") -> None:
    """Raise InvalidOption if `name`, a value of `option`, is not allowed as the name of a profile."""
    if not is_profile_name(name):
        allowed = re.sub(r"\W+", "_", name.lower(), flags=re.ASCII).strip("_")
        raise InvalidOption(
            f"{option}: {name!r} is not allowed; the name of a profile is a lower-case letter followed by up to 31"
            f" lower-case letters, digits and underscores{did_you_mean(allowed if is_profile_name(allowed) else None)}"
        )
