# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The parameters that the command line of the kernel sets, as /proc/cmdline shows it: `sysctl.net.core.somaxconn=512`.

Linux 5.8 and later applies them right before it starts process 1, without modules that are loaded later.

Sources: do_sysctl_args() of fs/proc/proc_sysctl.c, next_arg() of lib/cmdline.c and parse_args() of kernel/params.c.
"""

from __future__ import annotations

import re
from contextlib import suppress

from .._common.errors import InvalidOption
from .._common.text import without_prefix
from . import sysctl_conf

PATH = "/proc/cmdline"
_SINCE = (5, 8)
_PREFIX = "sysctl"
# Blanks between double quotes belong to the argument. A quote without its counterpart reaches to the end.
_ARGUMENT = re.compile(r"(?:[^\s\"]|\"[^\"]*(?:\"|\Z))+")
_ALIASES = {
    "hardlockup_all_cpu_backtrace": "kernel/hardlockup_all_cpu_backtrace",
    "hung_task_panic": "kernel/hung_task_panic",
    "numa_zonelist_order": "vm/numa_zonelist_order",
    "softlockup_all_cpu_backtrace": "kernel/softlockup_all_cpu_backtrace",
}


def parameters(text: str) -> list[tuple[str, str]]:
    """Return the canonical names and the values of the parameters in the order in which the kernel sets them."""
    found = []
    for argument in _ARGUMENT.findall(text):
        name, _equals, value = _unquoted(argument).partition("=")
        if name == "--":
            break
        path, value = _path(name), value.strip('"')
        if path and value:
            # The kernel knows no patterns.
            with suppress(InvalidOption):
                found.append((sysctl_conf.canonical(path), value))
    return found


def is_applied(release: str) -> bool:
    """Return whether a kernel release such as '6.1.0-18-amd64' applies them; True if the release is not known."""
    found = re.match(r"(\d{1,4})\.(\d{1,4})", release, re.ASCII)
    return found is None or (int(found[1]), int(found[2])) >= _SINCE


def _path(name: str) -> str:
    """Return the path below /proc/sys, or an empty text if the argument is not for a parameter."""
    if name.startswith((f"{_PREFIX}.", f"{_PREFIX}/")):
        # The kernel takes each dot for a separator.
        return without_prefix(name, _PREFIX)[1:].replace(".", "/")
    return _ALIASES.get(name, "")


def _unquoted(argument: str) -> str:
    """Return an argument without quotes around all of it."""
    return argument[1:].partition('"')[0] if argument.startswith('"') else argument
