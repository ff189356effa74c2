# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The health check of a host, which the environment makes sick.

It fails on the hosts in ROLLOUT_SICK, starts a leak of connections on the host ROLLOUT_LEAK, and ends ROLLOUT_BEFORE
seconds before the deadline.

python3 health.py HOST ENTER      ENTER runs commands on the host
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

JOURNAL = "/var/lib/nettune/tcp/confirm.json"


def main(host: str, enter: str) -> int:
    """Return 0 if the host is healthy."""
    if host in os.environ.get("ROLLOUT_SICK", "").split(","):
        print(f"{host} is sick", file=sys.stderr)
        return 1
    if host == os.environ.get("ROLLOUT_LEAK"):
        leak = Path(__file__).with_name("leak.py")
        subprocess.run([enter, "/usr/bin/python3", str(leak)], check=True)
    if "ROLLOUT_BEFORE" in os.environ:
        text = subprocess.run([enter, "cat", JOURNAL], capture_output=True, text=True, check=True).stdout
        seconds = json.loads(text)["pending"]["due"] - time.monotonic() - float(os.environ["ROLLOUT_BEFORE"])
        time.sleep(max(0.0, seconds))
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
