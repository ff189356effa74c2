#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: host_snapshot
short_description: Internal helper of the playbooks; do not use directly
version_added: 1.0.0
description:
  - Internal. Use M(nettune.tcp.tcp_diagnosis_info) or M(nettune.tcp.profile_info) instead.
  - Returns in one result what the playbooks record and report of a host. It contains the facts that
    M(nettune.tcp.tcp_diagnosis_info) judges, the managed kernel parameters, and what M(nettune.tcp.profile_info)
    returns.
author: nettune.tcp contributors (@nettune)
extends_documentation_fragment: [nettune.tcp.attributes, nettune.tcp.attributes.info_module]
options:
  sample:
    description: Seconds between two samples, at most 3600. V(0) takes one sample.
    type: float
    default: 5
  top:
    description: Most rows of each list, 1 to 1000.
    type: int
    default: 10
"""

EXAMPLES = r"""
- name: Diagnose the host
  nettune.tcp.tcp_diagnosis_info:
  become: true
"""

RETURN = r"""
at:
  description: The time of the snapshot, in UTC.
  returned: always
  type: str
  sample: "2026-11-29T09:30:00Z"
release:
  description: The kernel release.
  returned: always
  type: str
  sample: 6.12.1
python:
  description: The version of Python that the module ran on.
  returned: always
  type: str
  sample: 3.13.1
facts:
  description: The facts C(nettune_tcp), C(nettune_sysctl) and C(nettune_nofile).
  returned: always
  type: dict
profiles:
  description: What M(nettune.tcp.profile_info) returns, or V(null) if it could not be read.
  returned: always
  type: dict
partial:
  description: What could not be read, each with C(what) and C(reason).
  returned: always
  type: list
  elements: dict
"""

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import InvalidOption, NettuneError, sentence
from ansible_collections.nettune.tcp.plugins.module_utils._common.text import printable
from ansible_collections.nettune.tcp.plugins.module_utils._diagnosis.host.gather import DiagnosedHost
from ansible_collections.nettune.tcp.plugins.module_utils._diagnosis.host.snapshot import take
from ansible_collections.nettune.tcp.plugins.module_utils._host.files import HostFiles
from ansible_collections.nettune.tcp.plugins.module_utils._tcp.host.facts import open_host

LONGEST_SAMPLE = 3600
LONGEST_LIST = 1000
ARGUMENTS = {
    "sample": {"type": "float", "default": 5},
    "top": {"type": "int", "default": 10},
}


def main() -> None:
    module = AnsibleModule(argument_spec=ARGUMENTS, supports_check_mode=True)
    try:
        check(module.params)
        files = HostFiles()
        found = take(DiagnosedHost(open_host(None), files), files, **module.params)
    except (NettuneError, OSError) as error:
        module.fail_json(msg=printable(sentence(error, "host_snapshot")))
    module.exit_json(changed=False, **printable(found))


def check(options: dict) -> None:
    """Raise InvalidOption for a number out of bounds."""
    if not 1 <= options["top"] <= LONGEST_LIST:
        raise InvalidOption(f"top is {options['top']}; it must be between 1 and {LONGEST_LIST}")
    if not 0 <= options["sample"] <= LONGEST_SAMPLE:
        raise InvalidOption(f"sample is {options['sample']:g}; it must be between 0 and {LONGEST_SAMPLE} seconds")


if __name__ == "__main__":
    main()
