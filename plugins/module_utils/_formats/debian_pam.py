# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How Debian's pam_limits (Ubuntu's as well) differs from everybody else's, by the version of its package.

Lines for groups and `*` do not cover root (pam_limits_explicit_root). Before 1.7.0 a session starts from the limits
of PID 1, soft at most FD_SETSIZE, and not from what it inherits (027_pam_limits_better_init_allow_explicit_root and
pam-limits-nofile-fd-setsize-cap; dropped with Debian bug 995236).
"""

from __future__ import annotations

import re

STATUS = "/var/lib/dpkg/status"
FD_SETSIZE = 1024
_PACKAGE = re.compile(r"^Package: libpam-modules\n(?:.+\n)*?Version: (?:\d+:)?(\d+)\.(\d+)", re.MULTILINE)
_FIRST_TO_INHERIT = (1, 7)


def version(status: str) -> tuple[int, int] | None:
    """The version of libpam-modules in the text of dpkg's status file; None where it is not installed.

    >>> version("Package: libpam-modules\\nStatus: install ok installed\\nVersion: 1.5.2-6+deb12u2\\n")
    (1, 5)
    """
    match = _PACKAGE.search(status)
    return (int(match[1]), int(match[2])) if match else None


def resets(found: tuple[int, int]) -> bool:
    """Whether sessions start from the limits of PID 1."""
    return found < _FIRST_TO_INHERIT
