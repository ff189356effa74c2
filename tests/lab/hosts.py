# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Local test hosts made from Linux namespaces, for tests and the demo; Ansible uses them as hosts of an inventory.

Each has its own network, mounts, host name, IPC and processes; /etc and /var/lib are overlays, /run is empty, /proc/sys
is read-only except net, /sys is read-only. A bridge in another network namespace connects them; this machine's own
network is not touched. What a host writes there is deleted with the host. /tmp, /home, /root and /usr are shared.

    python3 tests/lab/hosts.py up --state DIR web1 web2 client
    ansible -i DIR/inventory.yml web -m ansible.builtin.ping
    python3 tests/lab/hosts.py exec --state DIR web1 -- ip address
    python3 tests/lab/hosts.py down --state DIR
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
from typing import Sequence

from inventory import PYTHON, Host
from lab import Lab, checked_state, down
from namespaces import LabError

__all__ = ["Host", "Lab", "LabError"]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Local test hosts made from Linux namespaces.")
    commands = parser.add_subparsers(dest="command", required=True)
    for command in ("up", "down", "exec"):
        options = commands.add_parser(command)
        options.add_argument("--state", required=True, metavar="DIR", help="directory of the inventory")
        if command == "up":
            options.add_argument("--python", default=PYTHON, metavar="PATH", help="interpreter of modules")
            options.add_argument("names", nargs="+", metavar="NAME")
        if command == "exec":
            options.add_argument("host")
            options.add_argument("words", nargs=argparse.REMAINDER, metavar="-- COMMAND")
    return parser


def _up(lab: Lab) -> int:
    """Start a background process that holds the hosts until `down` ends it; return once they are up."""
    ready, write_end = os.pipe()
    if os.fork():
        os.close(write_end)
        return 0 if os.read(ready, 1) else 1
    os.close(ready)
    os.setsid()
    signal.signal(signal.SIGTERM, lambda *_signal: sys.exit())
    with lab:
        print(lab.inventory, flush=True)
        null = os.open(os.devnull, os.O_RDWR)
        for descriptor in (0, 1, 2):
            os.dup2(null, descriptor)
        os.write(write_end, b"1")
        os.close(write_end)
        while True:
            signal.pause()


def _exec(options: argparse.Namespace) -> None:
    script = os.path.join(checked_state(options.state), options.host, "enter")
    words = options.words[1:] if options.words[:1] == ["--"] else options.words
    if not os.path.exists(script):
        raise LabError(f"there is no host {options.host} in {options.state}")
    if not words:
        raise LabError("exec needs a command: exec --state DIR HOST -- COMMAND")
    os.execv(script, [script, *words])


def main(arguments: Sequence[str]) -> int:
    """Run the command; print an error as one line and return 1."""
    options = _parser().parse_args(arguments)
    try:
        if options.command == "up":
            return _up(Lab(options.names, state=options.state, python=options.python))
        if options.command == "down":
            down(checked_state(options.state))
        else:
            _exec(options)
    except LabError as error:
        print(f"hosts.py: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
