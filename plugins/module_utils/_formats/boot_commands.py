# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Shell commands that run at every boot, as far as they set kernel parameters.

If ufw is enabled, ufw-init-functions ends with `sysctl -e -q -p $IPT_SYSCTL`. cloud-init runs the `bootcmd` of its
merged user data; what `write_files` and `runcmd` did when the machine was made is found in the files they wrote.
systemd runs rc.local if it is executable (systemd-rc-local-generator(8)), and ifupdown the commands of interfaces(5).
"""

from __future__ import annotations

import re

from . import sysctl_conf

# ufw-init sources both as shell, in this order.
UFW = ("/etc/default/ufw", "/etc/ufw/ufw.conf")
CLOUD_CONFIG = "/var/lib/cloud/instance/cloud-config.txt"
_ASSIGNMENT = re.compile(r"\s*(?:export\s+)?(?P<name>ENABLED|IPT_SYSCTL)=(?P<value>\"[^\"]*\"|'[^']*'|[^\s#;]*)")
RC_LOCAL = ("/etc/rc.local", "/etc/rc.d/rc.local")
INTERFACES, INTERFACES_D = "/etc/network/interfaces", "/etc/network/interfaces.d"
# Exists if systemd starts ifupdown at boot.
IFUPDOWN = "/etc/systemd/system/multi-user.target.wants/networking.service"
_NAME = re.compile(
    r"/proc/sys/([\w*.-]+(?:/[\w*.-]+)+)|"
    r"\b((?:abi|crypto|debug|dev|fs|kernel|net|sunrpc|user|vm)[./][\w./*-]*\w)\s*=",
    re.ASCII,
)
_INTERFACE = re.compile(r"\$\{?IFACE\}?")
_LOADS_DEFAULT = re.compile(
    r"\s*(?:/usr)?(?:/s?bin/)?sysctl(?:\s+-[eq]+)*\s+(?:-[eq]*p|--load|--system)\s*(?:[>|&;#].*)?"
)


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
        found += [(number, name) for name in _names(line)] if inside else []
    return found


def names_in_commands(text: str) -> list[tuple[int, str]]:
    """Return the line number and the canonical name of each parameter in a script; the interface of ifupdown is `*`."""
    return [(number, name) for number, line in enumerate(text.split("\n"), start=1) for name in _names(line)]


def loads_sysctl_conf(text: str) -> bool:
    """Return whether a script has a command such as `sysctl -p`, which applies /etc/sysctl.conf."""
    return any(_LOADS_DEFAULT.fullmatch(line) for line in text.split("\n"))


def _names(line: str) -> list[str]:
    if line.lstrip().startswith("#"):
        return []
    found = _NAME.findall(_INTERFACE.sub("*", line))
    return [sysctl_conf.from_path(path or sysctl_conf.to_path(name)) for path, name in found]
