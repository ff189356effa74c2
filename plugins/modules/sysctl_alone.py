#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: sysctl_alone
short_description: Do what M(nettune.tcp.sysctl_profile) is mostly asked for
version_added: 1.0.0
description:
  - Internal, run by the action plugin of M(nettune.tcp.sysctl_profile). Use that instead.
  - It applies a profile that is to last, in the host's own network, where nothing waits for a confirmation and no trial
    runs.
author: nettune.tcp contributors (@nettune)
extends_documentation_fragment: [nettune.tcp.attributes]
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
  idempotent:
    support: full
  platform:
    platforms: linux
options:
  name:
    description: As of M(nettune.tcp.sysctl_profile).
    type: str
    required: true
  settings:
    description: As of M(nettune.tcp.sysctl_profile).
    type: dict
    required: true
  persistent:
    description: As of M(nettune.tcp.sysctl_profile).
    type: bool
    default: true
  accept_hazards:
    description: As of M(nettune.tcp.sysctl_profile).
    type: list
    elements: str
    choices: [tw_recycle, tw_buckets_lowered, floor_lowered, range_over_listeners, memory]
    default: []
  connections:
    description: As of M(nettune.tcp.sysctl_profile).
    type: int
  modules:
    description: As of M(nettune.tcp.sysctl_profile).
    type: list
    elements: str
  take_over:
    description: As of M(nettune.tcp.sysctl_profile).
    type: bool
    default: false
"""

EXAMPLES = r"""
- name: Free ports sooner
  nettune.tcp.sysctl_profile:
    name: web
    settings:
      net.ipv4.tcp_fin_timeout: 30
"""

RETURN = r"""
not_alone:
  description: What of the journal takes the whole module; nothing has been done then.
  returned: when there is something of the kind
  type: str
table:
  description: This and all else as of M(nettune.tcp.sysctl_profile).
  returned: when nothing is in the way
  type: list
  elements: str
"""

from contextlib import nullcontext

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import NettuneError
from ansible_collections.nettune.tcp.plugins.module_utils._common.profile_name import check_profile_name
from ansible_collections.nettune.tcp.plugins.module_utils._common.text import printable
from ansible_collections.nettune.tcp.plugins.module_utils._host.files import HostFiles
from ansible_collections.nettune.tcp.plugins.module_utils._host.netlink import OwnNamespace
from ansible_collections.nettune.tcp.plugins.module_utils._host.sock_diag import SockDiag
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl import dropin
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl import report as sysctl_report
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.hazards import NAMES as HAZARDS
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.host.apply import Planned
from ansible_collections.nettune.tcp.plugins.module_utils._sysctl.host.sysctl_alone import LoneProfiles, NotAlone

ARGUMENTS = {
    "name": {"type": "str", "required": True},
    "settings": {"type": "dict", "required": True},
    "persistent": {"type": "bool", "default": True},
    "accept_hazards": {"type": "list", "elements": "str", "choices": list(HAZARDS), "default": []},
    "connections": {"type": "int"},
    "modules": {"type": "list", "elements": "str"},
    "take_over": {"type": "bool", "default": False},
}


def main() -> None:
    module = AnsibleModule(argument_spec=ARGUMENTS, supports_check_mode=True)
    files = HostFiles()
    try:
        check_profile_name(module.params["name"])
        profiles = LoneProfiles(files, SockDiag(OwnNamespace()))
        profiles.check_alone()
        with nullcontext() if module.check_mode else profiles.lock():
            result = run(module, profiles)
    except NotAlone as error:
        result = {"changed": False, "not_alone": str(error)}
    except PermissionError as error:
        module.fail_json(msg=printable(f"{error}; this module works as root (become: true)"))
    except (NettuneError, OSError) as error:
        module.fail_json(msg=printable(str(error)))
    module.exit_json(**result)


def run(module: AnsibleModule, profiles: LoneProfiles) -> dict:
    """Plan what the options ask for, and outside check mode do it. Returns the module's result."""
    asked = dict(module.params, accept_hazards=frozenset(module.params["accept_hazards"]))
    planned = profiles.present(asked.pop("name"), asked.pop("settings"), **asked)
    refused = sysctl_report.refusals(planned.rows)
    if refused:
        module.fail_json(msg=printable(refused), **dict(report(module, planned), changed=False, diff=[]))
    for text in sysctl_report.warnings(planned.plan, planned.rows):
        module.warn(printable(text))
    if not module.check_mode:
        planned = profiles.carry_out(planned)
    result = report(module, planned)
    if result["changed"] and not module.check_mode:
        module.log(sysctl_report.log_line(planned.plan))
    return result


def report(module: AnsibleModule, planned: Planned) -> dict:
    """The module's result."""
    result = sysctl_report.result(planned.plan, planned.rows)
    result["file"] = dropin.path(module.params["name"])
    result["confirm"] = {"pending": False, "deadline": None}
    return printable(result)


if __name__ == "__main__":
    main()
