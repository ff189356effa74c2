# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: batches
short_description: The batches of a rollout, for the keyword serial of a play
version_added: 1.0.0
description:
  - Returns the value of C(serial) for C(nettune_serial). A single number or percentage gets a canary, a batch of one
    host, in front. Without a value the play has no batches.
  - For a value that is not allowed it returns no batches; the play then fails before any host is changed.
author: nettune.tcp contributors (@nettune)
options:
  _terms:
    description: The value of C(nettune_serial), a list, a single value, or text with commas.
    required: true
"""

EXAMPLES = r"""
- name: Tune the web servers, one of them first, then 10 % and half of them at a time
  hosts: web
  become: true
  serial: "{{ query('nettune.tcp.batches', nettune_serial) }}"
  vars:
    nettune_serial: [1, 10%, 50%]
  roles:
    - nettune.tcp.web
"""

RETURN = r"""
_raw:
  description: Numbers and percentages of hosts.
  type: list
  elements: raw
  sample: [1, 10%]
"""

from typing import Any, Mapping, Sequence

from ansible.plugins.lookup import LookupBase
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import NettuneError
from ansible_collections.nettune.tcp.plugins.plugin_utils.fleet import batches
from ansible_collections.nettune.tcp.plugins.plugin_utils.plain import plain


class LookupModule(LookupBase):
    """Return the batches of a play."""

    def run(self, terms: Sequence[Any], variables: Mapping[str, Any] | None = None, **kwargs: Any) -> list[Any]:
        """Return numbers of hosts and percentages; none for a value that is not allowed."""
        try:
            return list(batches.parse(plain(terms[0]))) if terms else []
        except NettuneError:
            return []
