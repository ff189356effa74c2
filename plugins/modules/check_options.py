#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: check_options
short_description: Internal helper of the playbooks; do not use directly
version_added: 1.0.0
description:
  - Internal. Checks the variables of a run before any host is contacted, and returns the options of the playbook with
    their types and defaults. With C(-e nettune_help=true) it prints the options instead.
  - This is an action plugin. It runs on the controller only.
author: nettune.tcp contributors (@nettune)
extends_documentation_fragment: [nettune.tcp.attributes, nettune.tcp.attributes.info_module]
options:
  playbook:
    description: Name of the playbook.
    type: str
    required: true
"""

EXAMPLES = r"""
- name: Check the options
  nettune.tcp.check_options:
    playbook: facts
  run_once: true
  register: checked
"""

RETURN = r"""
options:
  description:
    - The value of each option of the playbook, the host pattern C(target), and C(target_given), whether C(-e target) or
      C(--limit) chose the hosts.
  returned: success
  type: dict
end_play:
  description: Whether the help was printed, so that the play has to end.
  returned: success
  type: bool
lines:
  description: The lines of the help. Left out if the stdout callback prints results itself, as C(minimal) does.
  returned: with the help
  type: list
  elements: str
"""

# An action plugin does the work; this file has its documentation only.
