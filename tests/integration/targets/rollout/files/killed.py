# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Start a rollout, and kill its controller once a change is pending on a host.

python3 killed.py ENTER COMMAND...      ENTER runs commands on that host
"""

from __future__ import annotations

import signal
import subprocess
import sys
import time

SECONDS = 600
# It exists while a change is pending.
SCRIPT = "/var/lib/nettune/tcp/take_back.py"


def main(enter: str, *command: str) -> int:
    """Return 0 if the command was killed while a change was pending."""
    until = time.monotonic() + SECONDS
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as controller:
        while controller.poll() is None and time.monotonic() < until:
            if subprocess.run([enter, "test", "-e", SCRIPT], check=False).returncode == 0:
                break
            time.sleep(0.2)
        controller.send_signal(signal.SIGKILL)
    print(f"ended with {controller.returncode}")
    return 0 if controller.returncode == -signal.SIGKILL and time.monotonic() < until else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
