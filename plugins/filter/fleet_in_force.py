# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any, Callable, Iterable, Mapping

from ansible.errors import AnsibleError, AnsibleFilterError
from ansible.utils.unsafe_proxy import wrap_var
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import NettuneError
from ansible_collections.nettune.tcp.plugins.plugin_utils.fleet import in_force as core
from ansible_collections.nettune.tcp.plugins.plugin_utils.fleet import members
from ansible_collections.nettune.tcp.plugins.plugin_utils.plain import plain


def fleet_in_force(hostvars: Any, registered: Any, *, hosts: Iterable[str]) -> dict[str, Any]:
    """Whether the profiles of all hosts are in force; see fleet_in_force.yml."""
    if not isinstance(hostvars, Mapping):
        raise AnsibleFilterError(f"fleet_in_force takes hostvars, not a {type(hostvars).__name__}")
    if not isinstance(registered, str) or isinstance(hosts, (str, Mapping)):
        raise AnsibleFilterError("fleet_in_force takes the name of a variable, and hosts, a list of names")
    try:
        verdict = core.verdict([_member(hostvars, host, registered) for host in plain(list(hosts))])
    except (KeyError, TypeError, AttributeError):
        raise AnsibleFilterError(f"{registered} does not hold results of nettune.tcp.profile_info") from None
    # Hosts say what is in it, so no template may ever be evaluated in there.
    return wrap_var(verdict._asdict())


def _member(hostvars: Mapping[str, Any], host: str, registered: str) -> core.Member | members.Missing:
    try:
        result = plain(hostvars[host].get(registered, {}))
    except (AnsibleError, NettuneError, KeyError) as error:
        return members.Missing(host, f"its variables cannot be read: {error}")
    missing = members.absence(host, result)
    if missing or "not_in_force" in result:
        return missing or core.Member(host, result)
    return members.Missing(host, "it was not asked: the play had ended for it")


class FilterModule:
    """Filters about whether the profiles of a fleet hold."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"fleet_in_force": fleet_in_force}
