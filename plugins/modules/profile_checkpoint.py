#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: profile_checkpoint
short_description: Internal helper of the role tuning; do not use directly
version_added: 1.0.0
description:
  - Internal. Reads what the journals of a host say about a profile, and later returns the profile to that state,
    whether the change since then is pending or confirmed. The role P(nettune.tcp.tuning#role) uses it in a rollout.
author: nettune.tcp contributors (@nettune)
extends_documentation_fragment: [nettune.tcp.attributes]
attributes:
  check_mode:
    support: full
  diff_mode:
    support: none
    details:
      - The journals of a host have no readable difference.
  idempotent:
    support: full
  platform:
    platforms: linux
options:
  name:
    description: Name of the profile.
    type: str
    required: true
  state:
    description:
      - V(saved) reads the checkpoint and changes nothing.
      - V(restored) returns to O(checkpoint). A pending change is rolled back at once. A confirmed one is replaced by
        the profile as it was before, or reverted if the host did not have the profile.
    type: str
    choices: [saved, restored]
    required: true
  checkpoint:
    description: The RV(checkpoint) to return to.
    type: dict
"""

EXAMPLES = r"""
- name: Save the state before the change
  nettune.tcp.profile_checkpoint:
    name: web
    state: saved
  become: true
  register: before

- name: Return to that state
  nettune.tcp.profile_checkpoint:
    name: web
    state: restored
    checkpoint: "{{ before.checkpoint }}"
  become: true
"""

RETURN = r"""
checkpoint:
  description: What the journals say about the profile; the documents are empty if the host does not have it.
  returned: O(state=saved)
  type: dict
  sample: {sysctl: {}, nofile: {}}
rolled_back:
  description: Whether a pending change was rolled back.
  returned: O(state=restored), not in check mode
  type: bool
left_alone:
  description: What was not restored because someone else has changed it since; see M(nettune.tcp.sysctl_profile).
  returned: O(state=restored), not in check mode
  type: list
  elements: dict
  sample: []
"""

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.nettune.tcp.plugins.module_utils._checkpoint.host.profile import ProfileCheckpoint, checked
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import NettuneError, sentence
from ansible_collections.nettune.tcp.plugins.module_utils._common.profile_name import check_profile_name
from ansible_collections.nettune.tcp.plugins.module_utils._common.text import printable
from ansible_collections.nettune.tcp.plugins.module_utils._confirm.host.waiting import PendingChange
from ansible_collections.nettune.tcp.plugins.module_utils._host.files import HostFiles
from ansible_collections.nettune.tcp.plugins.module_utils._host.netlink import OwnNamespace
from ansible_collections.nettune.tcp.plugins.module_utils._host.sock_diag import SockDiag
from ansible_collections.nettune.tcp.plugins.module_utils._nofile.host.profiles import NofileProfiles
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.host.profiles import SysctlProfiles

SAVED = "saved"
RESTORED = "restored"
ARGUMENTS = {
    "name": {"type": "str", "required": True},
    "state": {"type": "str", "choices": [SAVED, RESTORED], "required": True},
    "checkpoint": {"type": "dict"},
}


def main() -> None:
    module = AnsibleModule(
        argument_spec=ARGUMENTS, required_if=[("state", RESTORED, ("checkpoint",))], supports_check_mode=True
    )
    name = module.params["name"]
    try:
        check_profile_name(name)
        files = HostFiles()
        sysctl = SysctlProfiles(files, SockDiag(OwnNamespace()))
        profile = ProfileCheckpoint(name, sysctl, NofileProfiles(files), PendingChange(files))
        if module.params["state"] == SAVED:
            module.exit_json(changed=False, checkpoint=profile.read())
        saved = checked(module.params["checkpoint"])
        if module.check_mode:
            module.exit_json(changed=True)
        restored = profile.restore(saved)
    except (NettuneError, OSError) as error:
        module.fail_json(msg=printable(sentence(error, "profile_checkpoint")))
    if restored.changed:
        module.log(f"profile {name} was returned to its state before the rollout")
    module.exit_json(**printable(restored._asdict()))


if __name__ == "__main__":
    main()
