# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The kernel that settings are judged for."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import InvalidOption
from ansible_collections.nettune.tcp.plugins.module_utils._parameters.row import has

_RELEASE = re.compile(r"(\d{1,3})\.(\d{1,3})(?:\.(\d{1,3}))?(?:[-+.~_][\w.+~-]*)?", re.ASCII)
_OLDEST = (2, 6, 0)


class Kernel(NamedTuple):
    """release: as `uname -r` writes it. version: its numbers."""

    release: str
    version: tuple[int, int, int]

    def has(self, since: str) -> bool:
        """Whether what came, or went, with Linux `since`, such as `4.12`, has come or gone in this one."""
        return has(self.release, since)

    def __str__(self) -> str:
        return f"Linux {self.release}"


# The newest whose parameters the catalogue was compared with.
NEWEST = Kernel("6.19", (6, 19, 0))


def of(given: Any) -> Kernel:
    """The kernel of a release such as `3.10`, `6.8.0-31-generic`. Raises InvalidOption for anything else."""
    if isinstance(given, float):
        raise InvalidOption(f"kernel is the number {given!r}; write it in quotes, for as a number 3.10 is 3.1")
    found = _RELEASE.fullmatch(given.strip()) if isinstance(given, str) else None
    version = tuple(int(part or 0) for part in found.groups()) if found else ()
    if found is None or version < _OLDEST:
        raise InvalidOption(
            f"kernel is {given!r}; it must be a release of Linux 2.6 or later, such as 3.10, 5.15 or 6.8.0-31-generic"
        )
    return Kernel(found.group(), (version[0], version[1], version[2]))


# Names of algorithms, and the kernel they came with.
CONGESTION_CONTROLS = {
    "bbr": "4.9",
    "bic": "2.6",
    "cdg": "4.2",
    "cubic": "2.6",
    "dctcp": "3.18",
    "highspeed": "2.6",
    "htcp": "2.6",
    "hybla": "2.6",
    "illinois": "2.6",
    "lp": "2.6",
    "nv": "4.8",
    "reno": "2.6",
    "scalable": "2.6",
    "vegas": "2.6",
    "veno": "2.6",
    "westwood": "2.6",
    "yeah": "2.6",
}
