# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The addresses of hosts that do not answer, as far as the inventory or the fact cache tells them."""

from __future__ import annotations

import re
from typing import Any, Iterable, Mapping

from ansible.errors import AnsibleError

from ..plain import plain
from . import document
from .ends import own_address

# Other reasons, such as a refused connection or a wrong key, come from a host that is up.
_NO_ANSWER = re.compile(r"timed out|no route to host|host is down|network is unreachable", re.IGNORECASE)
_SSH_PORTS = (None, 22, "22")


def unreachable(hostvars: Any, missing: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return rows of {host, addresses} of the hosts that do not answer and whose addresses are known.

    missing: rows of {host, unreachable, reason}. Hosts with another port than ssh's may share an address.
    """
    silent = [str(row["host"]) for row in missing if row["unreachable"] and _NO_ANSWER.search(row["reason"])]
    found = ((host, _addresses(host, hostvars)) for host in silent if host in hostvars)
    return [{"host": host, "addresses": addresses} for host, addresses in found if addresses]


def _addresses(host: str, hostvars: Any) -> list[str]:
    try:
        variables = hostvars[host]
        if variables.get("ansible_port") not in _SSH_PORTS:
            return []
        facts = plain(document.facts_among(variables)).get("nettune_tcp")
        cached = facts.get("addresses") if isinstance(facts, Mapping) else None
        named = plain(variables.get("ansible_host") or host)
    except AnsibleError:
        return []
    candidates = [named, *(cached if isinstance(cached, list) else [])]
    return [address for address in candidates if isinstance(address, str) and own_address(address)]
