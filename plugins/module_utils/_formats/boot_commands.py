# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Shell commands that ufw and cloud-init run at every boot, as far as they set kernel parameters.

If ufw is enabled, ufw-init-functions ends with `sysctl -e -q -p $IPT_SYSCTL`. cloud-init runs the `bootcmd` of its
merged user data; what `write_files` and `runcmd` did when the machine was made is found in the files they wrote.
"""

from __future__ import annotations

import re

from . import sysctl_conf

# ufw-init sources both as shell, in this order.
UFW = ("/etc/default/ufw", "/etc/ufw/ufw.conf")
CLOUD_CONFIG = "/var/lib/cloud/instance/cloud-config.txt"
_ASSIGNMENT = re.compile(r"\s*(?:export\s+)?(?P<name>ENABLED|IPT_SYSCTL)=(?P<value>\"[^\"]*\"|'[^']*'|[^\s#;]*)")
_NAME = re.compile(r"\b((?:abi|crypto|debug|dev|fs|kernel|net|sunrpc|user|vm)[./][\w./*-]*\w)\s*=", re.ASCII)


def ufw_file(*texts: str) -> str:
    """Return the path of the file with kernel parameters that ufw applies; empty if it applies none.

    texts: of UFW, in this order.
    """
    found = {"ENABLED": "no", "IPT_SYSCTL": ""}
    for match in filter(None, (_ASSIGNMENT.match(line) for text in texts for line in text.split("\n"))):
        found[match["name"]] = match["value"].strip("\"'")
    return found["IPT_SYSCTL"] if found["ENABLED"].lower() == "yes" else ""


def names_in_bootcmd(text: str) -> list[tuple[int, str]]:
    """Return the line number and the canonical name of each parameter in the `bootcmd` of cloud-init."""
    found, inside = [], False
    for number, line in enumerate(text.split("\n"), start=1):
        if line and line[0] not in " -#\t\r":
            inside = line.startswith("bootcmd:")
        if inside and not line.lstrip().startswith("#"):
            found += [(number, sysctl_conf.from_path(sysctl_conf.to_path(name))) for name in _NAME.findall(line)]
    return found
