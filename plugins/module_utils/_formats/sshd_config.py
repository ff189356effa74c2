# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""sshd_config(5): the global value of UsePAM.

As in servconf.c of OpenSSH: the first value wins, Include is read in place, and Match ends the global section of its
file.
"""

from __future__ import annotations

import re
from typing import Callable, Iterable, NamedTuple

PATH = "/etc/ssh/sshd_config"
# Of the distribution, read if PATH does not exist (openSUSE).
VENDOR_PATH = "/usr/etc/ssh/sshd_config"
# Relative names in Include start here.
_DIRECTORY, _QUOTES = "/etc/ssh", "\"'"
_LINE = re.compile(r"\s*(?P<word>[A-Za-z]+)(?:\s*=\s*|\s+)(?P<rest>.*)")


class UsePam(NamedTuple):
    """enabled: whether sessions of sshd use PAM. source: the line that says so, empty for the built-in default."""

    enabled: bool
    source: str = ""

    @property
    def obstacle(self) -> str:
        """Why sessions of sshd do not use PAM; empty if they do."""
        if self.enabled:
            return ""
        return f"{self.source} says UsePAM no" if self.source else "UsePAM is not set in sshd_config and defaults to no"


def use_pam(path: str, expand: Callable[[str], Iterable[str]], read: Callable[[str], str | None]) -> UsePam:
    """Return the global value of UsePAM; its built-in default is no.

    expand: returns the files of a glob pattern in order. read: returns the text of a file, or None.
    """
    return _in_file(path, expand, read, set()) or UsePam(False)


def _in_file(
    path: str, expand: Callable[[str], Iterable[str]], read: Callable[[str], str | None], seen: set[str]
) -> UsePam | None:
    # A file that is included again cannot say more than the first time.
    if path in seen:
        return None
    seen.add(path)
    for number, line in enumerate((read(path) or "").split("\n"), start=1):
        match = _LINE.fullmatch(line)
        word, rest = (match["word"].lower(), match["rest"].partition("#")[0].split()) if match else ("", [])
        if word == "match":
            return None
        if word == "usepam" and rest:
            return UsePam(rest[0].strip(_QUOTES).lower() == "yes", f"{path}:{number}")
        for pattern in rest if word == "include" else ():
            named = pattern.strip(_QUOTES)
            for included in expand(named if named.startswith("/") else f"{_DIRECTORY}/{named}"):
                found = _in_file(included, expand, read, seen)
                if found is not None:
                    return found
    return None
