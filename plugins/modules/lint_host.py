#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: lint_host
short_description: Internal helper of the playbook lint; do not use directly
version_added: 1.0.0
description:
  - Internal. Checks the kernel parameter settings of a file on the controller, for a kernel release or for the host of
    the task. Use the filter P(nettune.tcp.sysctl_lint#filter) instead.
  - This is an action plugin. It contacts the host only with O(facts=true).
author: nettune.tcp contributors (@nettune)
extends_documentation_fragment: [nettune.tcp.attributes, nettune.tcp.attributes.info_module]
options:
  path:
    description: The file, on the controller.
    type: path
    required: true
  kernel:
    description: The kernel release that the settings are for; by default that of the host, or the newest known.
    type: str
  idle_timeout:
    description: Seconds after which the path to the peers forgets idle connections; V(0) if it is not known.
    type: int
    default: 0
  facts:
    description: Whether to compare the settings with the running values and listeners of the host.
    type: bool
    default: false
seealso:
  - plugin: nettune.tcp.sysctl_lint
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Check the settings of a file
  nettune.tcp.lint_host:
    path: /etc/sysctl.conf
    kernel: "5.15"
"""

RETURN = r"""
settings:
  description: The rows of P(nettune.tcp.sysctl_lint#filter).
  returned: success
  type: list
  elements: dict
comments:
  description: The number of comments.
  returned: success
  type: int
other_lines:
  description: C(line) and C(text) of the first 10000 lines that are neither settings nor comments.
  returned: success
  type: list
  elements: dict
other_line_count:
  description: The number of all such lines.
  returned: success
  type: int
"""

# An action plugin does the work; this file has its documentation only.
