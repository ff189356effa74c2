# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The two files that ufw-init sources as shell: /etc/default/ufw, then /etc/ufw/ufw.conf.

If ufw is enabled, ufw-init-functions ends with `sysctl -e -q -p $IPT_SYSCTL`.
"""

from __future__ import annotations

import re

FILES = ("/etc/default/ufw", "/etc/ufw/ufw.conf")
_ASSIGNMENT = re.compile(r"\s*(?:export\s+)?(?P<name>ENABLED|IPT_SYSCTL)=(?P<value>\"[^\"]*\"|'[^']*'|[^\s#;]*)")


def sysctl_file(*texts: str) -> str:
    """Return the path of the file with kernel parameters that ufw applies; empty if it applies none.

    texts: of FILES, in this order.
    """
    found = {"ENABLED": "no", "IPT_SYSCTL": ""}
    for match in filter(None, (_ASSIGNMENT.match(line) for text in texts for line in text.split("\n"))):
        found[match["name"]] = match["value"].strip("\"'")
    return found["IPT_SYSCTL"] if found["ENABLED"].lower() == "yes" else ""
