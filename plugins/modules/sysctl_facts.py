#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: sysctl_facts
short_description: Gather kernel parameters, running and at the next boot
version_added: 1.0.0
description:
  - Returns for each parameter the running value, the value at the next boot with the file and line that set it, the
    lines that it overrides, and whether the two values differ.
  - Reads the files as the host's loader does, which is C(systemd-sysctl), C(sysctl --system) of procps, or the script
    of OpenRC, with its rules for masked files, order, patterns and exclusions.
author: nettune.tcp contributors (@nettune)
extends_documentation_fragment:
  - nettune.tcp.attributes
  - nettune.tcp.attributes.facts
  - nettune.tcp.attributes.facts_module
options:
  keys:
    description:
      - Names of parameters, with dots or slashes, or patterns such as V(net.ipv4.tcp_*), whose V(*) stands for
        anything.
      - If it is empty, all parameters of the collection's catalogue.
    type: list
    elements: str
    default: []
  pid:
    description:
      - Look into the network namespace of the process with this number, such as that of a container or a pod. Only
        parameters below C(net.) are of one, and no file says at boot what they should be.
      - Takes C(CAP_SYS_ADMIN). The default is the namespace that the module runs in.
    type: int
seealso:
  - module: nettune.tcp.sysctl_profile
"""

EXAMPLES = r"""
- name: What are the keepalive timers, and what will they be?
  nettune.tcp.sysctl_facts:
    keys: [net.ipv4.tcp_keepalive_*]

- name: What does a container's network have?
  nettune.tcp.sysctl_facts:
    keys: [net.ipv4.tcp_tw_reuse, net.core.somaxconn]
    pid: 4711

- name: Which parameters have drifted from the files?
  nettune.tcp.sysctl_facts:

- name: Show them
  ansible.builtin.debug:
    msg: "{{ ansible_facts.nettune_sysctl['keys'] | dict2items | selectattr('value.drift') | map(attribute='key') }}"
"""

RETURN = r"""
ansible_facts:
  description: Facts to add to the host's variables.
  returned: always
  type: dict
  contains:
    nettune_sysctl:
      description: Kernel parameters.
      returned: always
      type: dict
      contains:
        loader:
          description:
            - What applies the files at boot, V(systemd), V(procps), V(openrc) where OpenRC runs sysctl for each file by
              itself, as on Alpine, or V(busybox), the same with the sysctl of busybox; null with O(pid).
          type: str
        keys:
          description: By the name of the parameter.
          type: dict
          contains:
            value:
              description: The running value, numbers parted by single blanks; null where there is none.
              type: str
            boot_value:
              description: The value the files give at boot; null where none names the parameter.
              type: str
            boot_source:
              description: The C(path) and C(line) it comes from; null where there is none.
              type: dict
            shadowed:
              description: Lines that lose against it, each with C(path), C(line) and C(value).
              type: list
              elements: dict
            drift:
              description: Whether the running value and that of the files differ in meaning.
              type: bool
            known:
              description: Whether the catalogue knows the parameter.
              type: bool
            namespaced:
              description: Whether a container has a value of its own, rather than the machine's.
              type: bool
            writable:
              description: Whether it can be written on this host.
              type: bool
            owners:
              description: Who else writes it, such as a TuneD profile or systemd for each interface.
              type: list
              elements: str
            reason:
              description: Why there is no value; null where there is one.
              type: str
      sample:
        loader: systemd
        keys:
          net.ipv4.tcp_fin_timeout:
            value: "15"
            boot_value: "30"
            boot_source: {path: /etc/sysctl.d/a.conf, line: 3}
            shadowed: [{path: /usr/lib/sysctl.d/50-default.conf, line: 9, value: "60"}]
            drift: true
            known: true
            namespaced: true
            writable: true
            owners: []
            reason:
"""

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import NettuneError
from ansible_collections.nettune.tcp.plugins.module_utils._host.files import HostFiles
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.host import facts as sysctl_state
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.host.namespaces import network_of


def main() -> None:
    module = AnsibleModule(
        argument_spec={
            "keys": {"type": "list", "elements": "str", "default": [], "no_log": False},
            "pid": {"type": "int"},
        },
        supports_check_mode=True,
    )
    files = HostFiles()
    try:
        facts = sysctl_state.gather(files, module.params["keys"], network_of(files, module.params["pid"]))
    except (NettuneError, OSError) as error:
        module.fail_json(msg=str(error))
    module.exit_json(ansible_facts={"nettune_sysctl": facts})


if __name__ == "__main__":
    main()
