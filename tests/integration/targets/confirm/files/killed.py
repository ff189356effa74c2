# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Start a playbook run, and kill it once its changes are pending.

python3 killed.py ENTER COMMAND...      ENTER runs commands on the host
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time

SECONDS = 60
LOOK = "cat /proc/sys/net/ipv4/ip_local_port_range; find /etc -name '*nettune*'"


def pending(enter: str) -> bool:
    """Return whether both parts of the change are pending on the host."""
    journal = "/var/lib/nettune/tcp/confirm.json"
    text = subprocess.run([enter, "cat", journal], capture_output=True, text=True, check=False).stdout
    parts = (json.loads(text or "{}").get("pending") or {}).get("parts", [])
    return [part["finished"] for part in parts] == [True, True]


def main(enter: str, *command: str) -> int:
    """Kill the command, print the state of the host, and return 0 if the changes are pending."""
    until = time.monotonic() + SECONDS
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as controller:
        while not pending(enter) and controller.poll() is None and time.monotonic() < until:
            time.sleep(0.2)
        controller.send_signal(signal.SIGKILL)
    held = subprocess.run([enter, "sh", "-c", LOOK], capture_output=True, text=True, check=False).stdout
    print(f"ended with {controller.returncode}", held, sep="\n")
    return 0 if controller.returncode == -signal.SIGKILL and pending(enter) else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
