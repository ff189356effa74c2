#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: tcp_facts_fast
short_description: Internal helper of tcp_facts; do not use directly
version_added: 1.0.0
description:
  - Internal. Use M(nettune.tcp.tcp_facts) instead.
  - Reads files and netlink dumps of a host as they are. The action plugins of M(nettune.tcp.tcp_facts) and
    M(nettune.tcp.tcp_watch) run it and work out the facts on the controller, so that little is sent to the host.
author: nettune.tcp contributors (@nettune)
extends_documentation_fragment: [nettune.tcp.attributes, nettune.tcp.attributes.info_module]
options:
  before:
    description: Files to read before the dumps.
    type: list
    elements: path
    default: []
  dumps:
    description: Dumps to request from netlink.
    type: list
    elements: dict
    default: []
    suboptions:
      request:
        description: The request, in hexadecimal.
        type: str
        required: true
      least:
        description: The length in bytes that each message of the answer has at least.
        type: int
        required: true
      keep:
        description: Return the whole answer if it is not longer than this many bytes.
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
recording:
  description: The files and dumps.
  returned: always
  type: dict
"""

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.nettune.tcp.plugins.module_utils._host.recording import record

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
    module.exit_json(changed=False, recording=record(**module.params))


if __name__ == "__main__":
    main()
