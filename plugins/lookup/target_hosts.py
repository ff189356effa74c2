# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: target_hosts
short_description: Internal helper of the playbooks; do not use directly
version_added: 1.0.0
description:
  - Internal. Returns the host pattern of a play. If no host matches it, or if only the help is to be printed, returns a
    single host, on which M(nettune.tcp.check_options) runs; so it does for a recording. Fails if the command line skips
    that task.
author: nettune.tcp contributors (@nettune)
options:
  _terms:
    description: The host pattern.
    required: true
  given:
    description: The value of C(nettune_from), if the playbook has that option.
    type: str
    default: ''
"""

EXAMPLES = r"""
- name: Gather TCP facts
  hosts: "{{ lookup('nettune.tcp.target_hosts', target | default('all')) }}"
  gather_facts: false
  tasks:
    - name: Check the options
      nettune.tcp.check_options:
        playbook: facts
      run_once: true
"""

RETURN = r"""
_raw:
  description: The pattern to use.
  type: list
  elements: str
"""

from typing import Any, Mapping, Sequence

from ansible import context
from ansible.errors import AnsibleError
from ansible.plugins.lookup import LookupBase
from ansible_collections.nettune.tcp.plugins.plugin_utils.fleet import source
from ansible_collections.nettune.tcp.plugins.plugin_utils.options import playbooks, rows

_LOCAL = "localhost"


class LookupModule(LookupBase):
    """Choose the hosts of a play."""

    def run(self, terms: Sequence[Any], variables: Mapping[str, Any] | None = None, **kwargs: Any) -> list[str]:
        """Return the pattern, or a host that matches --limit. Raises AnsibleError if no check would be run."""
        variables = variables or {}
        if "always" in variables.get("ansible_skip_tags", ()):
            raise AnsibleError("--skip-tags always: the playbook has to check its options. Run it without this tag.")
        if _starts_later():
            raise AnsibleError("--start-at-task: the playbook has to check its options. Run it from its first task.")
        pattern = playbooks.as_text(terms[0])
        groups, limit = variables.get("groups", {}), variables.get("ansible_limit")
        helping, recorded = rows.asks_for_help(variables), source.is_recording(kwargs.get("given"))
        if not helping and not recorded and playbooks.matching(pattern, groups, limit, self._loader):
            return [pattern]
        if playbooks.matching(_LOCAL, groups, limit, self._loader):
            return [_LOCAL]
        # --limit applies to this play too, and a play without hosts would end without an error.
        return playbooks.matching("all", groups, limit, self._loader)[:1] or [pattern]


def _starts_later() -> bool:
    """Return whether a playbook of ours, rather than one that imports it, is run from another task than its first."""
    files = (str(path).rpartition("/")[2].removesuffix(".yml") for path in context.CLIARGS.get("args") or ())
    ours = any(file.rpartition(".")[2].replace("-", "_") in playbooks.NAMES for file in files)
    return ours and context.CLIARGS.get("start_at_task") not in (None, playbooks.FIRST_TASK)
