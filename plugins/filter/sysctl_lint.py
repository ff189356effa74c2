# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: sysctl_lint
short_description: Judge each sysctl setting of a file, a web page or variables
version_added: 1.0.0
author: nettune.tcp contributors (@nettune)
description:
  - Finds the kernel parameters that a text sets and returns a verdict on each, with the reason and a line to write
    instead.
  - "A text may be a C(sysctl.conf), a shell script or transcript (C(sysctl -w), C(echo) into C(/proc/sys),
    here-documents), YAML or JSON (variables of this collection's roles, tasks, container manifests), or prose in
    any language around any of these. Comments and sentences are skipped; nothing in a text makes the filter fail."
  - If most lines of a text are settings, the text is taken for a file, and lines that C(sysctl) would not read are
    V(invalid), such as a missing or full-width C(=), or quotes. Otherwise it is prose, which is read leniently, and
    each run of settings in it is treated as a file of its own.
  - All names in C(net.core), C(net.ipv4), C(net.netfilter) and of interface parameters are known, so any other name
    there is a V(typo). In other families only the parameters with which servers are usually tuned are known; any
    other is V(ok) and reported as unknown, unless it differs in one letter from a known one. If the kernel is newer
    than the catalogue, an unknown name below C(net) is V(unknown) instead.
  - It judges the effect of a line, not its comments. A parameter unrelated to TCP is V(ok) if the kernel accepts
    its value.
positional: kernel, facts
options:
  _input:
    description: The text; or a dictionary of settings, which are numbered from 1.
    type: raw
    required: true
  kernel:
    description:
      - Release of the kernel that the settings are for, such as V(3.10), V(5.15) or V(6.8.0-31-generic). Write it
        in quotes.
      - The default is the kernel of O(facts), or the newest known kernel if they do not include it.
      - Kernels modified by distributors are judged like the upstream release of the same number. A value that stable
        updates of that release may reject is V(ok) with a remark.
    type: str
  facts:
    description:
      - Facts of a host, as C(ansible_facts) or a host's variables hold them. From M(nettune.tcp.sysctl_facts) it
        takes the running values, so that a lower value V(lowers) them and a parameter that the host does not have
        has V(no_effect); C(kernel.osrelease) there gives the kernel. From M(nettune.tcp.tcp_facts) it takes the
        listeners, with which a port range V(collides), and the limits. C(ansible_kernel) gives the kernel, too.
      - Without facts, values are compared with the kernel's defaults, and port ranges with ports on which servers
        usually listen.
    type: dict
  idle_timeout:
    description:
      - Seconds after which a NAT gateway, load balancer or firewall between the host and its peers forgets idle
        connections, such as V(350) for those of AWS. Keepalive that begins later has V(no_effect) for them.
      - V(0) if it is not known. With O(facts) the timeout of the host's own connection tracking is known, too.
    type: int
    default: 0
seealso:
  - plugin: nettune.tcp.as_table
    plugin_type: filter
  - module: nettune.tcp.sysctl_facts
  - module: nettune.tcp.sysctl_profile
"""

EXAMPLES = r"""
- name: Judge a file for the kernel of another release
  ansible.builtin.debug:
    msg: "{{ text | nettune.tcp.sysctl_lint(kernel='5.15') | nettune.tcp.as_table(layout='lint') }}"
  vars:
    text: |
      net.ipv4.tcp_tw_recycle = 1
      net.ipv4.tcp_max_tw_buckets = 5000

- name: Gather the running values
  nettune.tcp.sysctl_facts:

- name: Gather the listeners
  nettune.tcp.tcp_facts:
    gather_subset: [listeners]

- name: Fail if a role's variables would lower a limit of the host, or take the ports of its listeners
  ansible.builtin.assert:
    that: problems | length == 0
    fail_msg: "{{ problems | nettune.tcp.as_table(layout='lint') }}"
  vars:
    web_settings:
      net.core.somaxconn: 8192
      net.ipv4.ip_local_port_range: [32768, 60999]
    problems: >-
      {{ web_settings | nettune.tcp.sysctl_lint(facts=ansible_facts)
         | selectattr('verdict', 'in', ['lowers', 'collides', 'hazard']) }}
"""

RETURN = r"""
_value:
  description: A dictionary for each setting, in the order of the text.
  type: list
  elements: dict
  contains:
    line:
      description: Line number in the text, from 1.
      type: int
      sample: 7
    key:
      description: The parameter as written, with dots between its parts.
      type: str
      sample: net.ipv4.tcp_tw_recycle
    value:
      description: The value as written, without surrounding quotes or blanks; C((secret)) if it must not be shown.
      type: str
      sample: "1"
    verdict:
      description:
        - V(ok), or the most serious of these that applies.
        - V(typo), no kernel has such a parameter.
        - V(removed), the kernel no longer has it.
        - V(renamed), it has been renamed.
        - V(invalid), the kernel or C(sysctl) does not accept it as written.
        - V(ordering), a later line overrides it, or it stands before a line that it needs.
        - V(collides), it takes ports on which the host listens.
        - V(hazard), it is known to take services down or to weaken them.
        - V(wrong_direction), it does the opposite of what it is set for.
        - V(lowers), it sets a limit below the one that the host has or the kernel's default.
        - V(unknown), it may be newer than the catalogue of this collection, as the kernel is.
        - V(no_effect), it changes nothing, alone or together with the other settings.
      type: str
      choices:
        [typo, removed, renamed, invalid, ordering, collides, hazard, wrong_direction, lowers, unknown, no_effect, ok]
      sample: removed
    severity:
      description:
        - V(critical) for V(collides) and V(hazard).
        - V(warning) for V(typo), V(removed), V(renamed), V(invalid), V(ordering), V(wrong_direction), V(lowers) and
          V(unknown).
        - V(info) for V(no_effect).
        - V(ok) for V(ok).
      type: str
      choices: [critical, warning, info, ok]
      sample: warning
    message:
      description: The reason; for V(ok) a remark, or empty.
      type: str
      sample: "removed in Linux 4.12: it dropped clients behind NAT and has no replacement"
    suggestion:
      description:
        - What to write instead, or in addition, in the form of the setting. A line that should go is written as a
          comment. Several lines are separated by line breaks. Empty if there is nothing to suggest.
      type: str
      sample: "# net.ipv4.tcp_tw_recycle = 1"
    count:
      description:
        - How many settings the row stands for. Only rows at the end have it, for settings that are not listed because
          10000 with the same verdict are. They have no C(line) and no C(key).
      type: int
      sample: 190000
"""

from typing import Any, Callable

from ansible.errors import AnsibleFilterError
from ansible.utils.unsafe_proxy import wrap_var
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import NettuneError
from ansible_collections.nettune.tcp.plugins.plugin_utils.lint import engine
from ansible_collections.nettune.tcp.plugins.plugin_utils.plain import plain


def sysctl_lint(text: Any, *, kernel: Any = None, facts: Any = None, idle_timeout: Any = 0) -> list[dict[str, Any]]:
    """Return a verdict on each setting of a text; see DOCUMENTATION."""
    try:
        given = text if isinstance(text, bytes) else plain(text)
        rows = engine.lint(given, kernel=plain(kernel), facts=plain(facts), idle_timeout=plain(idle_timeout))
    except NettuneError as error:
        raise AnsibleFilterError(f"sysctl_lint: {error}") from None
    # The text may contain anything, so templates in it must never be evaluated.
    return wrap_var(rows)


class FilterModule:
    """Provide the filter sysctl_lint."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"sysctl_lint": sysctl_lint}
