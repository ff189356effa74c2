#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: profile_info
short_description: Which profiles a host has, and whether they hold now and after the next boot
version_added: 1.0.0
description:
  - Reads from the host's own journal which profiles M(nettune.tcp.sysctl_profile) and M(nettune.tcp.nofile_limits) have
    applied there, and compares what they ask for with what is in force and with what the next boot will give. So it
    needs no variables of a role, and changes nothing.
  - A profile is in force where applying it again as it was would change nothing.
  - Drop-ins that somebody has removed or edited are listed, and files of ours of which no journal knows, as on a host
    that was installed anew.
author: nettune.tcp contributors (@nettune)
extends_documentation_fragment:
  - nettune.tcp.attributes
  - nettune.tcp.attributes.info_module
options:
  name:
    description: This profile only. A host without it is then not as it should be.
    type: str
  expect:
    description: Names of profiles that the host should have.
    type: list
    elements: str
    default: []
  best_effort:
    description: Whether limits that the host refuses count as in force, as they may in containers.
    type: bool
    default: false
notes:
  - What was asked for until the next reboot only (O(nettune.tcp.sysctl_profile#module:persistent=false)) is no profile
    of the host any more after one.
seealso:
  - module: nettune.tcp.sysctl_profile
  - module: nettune.tcp.nofile_limits
"""

EXAMPLES = r"""
- name: What of its profiles does not hold on this host?
  nettune.tcp.profile_info:
  register: profiles

- name: Show it
  ansible.builtin.debug:
    msg: "{{ profiles.table }}"

- name: Fail where web servers are not as their profile says
  nettune.tcp.profile_info:
    name: web
  register: web
  failed_when: web.not_in_force | length > 0
"""

RETURN = r"""
profiles:
  description: The profiles of the host, by the journal.
  returned: always
  type: list
  elements: dict
  contains:
    name:
      description: Name of the profile.
      type: str
    parameters:
      description: Names of the kernel parameters it asks for.
      type: list
      elements: str
    nofile:
      description: The floor C(soft:hard) of its limits on open files; null where it has none.
      type: str
    persistent:
      description: Whether it is to survive a reboot.
      type: bool
    in_force:
      description: Whether all of it holds now and after the next boot.
      type: bool
  sample: [{name: web, parameters: [net.ipv4.tcp_tw_reuse], nofile: "65536:65536", persistent: true, in_force: false}]
not_in_force:
  description: What is not as a profile says.
  returned: always
  type: list
  elements: dict
  contains:
    profile:
      description: Name of the profile.
      type: str
    what:
      description: A parameter, a service, a user, a process or a file; C(-) for the profile as a whole.
      type: str
    wanted:
      description: What the profile asks for.
      type: str
    running:
      description: What is in force; C(-) where nothing is, or nothing could be.
      type: str
    boot:
      description: What the next boot, login or start will give.
      type: str
    why:
      description: What is in the way, with the file and line where there is one.
      type: str
  sample:
    - profile: web
      what: net.ipv4.tcp_tw_reuse
      wanted: "1"
      running: "1"
      boot: "0"
      why: /etc/sysctl.d/zz-other.conf:3 sets 0 later at boot, so 1 will not survive one
table:
  description: RV(not_in_force) as lines of a table for people; empty where everything holds.
  returned: always
  type: list
  elements: str
"""

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import NettuneError
from ansible_collections.nettune.tcp.plugins.module_utils._common.profile_name import check_profile_name
from ansible_collections.nettune.tcp.plugins.module_utils._common.text import printable
from ansible_collections.nettune.tcp.plugins.module_utils._confirm.host.waiting import Confirm
from ansible_collections.nettune.tcp.plugins.module_utils._host.files import HostFiles
from ansible_collections.nettune.tcp.plugins.module_utils._host.netlink import OwnNamespace
from ansible_collections.nettune.tcp.plugins.module_utils._host.sock_diag import SockDiag
from ansible_collections.nettune.tcp.plugins.module_utils._nofile.host.apply import NofileLimits
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.host.profiles import SysctlProfiles
from ansible_collections.nettune.tcp.plugins.module_utils._verify import differences
from ansible_collections.nettune.tcp.plugins.module_utils._verify.host.profiles import ProfilesInForce

ARGUMENTS = {
    "name": {"type": "str"},
    "expect": {"type": "list", "elements": "str", "default": []},
    "best_effort": {"type": "bool", "default": False},
}


def main() -> None:
    module = AnsibleModule(argument_spec=ARGUMENTS, supports_check_mode=True)
    options = module.params
    try:
        for name in (*options["expect"], *([] if options["name"] is None else [options["name"]])):
            check_profile_name(name)
        files = HostFiles()
        sysctl, nofile = SysctlProfiles(files, SockDiag(OwnNamespace())), NofileLimits(files)
        profiles = ProfilesInForce(sysctl, nofile, Confirm(files), best_effort=options["best_effort"])
        result = profiles.gather(only=options["name"], expected=options["expect"])
    except PermissionError as error:
        module.fail_json(msg=printable(f"{error}; this module works as root (become: true)"))
    except (NettuneError, OSError) as error:
        module.fail_json(msg=printable(str(error)))
    module.exit_json(**printable({**result, "table": differences.table(result["not_in_force"])}))


if __name__ == "__main__":
    main()
