# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: fleet_query
short_description: Query the facts of all hosts with JMESPath
version_added: 1.0.0
author: nettune.tcp contributors (@nettune)
description:
  - Evaluates a JMESPath expression over the TCP facts of a whole fleet. The facts may have been gathered by this
    play or come from a fact cache.
  - "The expression sees C({hosts: [...], missing: [...]}). Each of C(hosts) has its name as C(host), then
    everything in C(nettune_tcp) as M(nettune.tcp.tcp_facts) returns it, and C(nettune_sysctl) and
    C(nettune_nofile), if present, as C(sysctl) and C(nofile)."
  - A host without such facts is listed in C(missing), with C(host), C(unreachable) and C(reason). It never makes
    the query fail.
requirements:
  - jmespath on the controller
positional: expression
options:
  _input:
    description: The variable C(hostvars).
    type: dict
    required: true
  expression:
    description: A L(JMESPath, https://jmespath.org/tutorial.html) expression.
    type: str
    required: true
  hosts:
    description: Names of the hosts to query. The default is all hosts of the inventory.
    type: list
    elements: str
  registered:
    description:
      - Name of the variable in which each host has registered its result of M(nettune.tcp.tcp_facts). If the result
        says that the task failed or the host was unreachable, the host is missing, even if a cache has facts of it.
    type: str
  parse_only:
    description:
      - Only check that the expression is valid JMESPath, and return V(null). Use it to fail before facts are
        gathered.
    type: bool
    default: false
seealso:
  - plugin: nettune.tcp.as_table
    plugin_type: filter
  - plugin: nettune.tcp.fleet_results
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Gather the facts
  nettune.tcp.tcp_facts:
    gather_subset: [min, counters]
  ignore_unreachable: true

- name: Show the hosts with the most connections in TIME_WAIT
  ansible.builtin.debug:
    msg: "{{ hostvars | nettune.tcp.fleet_query(most) }}"
  run_once: true
  vars:
    most: "reverse(sort_by(hosts[?states], &states.TIME_WAIT))[:10].{host: host, time_wait: states.TIME_WAIT}"

- name: Fail if an accept queue has overflowed
  ansible.builtin.assert:
    that: overflowed | length == 0
    fail_msg: "accept queues have overflowed on {{ overflowed }}"
  run_once: true
  vars:
    overflowed: "{{ hostvars | nettune.tcp.fleet_query('hosts[?counters.TcpExt.ListenOverflows > `0`].host') }}"

- name: List the hosts without facts
  ansible.builtin.debug:
    msg: "{{ hostvars | nettune.tcp.fleet_query('missing[].[host, reason]') }}"
  run_once: true
"""

RETURN = r"""
_value:
  description: The result of the expression; V(null) if nothing matches.
  type: raw
"""

from typing import Any, Callable, Iterable, Mapping

from ansible.errors import AnsibleFilterError
from ansible.utils.unsafe_proxy import wrap_var
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import NettuneError
from ansible_collections.nettune.tcp.plugins.plugin_utils.fleet import document
from ansible_collections.nettune.tcp.plugins.plugin_utils.fleet.query import Query


def fleet_query(
    hostvars: Any,
    expression: Any,
    *,
    hosts: Iterable[str] | None = None,
    registered: str | None = None,
    parse_only: bool = False,
) -> Any:
    """Return the result of a JMESPath expression over the facts of all hosts; see DOCUMENTATION."""

    def row(host: str, variables: Mapping[str, Any]) -> dict[str, Any] | document.Missing:
        return document.facts_row(host, variables, registered)

    try:
        query = Query(expression)
        found = None if parse_only else query.search(document.collect(hostvars, hosts, row))
    except NettuneError as error:
        raise AnsibleFilterError(f"fleet_query: {error}") from None
    # The texts come from the hosts, so templates in them must never be evaluated.
    return wrap_var(found)


class FilterModule:
    """Provide the filter fleet_query."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"fleet_query": fleet_query}
