# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Print every value of the host's network, and a hash of every file where the collection writes, one a line.

The journal's record of a rollback is left out, and so are the directories that it is in.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[4] / "lab"))

import machine

RECORD = ("/var/lib/nettune/tcp", "/var/lib/nettune/tcp/confirm.json")


def main() -> None:
    found = {**machine.machine_sysctls("/proc/sys/net"), **machine.file_tree(*machine.FILES)}
    for path in sorted(found.keys() - {*RECORD}):
        print(path, " ".join(found[path].split()))


if __name__ == "__main__":
    main()
