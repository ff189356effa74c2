# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""shipped.py COLLECTIONS MODULE... prints, as JSON, what Ansible would send to a host for a task of each module.

{module: {bytes, files}}: the size of the one file that is sent, and how many files are packed in it. A process of its
own, as Ansible's loader changes how Python imports.
"""

from __future__ import annotations

import base64
import io
import json
import re
import sys
import zipfile

from ansible.executor.module_common import modify_module
from ansible.parsing.dataloader import DataLoader
from ansible.plugins.loader import init_plugin_loader, module_loader
from ansible.template import Templar

_ARCHIVE = re.compile(rb"""["']([A-Za-z0-9+/=]{1000,})["']""")


def shipped(module: str) -> dict[str, int]:
    """What is sent for a task without options."""
    built = modify_module(
        module_name=module,
        module_path=module_loader.find_plugin_with_context(module).plugin_resolved_path,
        module_args={},
        templar=Templar(DataLoader()),
        task_vars={"ansible_python_interpreter": "/usr/bin/python3"},
        module_compression="ZIP_DEFLATED",
    )
    # ansible-core 2.18 has a tuple here.
    sent = built[0] if isinstance(built, tuple) else built.b_module_data
    archive = max(_ARCHIVE.findall(sent), key=len)
    files = zipfile.ZipFile(io.BytesIO(base64.b64decode(archive))).namelist()
    return {"bytes": len(sent), "files": len(files)}


if __name__ == "__main__":
    init_plugin_loader([sys.argv[1]])
    print(json.dumps({module: shipped(module) for module in sys.argv[2:]}))
