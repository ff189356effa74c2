# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: fleet_results
short_description: Collect the registered results of all hosts
version_added: 1.0.0
author: nettune.tcp contributors (@nettune)
description:
  - Collects in one document what each host has registered, for example of M(nettune.tcp.tcp_diagnosis_info) or
    M(nettune.tcp.profile_info). A host where the task failed or did not run, or that was unreachable, is listed in
    C(missing) and never makes the filter fail.
positional: registered
options:
  _input:
    description: The variable C(hostvars).
    type: dict
    required: true
  registered:
    description: Name of the variable in which each host has registered its result.
    type: str
    required: true
  hosts:
    description: Names of the hosts. The default is all hosts of the inventory.
    type: list
    elements: str
seealso:
  - plugin: nettune.tcp.as_table
    plugin_type: filter
  - plugin: nettune.tcp.fleet_query
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Diagnose each host
  nettune.tcp.tcp_diagnosis_info:
  become: true
  ignore_errors: true
  ignore_unreachable: true
  register: diagnosed

- name: Show the findings of the fleet
  ansible.builtin.debug:
    msg: "{{ fleet | nettune.tcp.as_table(layout='cards') }}"
  run_once: true
  vars:
    fleet: "{{ hostvars | nettune.tcp.fleet_results('diagnosed', hosts=ansible_play_hosts_all) }}"
"""

RETURN = r"""
_value:
  description:
    - C(hosts), each with its name as C(host) and the keys of its result, without those that Ansible adds (such as
      C(changed)); and C(missing), each with C(host), C(unreachable) and C(reason).
  type: dict
"""

from typing import Any, Callable, Iterable, Mapping

from ansible.errors import AnsibleFilterError
from ansible.utils.unsafe_proxy import wrap_var
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import NettuneError
from ansible_collections.nettune.tcp.plugins.plugin_utils.fleet import document


def fleet_results(hostvars: Any, registered: Any, *, hosts: Iterable[str] | None = None) -> dict[str, Any]:
    """Return the registered results of all hosts as one document; see DOCUMENTATION."""
    if not isinstance(registered, str):
        raise AnsibleFilterError(f"fleet_results: registered is {registered!r}; it must be the name of a variable")

    def row(host: str, variables: Mapping[str, Any]) -> dict[str, Any] | document.Missing:
        return document.result_row(host, variables, registered)

    try:
        found = document.collect(hostvars, hosts, row)
    except NettuneError as error:
        raise AnsibleFilterError(f"fleet_results: {error}") from None
    # The texts come from the hosts, so templates in them must never be evaluated.
    return wrap_var(found)


class FilterModule:
    """Provide the filter fleet_results."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"fleet_results": fleet_results}
