# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: as_table
short_description: Draw a value as a table of text
version_added: 1.0.0
author: nettune.tcp contributors (@nettune)
description:
  - Returns lines of text. Without O(layout) a list of dictionaries becomes a table with their keys as columns, a
    list of lists becomes a table without a header, a dictionary becomes a line for each key, and any other list a
    line for each element.
  - In these tables V(null) is C(-), and nested lists and dictionaries are written as JSON.
  - O(layout) selects a layout made for one kind of result of this collection.
positional: layout
options:
  _input:
    description: The value, for example a result of P(nettune.tcp.fleet_query#filter).
    type: raw
    required: true
  layout:
    description:
      - V(fleet) draws TCP facts, as P(nettune.tcp.fleet_query#filter) returns them for the expression V(@). Each
        host has a line with the number of its sockets, the states that stand out, and the parts that are missing
        from its facts, or the reason why it has none. The busiest hosts come first. V(ESTABLISHED) and V(LISTEN)
        never stand out. V(TIME_WAIT) stands out from 50 % of the host's sockets (if at least 100) or from 20000,
        V(FIN_WAIT2) from 10 % (if at least 10) or from 5000, any other state from 5 % (if at least 10) or from 1000.
        The layout needs C(host), C(total), C(states) and C(partial) of each host.
      - V(cards) draws diagnoses, as P(nettune.tcp.fleet_results#filter) collects them from
        M(nettune.tcp.tcp_diagnosis_info). Each cause has a card with the hosts that share it, the
        problem, its severity, the process and peers involved, the cause, what to do and what not to do. The most urgent
        cause comes first.
      - V(drift) draws drift, either that of a fleet as P(nettune.tcp.fleet_results#filter) collects it from
        M(nettune.tcp.profile_info), or the rows of P(nettune.tcp.drift#filter).
      - V(lint) draws the rows of P(nettune.tcp.sysctl_lint#filter) by severity, each with the lines it suggests.
    type: str
    choices: [fleet, cards, drift, lint]
  rows:
    description:
      - With O(layout=fleet), how many hosts with facts, and how many without, are shown at most; V(0) shows all.
    type: int
    default: 0
"""

EXAMPLES = r"""
- name: Gather TCP facts
  nettune.tcp.tcp_facts:
  become: true

- name: Show how many sockets each host has
  ansible.builtin.debug:
    msg: "{{ hostvars | nettune.tcp.fleet_query('hosts[].{host: host, total: total}') | nettune.tcp.as_table }}"
  run_once: true

- name: Show what the connections of the hosts are doing
  ansible.builtin.debug:
    msg: "{{ hostvars | nettune.tcp.fleet_query('@') | nettune.tcp.as_table(layout='fleet', rows=20) }}"
  run_once: true

- name: Show the diagnosis of the host
  ansible.builtin.debug:
    msg: "{{ {'hosts': [found], 'missing': []} | nettune.tcp.as_table(layout='cards') }}"
  vars:
    found: "{{ {'host': inventory_hostname} | combine(ansible_facts | nettune.tcp.diagnose) }}"
"""

RETURN = r"""
_value:
  description: The lines; none if the value is V(null) or empty and has no layout.
  type: list
  elements: str
  sample:
    - host  total
    - web1   1204
    - web2     96
"""

from importlib import import_module
from typing import Any, Callable

from ansible.errors import AnsibleFilterError
from ansible.utils.unsafe_proxy import wrap_var
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import NettuneError
from ansible_collections.nettune.tcp.plugins.plugin_utils import json_table
from ansible_collections.nettune.tcp.plugins.plugin_utils.plain import plain

_UTILS = "ansible_collections.nettune.tcp.plugins.plugin_utils"
# For each layout the module and function that draw it, imported when used as some take long, and what they draw.
_LAYOUTS = {
    "fleet": ("screens.facts", "lines", "the result of fleet_query('@')"),
    "cards": ("screens.findings", "lines", "diagnoses collected by fleet_results"),
    "drift": ("screens.drift", "lines", "results of profile_info collected by fleet_results, or rows of drift"),
    "lint": ("screens.lint", "lines", "rows of sysctl_lint"),
}


def as_table(value: Any, layout: str | None = None, *, rows: int = 0) -> list[str]:
    """Return the lines of a table; see DOCUMENTATION."""
    try:
        # Values may come from hosts and files, so templates in the lines must never be evaluated.
        return wrap_var(_drawn(plain(value), layout, rows))
    except NettuneError as error:
        raise AnsibleFilterError(f"as_table: {error}") from None


def _drawn(value: Any, layout: str | None, rows: int) -> list[str]:
    if not isinstance(rows, int) or rows < 0:
        raise AnsibleFilterError(f"as_table: rows is {rows!r}; it must be a number, 0 (all hosts) or more")
    if layout is None:
        return json_table.lines(value)
    if layout not in _LAYOUTS:
        raise AnsibleFilterError(f"as_table: layout is {layout!r}; it must be one of {', '.join(_LAYOUTS)}")
    module, function, expected = _LAYOUTS[layout]
    draw = getattr(import_module(f"{_UTILS}.{module}"), function)
    try:
        return draw(value, rows=rows) if layout == "fleet" else draw(value)
    except (KeyError, IndexError, TypeError, AttributeError, ValueError):
        raise AnsibleFilterError(f"as_table: layout {layout} takes {expected}") from None


class FilterModule:
    """Provide the filter as_table."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"as_table": as_table}
