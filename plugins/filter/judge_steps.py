# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: judge_steps
short_description: Find which step of a manual tuning session made a difference
version_added: 1.0.0
author: nettune.tcp contributors (@nettune)
description:
  - Judges the notes of a session in which values were changed one at a time and sockets were counted after each
    change.
  - Each step is compared with the one before it. A step mattered if it changed the count by a larger factor than the
    noise of the session. The noise is estimated from the median of all steps, as most changes of most sessions have
    no effect.
  - A step that changed several values at once is inconclusive.
  - Such a session is weaker than a trial, which returns to the old value between candidates; see
    M(nettune.tcp.sysctl_trial).
options:
  _input:
    description:
      - The steps in order, four or more. Each has C(changed), a dictionary of new values, and C(readings), one or
        more counts taken after the change. The first step changes nothing.
    type: list
    elements: dict
    required: true
"""

EXAMPLES = r"""
- name: Show which step made a difference
  ansible.builtin.debug:
    msg: "{{ (steps | nettune.tcp.judge_steps).table }}"
  vars:
    steps:
      - {changed: {}, readings: 6042}
      - {changed: {net.ipv4.tcp_synack_retries: 2}, readings: [6100, 5980]}
      - {changed: {net.ipv4.tcp_orphan_retries: 3}, readings: 1966}
      - {changed: {net.ipv4.tcp_orphan_retries: 2, net.ipv4.tcp_fin_timeout: 5}, readings: 1068}
      - {changed: {net.ipv4.tcp_keepalive_intvl: 15}, readings: 1100}
      - {changed: {net.ipv4.tcp_retries2: 5}, readings: 1050}
"""

RETURN = r"""
_value:
  description: The verdict on the session and on each of its steps.
  type: dict
  contains:
    verdict:
      description: The result of the session in one sentence.
      type: str
      sample: net.ipv4.tcp_orphan_retries mattered; steps that changed several values at once are inconclusive (1)
    mattered:
      description: The values that mattered when changed alone.
      type: list
      elements: str
      sample: [net.ipv4.tcp_orphan_retries]
    factor:
      description: The factor by which a step has to change the count to exceed the noise.
      type: float
      sample: 1.273
    steps:
      description: A dictionary for each step.
      type: list
      elements: dict
      contains:
        changed:
          description: The new values, by name.
          type: dict
          sample: {net.ipv4.tcp_orphan_retries: "3"}
        before:
          description: The median of the counts of the previous step; V(null) for the first step.
          type: float
          sample: 6040.0
        after:
          description: The median of the counts of this step.
          type: float
          sample: 1966.0
        factor:
          description: The factor by which the step changed the count.
          type: float
          sample: 0.326
        verdict:
          description: The verdict on the step.
          type: str
          choices: [start, mattered, within the noise, inconclusive]
          sample: mattered
    table:
      description: The steps as the lines of a table.
      type: list
      elements: str
"""

from typing import Any, Callable

from ansible.errors import AnsibleFilterError
from ansible.utils.unsafe_proxy import wrap_var
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import NettuneError
from ansible_collections.nettune.tcp.plugins.plugin_utils import tuning_session
from ansible_collections.nettune.tcp.plugins.plugin_utils.plain import plain


def judge_steps(steps: Any) -> dict[str, Any]:
    """Return the verdict on each step of a session; see DOCUMENTATION."""
    try:
        return wrap_var(tuning_session.result(tuning_session.parse(plain(steps))))
    except NettuneError as error:
        raise AnsibleFilterError(f"judge_steps: {error}") from None


class FilterModule:
    """Provide the filter judge_steps."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"judge_steps": judge_steps}
