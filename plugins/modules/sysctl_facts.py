#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: sysctl_facts
short_description: Gather sysctl kernel parameters, running and at the next boot
version_added: 1.0.0
description:
  - Returns for each parameter the running value, the value at the next boot with the file and line that set it, the
    lines that this line overrides, and whether the two values differ.
  - Reads the files by the rules of the host's loader (C(systemd-sysctl), C(sysctl --system) of procps, or the script of
    OpenRC) for order, masked files, patterns and exclusions. Adds what the kernel's command line and systemd as
    process 1 set before them, and what ufw, systemd-networkd and TuneD set after them.
author: nettune.tcp contributors (@nettune)
extends_documentation_fragment:
  - nettune.tcp.attributes
  - nettune.tcp.attributes.facts
  - nettune.tcp.attributes.facts_module
options:
  keys:
    description:
      - Names of parameters, with dots or slashes, or patterns such as V(net.ipv4.tcp_*), where V(*) matches any text.
      - An empty list selects all parameters of the collection's catalogue.
    type: list
    elements: str
    default: []
  pid:
    description:
      - Read the network namespace of the process with this ID, such as that of a container or a pod. Only parameters
        below C(net.) belong to a network namespace, and no file sets them at boot.
      - Requires C(CAP_SYS_ADMIN). The default is the namespace that the module runs in.
    type: int
seealso:
  - module: nettune.tcp.sysctl_profile
"""

EXAMPLES = r"""
- name: Gather the keepalive timers, running and at the next boot
  nettune.tcp.sysctl_facts:
    keys: [net.ipv4.tcp_keepalive_*]

- name: Look up the first process of a container
  ansible.builtin.command:
    argv: [podman, inspect, --format, "{{ '{{.State.Pid}}' }}", web]
  become: true
  register: container
  changed_when: false

- name: Gather parameters of the container's network namespace
  nettune.tcp.sysctl_facts:
    keys: [net.ipv4.tcp_tw_reuse, net.core.somaxconn]
    pid: "{{ container.stdout }}"
  become: true

- name: Gather all known parameters
  nettune.tcp.sysctl_facts:

- name: Show the parameters that have drifted from the files
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
      description:
        - Kernel parameters. Besides C(loader) and C(partial) it has C(keys), the parameters by name, each a dictionary.
          In Jinja it is read as C(nettune_sysctl['keys']), because C(nettune_sysctl.keys) is a method of dictionaries.
        - C(value) is the running value, with numbers separated by single spaces; null if there is none, and C(reason)
          says why.
        - C(boot_value) is the value that the parameter gets at boot; null if nothing but the kernel's default applies,
          or if the value is not known, and then C(boot_reason) says why.
        - C(boot_source) has the C(path) and C(line) that set this value, with C(program) if it is another program than
          the loader. A program without a file, such as systemd as process 1, has null for both. The kernel's command
          line is F(/proc/cmdline), of the running kernel; that of the next boot may differ. Null if nothing sets it.
        - C(shadowed) lists the lines that it overrides, each with C(path), C(line) and C(value).
        - C(drift) says whether the running value and that at boot differ by more than the kernel's rounding; C(known),
          whether the catalogue knows the parameter; C(namespaced), whether a container has a value of its own, and not
          that of the machine; C(writable), whether it can be written on this host.
        - C(owners) lists other programs that write it, such as Docker, or systemd for each interface.
      returned: always
      type: dict
      contains:
        loader:
          description:
            - The loader that applies the files at boot. V(openrc) runs sysctl once for each file, as on Alpine, and
              V(busybox) does so with the sysctl of busybox; the others are V(systemd) and V(procps). Null with O(pid).
          type: str
        partial:
          description:
            - Files and directories that could not be read, each with C(what) and C(reason). Only regular files of at
              most 1 MB are read. A value at boot that such a file may set is not known.
          type: list
          elements: dict
      sample:
        loader: systemd
        keys:
          net.ipv4.tcp_fin_timeout:
            value: "15"
            boot_value: "30"
            boot_source: {path: /etc/sysctl.d/a.conf, line: 3}
            boot_reason:
            shadowed: [{path: /usr/lib/sysctl.d/50-default.conf, line: 9, value: "60"}]
            drift: true
            known: true
            namespaced: true
            writable: true
            owners: []
            reason:
        partial: []
"""

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import NettuneError, sentence
from ansible_collections.nettune.tcp.plugins.module_utils._host.files import HostFiles
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.host.facts import gather
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
        facts = gather(files, module.params["keys"], network_of(files, module.params["pid"]))
    except (NettuneError, OSError) as error:
        module.fail_json(msg=sentence(error, "sysctl_facts"))
    module.exit_json(ansible_facts={"nettune_sysctl": facts})


if __name__ == "__main__":
    main()
