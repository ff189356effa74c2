# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: diagnose
short_description: Find out from a host's TCP facts why connections pile up, and what helps
version_added: 1.0.0
author: nettune.tcp contributors (@nettune)
description:
  - Judges facts the way M(nettune.tcp.tcp_diagnosis_info) judges a host. The facts may have been gathered by this
    play, come from a fact cache or be saved in a file.
  - Rules that lack facts are listed as unjudged. All subsets and a C(sample) of M(nettune.tcp.tcp_facts) are enough
    for nearly all rules; M(nettune.tcp.sysctl_facts) and M(nettune.tcp.nofile_facts) add the rest.
positional: thresholds
options:
  _input:
    description:
      - The variable C(ansible_facts), a registered result of M(nettune.tcp.tcp_facts), or C(nettune_tcp) alone.
    type: dict
    required: true
  thresholds:
    description: See the option O(nettune.tcp.tcp_diagnosis_info#module:thresholds).
    type: dict
    default: {}
  idle_timeout:
    description: See the option O(nettune.tcp.tcp_diagnosis_info#module:idle_timeout).
    type: int
    default: 0
  rules:
    description:
      - Additional rules. Each is a dictionary with C(id), C(expression), C(title), and optionally C(severity)
        (V(info), V(warning), the default, or V(critical)), C(cause), C(remedies) (dictionaries with C(kind) and
        C(text)), C(avoid) and C(sources).
      - C(expression) is a L(JMESPath, https://jmespath.org/tutorial.html) expression over C(nettune_tcp), with
        C(nettune_sysctl) and C(nettune_nofile) as C(sysctl) and C(nofile). A result that is null, false, 0 or empty
        is no finding.
      - In texts, C({found}) is replaced by the result. If the result is a dictionary, its keys are replaced by its
        values.
    type: list
    elements: dict
    default: []
seealso:
  - module: nettune.tcp.tcp_diagnosis_info
  - module: nettune.tcp.tcp_facts
"""

EXAMPLES = r"""
- name: Gather the facts that most rules need
  nettune.tcp.tcp_facts:
    gather_subset: all
    sample: 5
  become: true

- name: Show the findings
  ansible.builtin.debug:
    msg: "{{ (ansible_facts | nettune.tcp.diagnose).findings }}"

- name: Diagnose with an additional rule
  ansible.builtin.debug:
    msg: "{{ (ansible_facts | nettune.tcp.diagnose(rules=additional)).findings }}"
  vars:
    additional:
      - id: no_backend
        expression: "states.SYN_SENT > `50` && {count: states.SYN_SENT, peers: peers.SYN_SENT}"
        title: "{count} connections get no answer from {peer_list}"
        severity: critical
        remedies:
          - kind: network
            text: Check that the backend is up and that no firewall drops its answers.
"""

RETURN = r"""
_value:
  description: C(findings), C(notes) and C(unjudged), as M(nettune.tcp.tcp_diagnosis_info) returns them.
  type: dict
"""

from typing import Any, Callable

from ansible.errors import AnsibleFilterError
from ansible.utils.unsafe_proxy import wrap_var
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import NettuneError
from ansible_collections.nettune.tcp.plugins.module_utils._diagnosis import engine
from ansible_collections.nettune.tcp.plugins.module_utils._diagnosis.facts import facts_of
from ansible_collections.nettune.tcp.plugins.plugin_utils.diagnosis import additional_rules
from ansible_collections.nettune.tcp.plugins.plugin_utils.fleet.query import Query
from ansible_collections.nettune.tcp.plugins.plugin_utils.plain import plain


def diagnose(facts: Any, thresholds: Any = None, *, idle_timeout: Any = 0, rules: Any = None) -> dict[str, Any]:
    """Return findings, notes and unjudged rules for the facts of a host; see DOCUMENTATION."""
    try:
        given = plain(facts)
        queries = [(rule, Query(rule.expression)) for rule in additional_rules.parse(plain(rules))]
        judged = [rule.found(query.search(facts_of(given).document)) for rule, query in queries]
        more = [finding for finding in judged if finding]
        found = engine.diagnose(given, thresholds=plain(thresholds), idle_timeout=plain(idle_timeout), additional=more)
    except NettuneError as error:
        raise AnsibleFilterError(f"diagnose: {error}") from None
    # The texts come from the host, so templates in them must never be evaluated.
    return wrap_var(found)


class FilterModule:
    """Provide the filter diagnose."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"diagnose": diagnose}
