# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any, Callable, Iterable, Mapping

from ansible.errors import AnsibleError, AnsibleFilterError
from ansible.utils.unsafe_proxy import wrap_var
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import NettuneError
from ansible_collections.nettune.tcp.plugins.plugin_utils.fleet import members
from ansible_collections.nettune.tcp.plugins.plugin_utils.plain import plain

_PARTS = ("findings", "notes", "unjudged")


def fleet_diagnosis(hostvars: Any, *, hosts: Iterable[str], registered: str) -> dict[str, Any]:
    """The diagnoses of many hosts in one document; see fleet_diagnosis.yml."""
    if not isinstance(hostvars, Mapping):
        raise AnsibleFilterError(f"fleet_diagnosis takes hostvars, not a {type(hostvars).__name__}")
    if isinstance(hosts, (str, Mapping)):
        raise AnsibleFilterError(f"hosts is {hosts!r}; it must be a list of names, such as ansible_play_hosts_all")
    found = [_diagnosed(hostvars, str(host), registered) for host in hosts]
    return wrap_var(members.document(found))


def _diagnosed(hostvars: Mapping[str, Any], host: str, registered: str) -> dict[str, Any] | members.Missing:
    if host not in hostvars:
        return members.Missing(host, "not in the inventory")
    try:
        variables = hostvars[host]
        absence = members.absence(host, plain(members.result_among(variables, registered)))
        result = variables.get(registered)
        if absence or not isinstance(result, Mapping) or any(part not in result for part in _PARTS):
            return absence or members.Missing(host, f"it has no diagnosis in {registered}")
        return {"host": host, **{part: plain(result[part]) for part in _PARTS}}
    except (AnsibleError, NettuneError) as error:
        return members.Missing(host, f"its variables cannot be read: {error}")


class FilterModule:
    """Filters about a whole fleet."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"fleet_diagnosis": fleet_diagnosis}
