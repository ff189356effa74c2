# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Kernel parameters in the `bootcmd` of cloud-init's merged user data, which runs at every boot.

What `write_files` and `runcmd` of the user data did when the machine was made is found in the files they wrote.
"""

from __future__ import annotations

import re

from . import sysctl_conf

PATH = "/var/lib/cloud/instance/cloud-config.txt"
_NAME = re.compile(r"\b((?:abi|crypto|debug|dev|fs|kernel|net|sunrpc|user|vm)[./][\w./*-]*\w)\s*=", re.ASCII)


def names_at_boot(text: str) -> list[tuple[int, str]]:
    """Return the line number and the canonical name of each parameter in `bootcmd`."""
    found, inside = [], False
    for number, line in enumerate(text.split("\n"), start=1):
        if line and line[0] not in " -#\t\r":
            inside = line.startswith("bootcmd:")
        if inside and not line.lstrip().startswith("#"):
            found += [(number, sysctl_conf.from_path(sysctl_conf.to_path(name))) for name in _NAME.findall(line)]
    return found
