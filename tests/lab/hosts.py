# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private hosts made of this machine's namespaces, for tests and the demo; Ansible sees them as hosts of an inventory.

Each has its own network, mounts, name, IPC and processes; /etc and /var/lib are overlays, /run is empty, /proc/sys is
read-only outside net, /sys read-only. They meet on a bridge in a network namespace of its own: nothing is added to the
machine's. Everything a host writes there vanishes with it. /tmp, /home, /root and /usr are the machine's.

    python3 tests/lab/hosts.py up --state DIR web1 web2 client
    ansible -i DIR/inventory.yml web -m ansible.builtin.ping
    python3 tests/lab/hosts.py exec --state DIR web1 -- ip address
    python3 tests/lab/hosts.py down --state DIR
"""

from __future__ import annotations

import argparse
import os
import sys
from typing import Sequence

from inventory import Host
from lab import Lab, checked_state, down
from namespaces import LabError

__all__ = ["Host", "Lab", "LabError", "down"]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Private hosts made of this machine's namespaces.")
    verbs = parser.add_subparsers(dest="verb", required=True)
    up, down_, exec_ = (verbs.add_parser(verb) for verb in ("up", "down", "exec"))
    for verb in (up, down_, exec_):
        verb.add_argument("--state", required=True, metavar="DIR", help="where the inventory and the entrances are")
    up.add_argument("names", nargs="+", metavar="NAME")
    up.add_argument("--python", default="/usr/bin/python3", help="interpreter of the hosts (default: %(default)s)")
    up.add_argument("--own-tcp-hash", type=int, metavar="ENTRIES", help="a TCP hash for each host (Linux 6.1)")
    up.add_argument("--writable", action="append", default=[], metavar="KEY", help="an IPC sysctl the hosts may write")
    up.add_argument("--fake", action="append", default=[], metavar="KEY=VALUE", help="a private file in place of a key")
    exec_.add_argument("host")
    exec_.add_argument("command", nargs=argparse.REMAINDER, metavar="-- COMMAND")
    return parser


def _up(options: argparse.Namespace) -> None:
    fakes = dict(fake.partition("=")[::2] for fake in options.fake)
    lab = Lab(
        options.names,
        state=options.state,
        python=options.python,
        own_tcp_hash=options.own_tcp_hash,
        writable=options.writable,
        fakes=fakes,
    )
    lab.up(stays=True)
    print(lab.inventory)


def _exec(options: argparse.Namespace) -> None:
    entrance = os.path.join(checked_state(options.state), options.host, "enter")
    command = options.command[1:] if options.command[:1] == ["--"] else options.command
    if not os.path.exists(entrance):
        raise LabError(f"there is no host {options.host} in {options.state}")
    if not command:
        raise LabError("exec needs a command: exec --state DIR HOST -- COMMAND")
    os.execv(entrance, [entrance, *command])


def main(arguments: Sequence[str]) -> int:
    """The command line; errors are one line."""
    options = _parser().parse_args(arguments)
    try:
        if options.verb == "up":
            _up(options)
        elif options.verb == "down":
            down(checked_state(options.state))
        else:
            _exec(options)
    except LabError as error:
        print(f"hosts.py: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
