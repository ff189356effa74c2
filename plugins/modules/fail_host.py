#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: fail_host
short_description: Internal helper of the playbooks; do not use directly
version_added: 1.0.0
description:
  - Internal. Fails a host with its own sentence, or counts it as unreachable, after M(nettune.tcp.show) has shown the
    results of all hosts.
  - This is an action plugin. It runs on the controller only.
author: nettune.tcp contributors (@nettune)
extends_documentation_fragment: [nettune.tcp.attributes, nettune.tcp.attributes.info_module]
options:
  failures:
    description:
      - The RV(nettune.tcp.show#module:failures) of M(nettune.tcp.show).
      - Without it each host shows its own part of O(screen).
    type: dict
  screen:
    description: As in M(nettune.tcp.show).
    type: str
  options:
    description: As in M(nettune.tcp.show).
    type: dict
    default: {}
"""

EXAMPLES = r"""
- name: Fail the hosts with problems
  nettune.tcp.fail_host:
    failures: {}
"""

RETURN = r"""
msg:
  description: The sentence of the host.
  returned: failure
  type: str
  sample: "1 difference from profile web: net.ipv4.tcp_tw_reuse is 0, not 1"
unreachable:
  description: Whether the host was unreachable when its results were gathered.
  returned: if it was
  type: bool
"""

# An action plugin does the work; this file has its documentation only.
