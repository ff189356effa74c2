# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: drift
short_description: List the differences from a profile that check-mode results show
version_added: 1.0.0
author: nettune.tcp contributors (@nettune)
description:
  - Takes the check-mode results of M(nettune.tcp.sysctl_profile) and M(nettune.tcp.nofile_limits) of a host and
    lists what they would change, and the limits that the host does not allow.
  - M(nettune.tcp.profile_info) lists the same for all profiles of a host, from its journals, without the options of
    the modules.
positional: best_effort
options:
  _input:
    description:
      - Registered results of M(nettune.tcp.sysctl_profile) and M(nettune.tcp.nofile_limits), run with
        C(check_mode=true). A skipped result has no drift.
    type: list
    elements: dict
    required: true
  best_effort:
    description: Whether to ignore open-file limits that the host does not allow.
    type: bool
    default: false
seealso:
  - module: nettune.tcp.profile_info
  - plugin: nettune.tcp.as_table
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Apply the kernel parameters of a profile
  nettune.tcp.sysctl_profile: &settings
    name: web
    settings:
      net.ipv4.tcp_fin_timeout: 30
  become: true

- name: Apply the open-file limits of the profile
  nettune.tcp.nofile_limits: &limits
    name: web
    soft: 65536
    services: [nginx]
  become: true

- name: Check the kernel parameters
  nettune.tcp.sysctl_profile: *settings
  become: true
  check_mode: true
  register: sysctl_now

- name: Check the open-file limits
  nettune.tcp.nofile_limits: *limits
  become: true
  check_mode: true
  register: nofile_now

- name: Fail if the host has drifted from its profile
  ansible.builtin.assert:
    that: drift | length == 0
    fail_msg: "{{ drift | nettune.tcp.as_table(layout='drift') }}"
  vars:
    drift: "{{ [sysctl_now, nofile_now] | nettune.tcp.drift }}"
"""

RETURN = r"""
_value:
  description:
    - A dictionary for each difference, with the keys of RV(nettune.tcp.profile_info#module:drift) except C(profile).
  type: list
  elements: dict
"""

from typing import Any, Callable, Mapping

from ansible.errors import AnsibleFilterError
from ansible.utils.unsafe_proxy import wrap_var
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import NettuneError
from ansible_collections.nettune.tcp.plugins.module_utils._verify import differences
from ansible_collections.nettune.tcp.plugins.plugin_utils.plain import plain

_NOFILE_KEYS = {"services", "users", "processes", "refused"}


def drift(results: Any, best_effort: bool = False) -> list[dict[str, Any]]:
    """Return the differences in check-mode results; see DOCUMENTATION."""
    try:
        given = plain(results)
    except NettuneError as error:
        raise AnsibleFilterError(f"drift: {error}") from None
    if not isinstance(given, list):
        raise AnsibleFilterError(f"drift: the input has the type {type(given).__name__}; it must be a list of results")
    found = []
    for number, result in enumerate(given, start=1):
        try:
            found += _differences(result, best_effort=best_effort)
        except (KeyError, TypeError, AttributeError):
            raise AnsibleFilterError(
                f"drift: result {number} is neither of sysctl_profile nor of nofile_limits: {_shown(result)}"
            ) from None
    # The texts come from the host, so templates in them must never be evaluated.
    return wrap_var([one._asdict() for one in found])


def _differences(result: Mapping[str, Any], *, best_effort: bool) -> list[differences.Difference]:
    if result.get("skipped"):
        return []
    if "settings" in result:
        return differences.of_sysctl(result)
    if _NOFILE_KEYS & set(result):
        return differences.of_nofile(result, best_effort=best_effort)
    raise KeyError("settings")


def _shown(result: Any) -> str:
    """Return what a message says about a result: its keys, or its type."""
    if isinstance(result, dict):
        return f"it has the keys {', '.join(sorted(result))}" if result else "it is empty"
    return f"it has the type {type(result).__name__}"


class FilterModule:
    """Provide the filter drift."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"drift": drift}
