#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: host_textfile
short_description: Internal helper of the playbooks metrics and revert; do not use directly
version_added: 1.0.0
description:
  - Internal. Writes the metrics of a host to a directory that node_exporter reads, or removes them.
  - A file that someone else wrote or changed is neither replaced nor removed.
author: nettune.tcp contributors (@nettune)
extends_documentation_fragment:
  - nettune.tcp.attributes
attributes:
  check_mode:
    support: full
  diff_mode:
    support: none
  idempotent:
    support: partial
    details: The metrics have the time at which they were gathered, so each run writes the file.
  platform:
    platforms: linux
options:
  state:
    description: V(absent) removes the file.
    type: str
    choices: [present, absent]
    default: present
  directory:
    description: The directory of the file, which has to exist.
    type: str
  content:
    description: The text of the file.
    type: str
    default: ""
  registered:
    description: The variable with the facts of the host, from which the action plugin works out O(content).
    type: str
  options:
    description: The options of the playbook, for the action plugin.
    type: dict
    default: {}
"""

EXAMPLES = r"""
- name: Remove the metrics from the directory of node_exporter
  nettune.tcp.host_textfile:
    state: absent
  become: true
"""

RETURN = r"""
files:
  description: The files that were written or removed.
  returned: success
  type: list
  elements: dict
  sample: [{path: /var/lib/node_exporter/nettune_tcp.prom, status: created}]
left_alone:
  description: Files that someone else has changed, and that were therefore not removed.
  returned: success
  type: list
  elements: dict
  sample: []
"""

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import NettuneError, sentence
from ansible_collections.nettune.tcp.plugins.module_utils._common.text import printable
from ansible_collections.nettune.tcp.plugins.module_utils._host.files import HostFiles
from ansible_collections.nettune.tcp.plugins.module_utils._textfile.host.textfile import Textfile

ARGUMENTS = {
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "directory": {"type": "str"},
    "content": {"type": "str", "default": ""},
    "registered": {"type": "str"},
    "options": {"type": "dict", "default": {}},
}


def main() -> None:
    module = AnsibleModule(
        argument_spec=ARGUMENTS, supports_check_mode=True, required_if=[("state", "present", ["directory"])]
    )
    try:
        result = change(Textfile(HostFiles()), module.params, only_check=module.check_mode)
    except (NettuneError, OSError) as error:
        module.fail_json(msg=printable(sentence(error, "host_textfile")))
    module.exit_json(**printable(result))


def change(textfile: Textfile, options: dict, *, only_check: bool) -> dict:
    """Write or remove the file, and return the result. only_check: whether to change nothing."""

    def run() -> dict:
        if options["state"] == "absent":
            return textfile.remove(only_check=only_check)
        return textfile.write(options["directory"], options["content"], only_check=only_check)

    if only_check:
        return run()
    with textfile.lock():
        return run()


if __name__ == "__main__":
    main()
