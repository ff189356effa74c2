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
_LINE = re.compile(r"\s*(?P<word>[A-Za-z]+)(?:\s*=\s*|\s+)(?P<rest>.*)")


class UsePam(NamedTuple):
    """enabled: whether sessions of sshd use PAM. source: the line that says so, empty for the built-in default."""

    enabled: bool
    source: str = ""


def use_pam(path: str, expand: Callable[[str], Iterable[str]], read: Callable[[str], str | None]) -> UsePam:
    """Return the global value of UsePAM; its built-in default is no.

    expand: returns the files of a glob pattern in order. read: returns the text of a file, or None.
    """
    return _in_file(path, expand, read, frozenset()) or UsePam(False)


def _in_file(
    path: str, expand: Callable[[str], Iterable[str]], read: Callable[[str], str | None], above: frozenset[str]
) -> UsePam | None:
    if path in above:
        return None
    for number, line in enumerate((read(path) or "").splitlines(), start=1):
        match = _LINE.fullmatch(line)
        word, rest = (match["word"].lower(), match["rest"].partition("#")[0].split()) if match else ("", [])
        if word == "match":
            return None
        if word == "usepam" and rest:
            return UsePam(rest[0].strip('"').lower() == "yes", f"{path}:{number}")
        for pattern in rest if word == "include" else ():
            whole = pattern.strip('"') if pattern.strip('"').startswith("/") else f"/etc/ssh/{pattern.strip(chr(34))}"
            for included in expand(whole):
                found = _in_file(included, expand, read, above | {path})
                if found is not None:
                    return found
    return None
