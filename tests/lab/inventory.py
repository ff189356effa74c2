# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names and addresses of local test hosts, and the scripts with which Ansible and people enter them."""

from __future__ import annotations

import json
import os
import re
import subprocess
from typing import Any, NamedTuple, Sequence

from namespaces import LabError, Process, entry_script

_NAME = re.compile(r"[a-z][a-z0-9-]{0,62}\Z")
_GROUPS = {"client": "clients"}
_MOST_HOSTS = 500
PYTHON = "/usr/bin/python3"


class Host(NamedTuple):
    """A local test host: its first process, the directory of its entry scripts, the interpreter of its modules."""

    name: str
    process: Process
    ipv4: str
    ipv6: str
    directory: str
    python: str = PYTHON

    def command(self, *command: str) -> list[str]:
        """Return the command line that runs `command` in the host."""
        return [os.path.join(self.directory, "enter"), *command]

    def run(self, *command: str, check: bool = True, **options: Any) -> subprocess.CompletedProcess[str]:
        """Run `command` in the host, as subprocess.run does; with `check`, raise LabError if it fails."""
        if "input" not in options:
            options.setdefault("stdin", subprocess.DEVNULL)
        options = {"capture_output": True, "text": True, **options}
        done = subprocess.run(self.command(*command), check=False, **options)
        if check and done.returncode != 0:
            message = (done.stderr or done.stdout or "").strip()
            raise LabError(f"{self.name}: `{' '.join(command)}` ended with {done.returncode}: {message}")
        return done

    def popen(self, *command: str, **options: Any) -> subprocess.Popen[str]:
        """Start `command` in the host, as subprocess.Popen does. It ends when the host ends, if not before."""
        return subprocess.Popen(self.command(*command), **{"text": True, **options})

    def ask(self, what: str, *roots: str) -> dict[str, str]:
        """Return the host's sysctl values (`sysctls`, one root) or file tree (`files`); see machine.py."""
        script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "machine.py")
        return json.loads(self.run(self.python, script, what, *roots).stdout)


def checked_names(names: Sequence[str]) -> list[str]:
    """Return `names`; raise LabError if they cannot all be hosts of one lab."""
    for name in names:
        if not _NAME.match(name):
            raise LabError(f"{name!r} is not a valid host name: use a-z, 0-9 and -, starting with a letter")
    if not 0 < len(set(names)) == len(names) <= _MOST_HOSTS:
        raise LabError(f"give 1 to {_MOST_HOSTS} different host names, not: {' '.join(names) or 'none'}")
    return list(names)


def addresses(number: int) -> tuple[str, str]:
    """Return the IPv4 and IPv6 address of a lab's host number `number`, counted from 1."""
    return f"10.77.{number // 256}.{number % 256}", f"fd00:77::{number:x}"


def hosts_file(names: Sequence[str]) -> str:
    """Return the /etc/hosts of every host."""
    lines = ["127.0.0.1 localhost", "::1 localhost"]
    for number, name in enumerate(names, start=1):
        lines += [f"{address} {name}" for address in addresses(number)]
    return "\n".join(lines) + "\n"


def write_entry_scripts(host: Host) -> None:
    """Write the scripts `enter` and `python` into the host's directory."""
    os.makedirs(os.path.join(host.directory, "tmp"), exist_ok=True)
    write(os.path.join(host.directory, "enter"), entry_script(host.process, host.name), 0o755)
    write(os.path.join(host.directory, "python"), entry_script(host.process, host.name, host.python), 0o755)


def inventory_text(hosts: Sequence[Host]) -> str:
    """Return the inventory as YAML. Modules enter a host through their interpreter; `raw` and `script` do not."""
    groups: dict[str, list[Host]] = {}
    for host in hosts:
        letters = re.match(r"[a-z-]*[a-z]", host.name)[0]
        groups.setdefault(_GROUPS.get(letters, letters).replace("-", "_"), []).append(host)
    lines = ["---", "# Written by tests/lab/hosts.py; removed with the hosts."]
    for group, members in groups.items():
        lines += [f"{group}:", "  hosts:"]
        for host in members:
            lines.append(f"    {host.name}:")
            lines += [f"      {key}: {json.dumps(value)}" for key, value in _variables(host).items()]
    return "\n".join(lines) + "\n"


def _variables(host: Host) -> dict[str, Any]:
    temporary = os.path.join(host.directory, "tmp")
    return {
        "ansible_connection": "local",
        "ansible_python_interpreter": os.path.join(host.directory, "python"),
        "ansible_become": False,
        "ansible_pipelining": True,
        "ansible_remote_tmp": temporary,
        "ansible_async_dir": temporary,
        "lab_ipv4": host.ipv4,
        "lab_ipv6": host.ipv6,
    }


def write(path: str, text: str, mode: int = 0o644) -> None:
    """Write a file with its mode."""
    with open(path, "w", encoding="utf-8") as stream:
        stream.write(text)
    os.chmod(path, mode)
