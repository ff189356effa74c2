# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The last step of a scenario: its tests have passed on these hosts."""

from __future__ import annotations

import sys
from pathlib import Path

from testinfra.host import Host

sys.path.insert(0, str(Path(__file__).resolve().parents[4]))

from tests.gate import ran_on


def test_note_what_this_ran_on(host: Host) -> None:
    release = host.check_output("sed -n 's/^VERSION_ID=//p' /etc/os-release").strip('"')
    python = host.check_output('/usr/bin/python3 -c "import platform; print(platform.python_version())"')
    ran_on.note("container", system=f"Debian {release}", python=python)
