#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: nofile_facts
short_description: Which processes are near their limit of open files, and what PAM and systemd give
version_added: 1.0.0
description:
  - For the processes nearest to their limit how many descriptors they have open, how many they may, and how many of
    them nothing but the descriptor is left of; for the system what is open and what may be.
  - Where limits come from as well, that is the lines that C(pam_limits) reads, the services whose sessions it is in
    effect for, and C(LimitNOFILE) of the services that run.
  - What cannot be had is V(null), and RV(ansible_facts.nettune_nofile.partial) says why. Without root the ghosts of
    other users' processes are unknown, and before Linux 6.2 their descriptors as well.
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
      - How many processes are told about at most, between 1 and 1000. Those nearest to their soft limit are.
      - Of services, and of lines for PAM, there may always be 16.
    type: int
    default: 10
  names:
    description:
      - Tell only about processes of these names, and about processes of services of these names, be it V(nginx) or
        V(nginx.service). The kernel cuts names of processes after 15 bytes, so longer ones are compared as far as that.
      - Services of these names are among RV(ansible_facts.nettune_nofile.units) also if they do not run.
      - If it is empty, all processes that have anything open.
    type: list
    elements: str
    default: []
notes:
  - No number stands for C(unlimited). No process can open more files than C(fs.nr_open), which is what C(pam_limits)
    makes of it, so the value of that stands there.
seealso:
  - module: nettune.tcp.nofile_limits
  - module: nettune.tcp.tcp_facts
"""

EXAMPLES = r"""
- name: Which processes are near their limit?
  nettune.tcp.nofile_facts:
  become: true

- name: Name those that have used up four fifths
  ansible.builtin.debug:
    msg: "{{ item.name }} ({{ item.unit }}) has {{ item.descriptors }} of {{ item.soft }} open"
  loop: "{{ ansible_facts.nettune_nofile.processes | rejectattr('ratio', 'none') | selectattr('ratio', '>', 0.8) }}"

- name: What do nginx and its workers have, and what would a restart give them?
  nettune.tcp.nofile_facts:
    names: [nginx]
  become: true

- name: Does a login by ssh take the limits of limits.conf?
  ansible.builtin.assert:
    that: ansible_facts.nettune_nofile.pam.stacks.sshd
"""

RETURN = r"""
ansible_facts:
  description: Facts, which become variables of the host.
  returned: always
  type: dict
  contains:
    nettune_nofile:
      description: The limits of open files.
      returned: always
      type: dict
      contains:
        system:
          description: How many files the machine has open, how many it may, and how many one process may at most.
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
              description: Its number.
              type: int
            name:
              description: Its name, of which the kernel keeps 15 bytes.
              type: str
            unit:
              description: The service it belongs to; null for processes of sessions and containers.
              type: str
            descriptors:
              description: How many it has open.
              type: int
            soft:
              description: How many it may have open.
              type: int
            hard:
              description: To which number it may raise its soft limit by itself.
              type: int
            ratio:
              description: C(descriptors) divided by C(soft); null where that is 0, as sandboxes set it.
              type: float
            ghosts:
              description:
                - How many of them are of TCP sockets that were connected once and are in no state any more, so that
                  nothing but the descriptor is left.
                - An estimate for processes with more than 2048 descriptors.
              type: int
        pam:
          description: What sessions get; null where there is no PAM.
          type: dict
          contains:
            entries:
              description:
                - The lines about C(nofile) in C(limits.conf) and C(limits.d), in the order C(pam_limits) reads them,
                  each with C(path), C(line), C(domain), C(type) (V(soft), V(hard), or V(-) for both) and C(value).
                - A line that only exempts its domain from all limits after it has null for its C(value).
              type: list
              elements: dict
            stacks:
              description:
                - For services that open sessions, such as C(login), C(sshd), C(su) and C(cron), whether
                  C(pam_limits.so) is in their session stack. Files that are included are followed. Services without a
                  file in C(pam.d) are left out.
              type: dict
        units:
          description:
            - By the name of the service the C(soft) and C(hard) limit that its files and systemd's defaults give it
              when it starts the next time, as far as the kernel grants it. What its processes have now is in
              C(processes).
            - Only services that have processes, or are among O(names).
          type: dict
        partial:
          description: What is null or left out, and why.
          type: list
          elements: dict
      sample:
        system: {file_max: 2466177, nr_open: 1048576, allocated: 1456}
        processes:
          - {pid: 812, name: nginx, unit: nginx.service, descriptors: 901, soft: 1024, hard: 524288, ratio: 0.8799,
             ghosts: 0}
        pam:
          entries: [{path: /etc/security/limits.conf, line: 61, domain: www-data, type: soft, value: 8192}]
          stacks: {login: true, sshd: true, su: true, cron: true, systemd-user: false}
        units:
          nginx.service: {soft: 65536, hard: 524288}
        partial: []
"""

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import InvalidOption, NettuneError
from ansible_collections.nettune.tcp.plugins.module_utils._host.files import HostFiles
from ansible_collections.nettune.tcp.plugins.module_utils._nofile.host.facts import NofileState

LONGEST_LIST = 1000
ARGUMENTS = {
    "top": {"type": "int", "default": 10},
    "names": {"type": "list", "elements": "str", "default": []},
}


def main() -> None:
    module = AnsibleModule(argument_spec=ARGUMENTS, supports_check_mode=True)
    try:
        top = checked(module.params["top"])
        facts = NofileState(HostFiles()).gather(top=top, names=module.params["names"])
    except (NettuneError, OSError) as error:
        module.fail_json(msg=str(error))
    module.exit_json(changed=False, ansible_facts={"nettune_nofile": facts})


def checked(top: int) -> int:
    """The number. Raises InvalidOption where it is out of its bounds."""
    if not 1 <= top <= LONGEST_LIST:
        raise InvalidOption(f"top is {top}; it must be between 1 and {LONGEST_LIST}")
    return top


if __name__ == "__main__":
    main()
