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
    description: Files to read before the dumps.
    type: list
    elements: path
    default: []
  dumps:
    description: What to ask netlink for.
    type: list
    elements: dict
    default: []
    suboptions:
      request:
        description: The request, hexadecimal.
        type: str
        required: true
      least:
        description: How many bytes each message that answers it has at least.
        type: int
        required: true
      keep:
        description: Of up to so many bytes the answer is told as it is.
        type: int
        default: 0
  after:
    description: Files to read after the dumps.
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
from ansible_collections.nettune.tcp.plugins.module_utils._host.reading import reading

_DUMP = {
    "request": {"type": "str", "required": True},
    "least": {"type": "int", "required": True},
    "keep": {"type": "int", "default": 0},
}
ARGUMENTS = {
    "before": {"type": "list", "elements": "path", "default": []},
    "dumps": {"type": "list", "elements": "dict", "default": [], "options": _DUMP},
    "after": {"type": "list", "elements": "path", "default": []},
}


def main() -> None:
    module = AnsibleModule(argument_spec=ARGUMENTS, supports_check_mode=True)
    module.exit_json(changed=False, reading=reading(**module.params))


if __name__ == "__main__":
    main()
