#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: tcp_reading
short_description: Read what M(nettune.tcp.tcp_facts) works its facts out from
version_added: 1.0.0
description:
  - Internal, run by the action plugin of M(nettune.tcp.tcp_facts). Use that instead.
author: nettune.tcp contributors (@nettune)
extends_documentation_fragment: [nettune.tcp.attributes, nettune.tcp.attributes.info_module]
options:
  before:
    description: Files to read before the walk.
    type: list
    elements: path
    default: []
  states:
    description: Mask of the states whose sockets are walked past.
    type: int
    default: 0
  listeners:
    description: How many listeners to tell of.
    type: int
    default: 0
  after:
    description: Files to read after the walk.
    type: list
    elements: path
    default: []
"""

EXAMPLES = r"""
- name: Count sockets by state
  nettune.tcp.tcp_facts:
    gather_subset: [min]
"""

RETURN = r"""
reading:
  description: What was read.
  returned: always
  type: dict
"""

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.nettune.tcp.plugins.module_utils._edge.tcp_reading import reading

ARGUMENTS = {
    "before": {"type": "list", "elements": "path", "default": []},
    "states": {"type": "int", "default": 0},
    "listeners": {"type": "int", "default": 0},
    "after": {"type": "list", "elements": "path", "default": []},
}


def main() -> None:
    module = AnsibleModule(argument_spec=ARGUMENTS, supports_check_mode=True)
    module.exit_json(changed=False, reading=reading(**module.params))


if __name__ == "__main__":
    main()
