# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any, Callable, Iterable, Mapping

from ansible.errors import AnsibleError, AnsibleFilterError
from ansible.utils.unsafe_proxy import wrap_var
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import NettuneError
from ansible_collections.nettune.tcp.plugins.plugin_utils.fleet import members
from ansible_collections.nettune.tcp.plugins.plugin_utils.fleet.query import Query
from ansible_collections.nettune.tcp.plugins.plugin_utils.plain import plain


def fleet_query(
    hostvars: Any, expression: Any, *, hosts: Iterable[str] | None = None, registered: str | None = None
) -> Any:
    """What a JMESPath expression finds in the facts of all hosts; see fleet_query.yml."""
    if not isinstance(hostvars, Mapping):
        raise AnsibleFilterError(f"fleet_query takes hostvars, not a {type(hostvars).__name__}")
    if isinstance(hosts, (str, Mapping)):
        raise AnsibleFilterError(f"hosts is {hosts!r}; it must be a list of names, such as groups.web")
    try:
        query = Query(expression)
        names = _names(hostvars) if hosts is None else plain(list(hosts))
        found = query.search(members.document([_member(hostvars, host, registered) for host in names]))
    except NettuneError as error:
        raise AnsibleFilterError(str(error)) from None
    # Hosts say what is in it, so no template may ever be evaluated in there.
    return wrap_var(found)


def _names(hostvars: Mapping[str, Any]) -> list[str]:
    """All hosts of the inventory, and localhost where it is in there or has facts."""
    # In ansible-core 2.18 hostvars lists no host at all until it was asked for localhost, and then that one as well.
    localhost = hostvars.get("localhost")
    listed = list(hostvars)
    if "localhost" in listed and not (localhost.get("group_names") or members.facts_among(localhost)):
        listed.remove("localhost")
    return listed


def _member(hostvars: Mapping[str, Any], host: str, registered: str | None) -> dict[str, Any] | members.Missing:
    if host not in hostvars:
        return members.Missing(host, "not in the inventory")
    try:
        variables = hostvars[host]
        result = members.result_among(variables, registered) if registered else {}
        return members.absence(host, plain(result)) or members.member(host, plain(members.facts_among(variables)))
    except (AnsibleError, NettuneError) as error:
        return members.Missing(host, f"its variables cannot be read: {error}")


class FilterModule:
    """Filters about a whole fleet."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"fleet_query": fleet_query}
