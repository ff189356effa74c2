# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""as_nobody.py COLLECTIONS: print the facts that an unprivileged user gets, as JSON.

The imports come first, because such a user may not be allowed to read the collection.
"""

from __future__ import annotations

import json
import os
import sys

sys.path.insert(0, sys.argv[1])
from ansible_collections.nettune.tcp.plugins.module_utils._host.files import HostFiles
from ansible_collections.nettune.tcp.plugins.module_utils._nofile.host.facts import NofileFacts

os.setgroups([])
os.setgid(65534)
os.setuid(65534)
print(json.dumps(NofileFacts(HostFiles()).gather(top=10, names=["nofile-holder"])))
