#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: nofile_facts
short_description: Gather open-file limits (nofile, ulimit -n) and the processes that are near them
version_added: 1.0.0
description:
  - Returns the open descriptors and the limit of the processes nearest to their limit, how many of the descriptors are
    ghosts (TCP sockets without a connection), and the system-wide numbers.
  - Also returns where limits come from, that is the lines that C(pam_limits) reads, the services whose sessions use
    it, and C(LimitNOFILE) of running services.
  - Facts that cannot be read are V(null), with the reason in RV(ansible_facts.nettune_nofile.partial). Without root,
    the ghosts of other users' processes are unknown, and before Linux 6.2 their descriptors as well.
author: nettune.tcp contributors (@nettune)
extends_documentation_fragment:
  - nettune.tcp.attributes
  - nettune.tcp.attributes.facts
  - nettune.tcp.attributes.facts_module
attributes:
  platform:
    platforms: linux
options:
  top:
    description:
      - Maximum number of processes, from 1 to 1000. Those nearest to their soft limit are returned.
      - At least 16 services and 16 lines for PAM are returned if there are so many.
    type: int
    default: 10
  names:
    description:
      - Names of processes or services, for example V(nginx) or V(nginx.service). Other processes are left out. The
        kernel truncates names of processes to 15 bytes, so only that many are compared.
      - These services are in RV(ansible_facts.nettune_nofile.units) even if they are not running.
      - If the list is empty, all processes with open files are considered.
    type: list
    elements: str
    default: []
notes:
  - C(unlimited) is returned as the value of C(fs.nr_open), because no process can open more files, and C(pam_limits)
    uses that value too. In Debian 11 and Ubuntu 22.04 it tries a higher one and fails; C(partial) names such lines.
seealso:
  - module: nettune.tcp.nofile_limits
  - module: nettune.tcp.tcp_facts
"""

EXAMPLES = r"""
- name: Gather the processes nearest to their limit
  nettune.tcp.nofile_facts:
  become: true

- name: List processes that use more than 80 percent of their limit
  ansible.builtin.debug:
    msg: "{{ item.name }} ({{ item.unit }}) has {{ item.descriptors }} of {{ item.soft }} open"
  loop: "{{ ansible_facts.nettune_nofile.processes | rejectattr('ratio', 'none') | selectattr('ratio', '>', 0.8) }}"

- name: Show the limit of nginx now and after a restart
  nettune.tcp.nofile_facts:
    names: [nginx]
  become: true

- name: Check that the logins of all services with a PAM stack use limits.conf
  ansible.builtin.assert:
    that: ansible_facts.nettune_nofile.pam.stacks.values() | min
"""

RETURN = r"""
ansible_facts:
  description: Facts, which become variables of the host.
  returned: always
  type: dict
  contains:
    nettune_nofile:
      description: The open-file limits.
      returned: always
      type: dict
      contains:
        system:
          description: The system-wide limits, and the number of open files.
          type: dict
          contains:
            file_max:
              description: C(fs.file-max).
              type: int
            nr_open:
              description: C(fs.nr_open).
              type: int
            allocated:
              description: The first number of C(fs.file-nr).
              type: int
        processes:
          description: The processes nearest to their soft limit, the nearest first.
          type: list
          elements: dict
          contains:
            pid:
              description: Its pid.
              type: int
            name:
              description: Its name, truncated by the kernel to 15 bytes.
              type: str
            unit:
              description: The service it belongs to, or V(null) for a process of a session or container.
              type: str
            descriptors:
              description: The number of open descriptors.
              type: int
            soft:
              description: Its soft limit.
              type: int
            hard:
              description: Its hard limit.
              type: int
            ratio:
              description: C(descriptors) divided by C(soft), or V(null) if that is 0, as sandboxes set it.
              type: float
            ghosts:
              description:
                - The number of descriptors of TCP sockets that were connected and no longer have a state, so that only
                  the descriptor is left.
                - An estimate for processes with more than 2048 descriptors.
              type: int
        pam:
          description: The configuration for sessions, or V(null) without PAM.
          type: dict
          contains:
            entries:
              description:
                - The lines about C(nofile) in C(limits.conf) and C(limits.d), in the order C(pam_limits) reads them,
                  each with C(path), C(line), C(domain), C(type) (V(soft), V(hard), or V(-) for both) and C(value).
                - C(value) is V(null) for a line that exempts its domain from all limits. C(written) is the value as
                  the line has it, such as V(unlimited) or V(-1).
              type: list
              elements: dict
            stacks:
              description:
                - Whether C(pam_limits.so) is in the session stack of services that open sessions, such as C(login),
                  C(sshd), C(su) and C(cron). Included files are followed. V(false) for C(sshd) if C(sshd_config) has
                  C(UsePAM no). Services without a file in C(pam.d) are left
                  out.
              type: dict
        units:
          description:
            - By the name of a service, the C(soft) and C(hard) limit that it gets at its next start. The limits of its
              running processes are in C(processes).
            - Only services with processes, and those in O(names).
          type: dict
        partial:
          description: What is V(null) or left out, each with C(what) and C(reason).
          type: list
          elements: dict
      sample:
        system: {file_max: 2466177, nr_open: 1048576, allocated: 1456}
        processes:
          - {pid: 812, name: nginx, unit: nginx.service, descriptors: 901, soft: 1024, hard: 524288, ratio: 0.8799,
             ghosts: 0}
        pam:
          entries:
            - {path: /etc/security/limits.conf, line: 61, domain: www-data, type: soft, value: 8192, written: "8192"}
          stacks: {login: true, sshd: true, su: true, cron: true, systemd-user: false}
        units:
          nginx.service: {soft: 65536, hard: 524288}
        partial: []
"""

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import InvalidOption, NettuneError, sentence
from ansible_collections.nettune.tcp.plugins.module_utils._host.files import HostFiles
from ansible_collections.nettune.tcp.plugins.module_utils._nofile.host.facts import NofileFacts

LONGEST_LIST = 1000
ARGUMENTS = {
    "top": {"type": "int", "default": 10},
    "names": {"type": "list", "elements": "str", "default": []},
}


def main() -> None:
    module = AnsibleModule(argument_spec=ARGUMENTS, supports_check_mode=True)
    try:
        top = checked(module.params["top"])
        facts = NofileFacts(HostFiles()).gather(top=top, names=module.params["names"])
    except (NettuneError, OSError) as error:
        module.fail_json(msg=sentence(error, "nofile_facts"))
    module.exit_json(changed=False, ansible_facts={"nettune_nofile": facts})


def checked(top: int) -> int:
    """Return the number. Raises InvalidOption if it is out of range."""
    if not 1 <= top <= LONGEST_LIST:
        raise InvalidOption(f"top is {top}; it must be between 1 and {LONGEST_LIST}")
    return top


if __name__ == "__main__":
    main()
