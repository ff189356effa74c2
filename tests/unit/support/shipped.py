# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Print, as JSON, how many bytes Ansible sends to a host for a task of each module: shipped.py COLLECTIONS MODULE..."""

from __future__ import annotations

import json
import sys

from ansible.executor.module_common import modify_module
from ansible.parsing.dataloader import DataLoader
from ansible.plugins.loader import init_plugin_loader, module_loader
from ansible.template import Templar


def shipped(module: str) -> int:
    """Return the size of the file that is sent for a task without options."""
    built = modify_module(
        module_name=module,
        module_path=module_loader.find_plugin_with_context(module).plugin_resolved_path,
        module_args={},
        templar=Templar(DataLoader()),
        task_vars={"ansible_python_interpreter": "/usr/bin/python3"},
        module_compression="ZIP_DEFLATED",
    )
    # ansible-core 2.18 returns a tuple.
    return len(built[0] if isinstance(built, tuple) else built.b_module_data)


if __name__ == "__main__":
    init_plugin_loader([sys.argv[1]])
    print(json.dumps({module: shipped(module) for module in sys.argv[2:]}))
