#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: host_settings
short_description: Internal helper of the playbook adopt; do not use directly
version_added: 1.0.0
description:
  - Internal. Use M(nettune.tcp.sysctl_facts) or M(nettune.tcp.nofile_facts) instead.
  - Returns the lines of a host's C(sysctl.conf), C(sysctl.d), C(limits.conf) and C(limits.d), and the parameters that
    they set. Files of this collection are left out.
author: nettune.tcp contributors (@nettune)
extends_documentation_fragment: [nettune.tcp.attributes, nettune.tcp.attributes.info_module]
"""

EXAMPLES = r"""
- name: Gather the parameters that files set
  nettune.tcp.sysctl_facts:
    keys: [net.*]
"""

RETURN = r"""
kernel:
  description: The kernel release.
  returned: always
  type: str
loader:
  description: The loader that applies the files at boot, as in M(nettune.tcp.sysctl_facts).
  returned: always
  type: str
running:
  description:
    - C(value) and C(reason) of the parameters that the collection knows and no line names or matches. The others, in
      the order of the lines, are in C(keys), as in M(nettune.tcp.sysctl_facts).
  returned: always
  type: dict
unknown:
  description: Those of C(keys) that neither this host nor the collection knows.
  returned: always
  type: list
  elements: str
lines:
  description:
    - The lines that the loader reads, in order, each with C(path), C(line), C(name) and C(value); C(pattern), whether
      the name is one; C(cut), whether the value is longer; and C(comment), the comment above it.
  returned: always
  type: list
  elements: dict
refused:
  description: The lines that no loader accepts, each with C(path), C(line) and C(text).
  returned: always
  type: list
  elements: dict
unused:
  description: The files that the loader does not read, each with C(path) and C(reason).
  returned: always
  type: list
  elements: dict
listeners:
  description: The ports of TCP listeners.
  returned: always
  type: list
  elements: int
limits:
  description:
    - C(entries) has the lines about C(nofile), as in M(nettune.tcp.nofile_facts); C(others) the other lines, each with
      C(path), C(line), C(text) and C(item), what it limits; and C(nr_open) is C(fs.nr_open).
  returned: always
  type: dict
partial:
  description: What could not be read, each with C(what) and C(reason).
  returned: always
  type: list
  elements: dict
"""

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.nettune.tcp.plugins.module_utils._adopt.host.settings import gather
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import NettuneError, sentence
from ansible_collections.nettune.tcp.plugins.module_utils._common.text import printable
from ansible_collections.nettune.tcp.plugins.module_utils._host.files import HostFiles
from ansible_collections.nettune.tcp.plugins.module_utils._host.netlink import OwnNamespace
from ansible_collections.nettune.tcp.plugins.module_utils._host.sock_diag import SockDiag


def main() -> None:
    module = AnsibleModule(argument_spec={}, supports_check_mode=True)
    try:
        found = gather(HostFiles(), SockDiag(OwnNamespace()))
    except (NettuneError, OSError) as error:
        module.fail_json(msg=printable(sentence(error, "host_settings")))
    module.exit_json(changed=False, **found)


if __name__ == "__main__":
    main()
