#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: profile_info
short_description: List applied sysctl and nofile profiles, and report drift
version_added: 1.0.0
description:
  - Reads from the host's journal which profiles M(nettune.tcp.sysctl_profile) and M(nettune.tcp.nofile_limits) have
    applied, and compares them with the running values and with the values after the next boot. It needs no role
    variables and changes nothing.
  - A profile has drifted if applying it again with the same options would change something.
  - Also lists drop-ins that were edited or removed, and files written by this collection that are not in the journal,
    for example because the host was reinstalled.
author: nettune.tcp contributors (@nettune)
extends_documentation_fragment:
  - nettune.tcp.attributes
  - nettune.tcp.attributes.info_module
options:
  name:
    description:
      - Check only this profile. If the host does not have it, that is reported as drift, with the profiles that it has.
    type: str
  expect:
    description: Names of profiles that the host must have.
    type: list
    elements: str
    default: []
  best_effort:
    description: Do not report open-file limits that the host does not allow, as is common in containers.
    type: bool
    default: false
notes:
  - The journal needs root. Without it, see RV(partial).
  - A profile that was applied until the next reboot only (O(nettune.tcp.sysctl_profile#module:persistent=false)) is
    forgotten after the reboot.
seealso:
  - module: nettune.tcp.sysctl_profile
  - module: nettune.tcp.nofile_limits
"""

EXAMPLES = r"""
- name: Check the host for drift
  nettune.tcp.profile_info:
  register: profiles
  become: true

- name: Show the drift
  ansible.builtin.debug:
    msg: "{{ profiles.table }}"

- name: Apply a profile
  nettune.tcp.sysctl_profile:
    name: web
    settings:
      net.ipv4.tcp_fin_timeout: 30
  become: true

- name: Fail with one sentence if the web profile is missing or has drifted
  nettune.tcp.profile_info:
    name: web
  register: web
  failed_when: web.drift | length > 0
  become: true
"""

RETURN = r"""
profiles:
  description: The profiles in the host's journal.
  returned: always
  type: list
  elements: dict
  contains:
    name:
      description: Name of the profile.
      type: str
    parameters:
      description: The kernel parameters it sets.
      type: list
      elements: str
    nofile:
      description: Its open-file limit as C(soft:hard), or V(null) if it has none.
      type: str
    persistent:
      description: Whether it survives a reboot.
      type: bool
    drifted:
      description: Whether the host differs from the profile now or after the next boot.
      type: bool
  sample: [{name: web, parameters: [net.ipv4.tcp_tw_reuse], nofile: "65536:65536", persistent: true, drifted: true}]
drift:
  description: What differs from a profile.
  returned: always
  type: list
  elements: dict
  contains:
    profile:
      description: Name of the profile.
      type: str
    what:
      description: A kernel parameter, service, user, process or file; C(-) for the profile as a whole.
      type: str
    expected:
      description: The value that the profile sets.
      type: str
    running:
      description: The running value, or C(-) if there is none.
      type: str
    boot:
      description: The value after the next boot, login or start of the service.
      type: str
    reason:
      description: Why it differs, with file and line if another file sets it.
      type: str
    when:
      description:
        - V(now), or V(next boot) if the running value is the expected one. Limits of logins and services count as
          V(next boot), too.
      type: str
  sample:
    - profile: web
      what: net.ipv4.tcp_tw_reuse
      expected: "1"
      running: "1"
      boot: "0"
      reason: "/etc/sysctl.d/zz-other.conf:3 sets 0 at boot, after our file: 1 will be lost on reboot"
      when: next boot
partial:
  description:
    - What could not be read. Without root it is the journal; then only the kernel parameters in the drop-ins of the
      profiles are compared.
  returned: always
  type: list
  elements: dict
  sample: []
msg:
  description: The outcome in one sentence.
  returned: always
  type: str
  sample: profile web has drifted (net.ipv4.tcp_tw_reuse)
table:
  description: RV(drift) as the lines of a table; empty if there is none.
  returned: always
  type: list
  elements: str
"""

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import NettuneError, sentence
from ansible_collections.nettune.tcp.plugins.module_utils._common.profile_name import check_profile_name
from ansible_collections.nettune.tcp.plugins.module_utils._common.text import printable
from ansible_collections.nettune.tcp.plugins.module_utils._confirm.host.waiting import PendingChange
from ansible_collections.nettune.tcp.plugins.module_utils._host.files import HostFiles
from ansible_collections.nettune.tcp.plugins.module_utils._host.netlink import OwnNamespace
from ansible_collections.nettune.tcp.plugins.module_utils._host.sock_diag import SockDiag
from ansible_collections.nettune.tcp.plugins.module_utils._nofile.host.profiles import NofileProfiles
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.host.profiles import SysctlProfiles
from ansible_collections.nettune.tcp.plugins.module_utils._verify import differences
from ansible_collections.nettune.tcp.plugins.module_utils._verify.host import drop_ins
from ansible_collections.nettune.tcp.plugins.module_utils._verify.host.profiles import ProfileDrift

ARGUMENTS = {
    "name": {"type": "str"},
    "expect": {"type": "list", "elements": "str", "default": []},
    "best_effort": {"type": "bool", "default": False},
}


def main() -> None:
    module = AnsibleModule(argument_spec=ARGUMENTS, supports_check_mode=True)
    options = module.params
    try:
        if options["name"] is not None:
            check_profile_name(options["name"])
        options["expect"] = [name.strip() for name in options["expect"]]
        for name in options["expect"]:
            check_profile_name(name, "expect")
        files = HostFiles()
        sysctl, nofile = SysctlProfiles(files, SockDiag(OwnNamespace())), NofileProfiles(files)
        drift = ProfileDrift(sysctl, nofile, PendingChange(files), best_effort=options["best_effort"])
        try:
            result = {**drift.gather(only=options["name"], expected=options["expect"]), "partial": []}
        except PermissionError:  # the journal is for root only
            result = drop_ins.gather(files, only=options["name"], expected=options["expect"])
    except (NettuneError, OSError) as error:
        module.fail_json(msg=printable(sentence(error, "profile_info")))
    result["msg"] = differences.sentence(result["profiles"], result["drift"])
    module.exit_json(**printable({**result, "table": differences.table(result["drift"])}))


if __name__ == "__main__":
    main()
