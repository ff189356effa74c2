# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Local test hosts that Ansible reaches like a real fleet: by ssh, from one of them, with a new key.

The hosts, their network and their sshd exist for the length of a `with` block.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Sequence

from tests.gate.places import BIN, CACHE, ROOT, environment

sys.path.insert(0, str(ROOT / "tests" / "lab"))

from inventory import Host
from lab import Lab

_TOOLS = CACHE / "bench" / "tools"
CONTROLLER = "client"
FORKS = 20
_WAITING_AT_ONCE = 8
_SSHD = """\
HostKey {keys}/host
AuthorizedKeysFile {keys}/user.pub
PidFile none
UsePAM no
StrictModes no
UseDNS no
PasswordAuthentication no
PermitRootLogin yes
"""
# Runs as root in the host, which has its own /etc: the requirements of sshd, and an unlocked root account with its own
# home directory.
_PREPARE = """\
set -eu
mkdir -p /run/sshd /run/root
grep -q ^sshd: /etc/passwd || echo 'sshd:x:65533:65534::/run/sshd:/usr/sbin/nologin' >> /etc/passwd
sed -i 's/^root:[^:]*:/root:*:/' /etc/shadow
sed -i 's|^\\(root:.*\\):[^:]*:[^:]*$|\\1:/run/root:/bin/sh|' /etc/passwd
"""


class Fleet:
    """Hosts web1, web2 …, reached by ssh or through the lab's entry scripts, with or without pipelining."""

    def __init__(self, number: int, *, ssh: bool, state: Path, pipelining: bool = False) -> None:
        self.names = [f"web{one}" for one in range(1, number + 1)]
        self._ssh = ssh
        self._state = state
        self._pipelining = pipelining
        self._lab = Lab([*self.names, CONTROLLER], state=str(state))
        self._runs = 0
        self.servers: list[int] = []

    def __enter__(self) -> Fleet:
        self._lab.__enter__()
        # The lab's inventory turns on pipelining; here the environment decides.
        lines = Path(self._lab.inventory).read_text().splitlines()
        local = [line for line in lines if not line.lstrip().startswith("ansible_pipelining:")]
        (self._state / "local.yml").write_text("\n".join(local))
        try:
            if self._ssh:
                self._serve()
        except BaseException:
            self._lab.down()
            raise
        return self

    def __exit__(self, *_exception: object) -> None:
        self._lab.down()

    def command(self, playbook: list[dict[str, Any]] | Path, *arguments: str) -> list[str]:
        """Return the command line that runs a playbook, given as plays or as a file, with new connections."""
        self._runs += 1
        path = self._state / f"play{self._runs}.json"
        if isinstance(playbook, Path):
            path = playbook
        else:
            path.write_text(json.dumps(playbook))
        sockets = self._state / f"c{self._runs}"
        env = {**ansible_environment(self._state), "ANSIBLE_SSH_CONTROL_PATH_DIR": sockets}
        if self._pipelining:
            env["ANSIBLE_PIPELINING"] = "True"
        inventory = self._state / ("fleet.json" if self._ssh else "local.yml")
        play = [BIN / "ansible-playbook", "-i", inventory, path, *arguments]
        command = ["env", "-i", *(f"{name}={value}" for name, value in env.items()), *map(str, play)]
        return self._lab[CONTROLLER].command(*command) if self._ssh else command

    def host(self, name: str) -> Host:
        """Return a host, or with CONTROLLER the one that the playbooks run in."""
        return self._lab[name]

    def each(self, *command: str) -> list[str]:
        """Run a command in every host, one after the other, and return the outputs."""
        return [self._lab[name].run(*command).stdout for name in self.names]

    def end_connections(self) -> None:
        """End the processes that keep connections open for the next task."""
        sockets = self._state / f"c{self._runs}"
        for path in sockets.glob("*"):
            self._lab[CONTROLLER].run("ssh", "-O", "exit", "-o", f"ControlPath={path}", "any", check=False)

    def _serve(self) -> None:
        keys = self._state / "keys"
        keys.mkdir()
        for name in ("host", "user"):
            subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", keys / name], check=True)
        (keys / "sshd_config").write_text(_SSHD.format(keys=keys))
        env = {**os.environ, "LD_LIBRARY_PATH": ":".join(map(str, _TOOLS.glob("usr/lib/*-linux-gnu")))}
        for name in self.names:
            host = self._lab[name]
            host.run("sh", "-c", _PREPARE)
            host.run(_sshd(), "-f", str(keys / "sshd_config"), env=env)
        arguments = "-o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null"
        # The login is root already; playbooks with `become` must not call sudo, which this machine may not have.
        common: dict[str, Any] = {"ansible_user": "root", "ansible_python_interpreter": "/usr/bin/python3"}
        common["ansible_become"] = False
        common |= {"ansible_ssh_private_key_file": str(keys / "user"), "ansible_ssh_common_args": arguments}
        hosts = {name: {"ansible_host": self._lab[name].ipv4} for name in self.names}
        (self._state / "fleet.json").write_text(json.dumps({"web": {"hosts": hosts, "vars": common}}))
        login = [*arguments.split(), "-i", str(keys / "user")]
        with ThreadPoolExecutor(_WAITING_AT_ONCE) as pool:
            list(pool.map(lambda name: self._wait_for_sshd([*login, f"root@{self._lab[name].ipv4}"]), self.names))
        self.servers = list(map(self._server, self.names))

    def _server(self, name: str) -> int:
        """Return the id of a host's sshd in this process namespace."""
        children = Path(f"/proc/{self._lab[name].process.pid}/task/{self._lab[name].process.pid}/children")
        sshd = [pid for pid in children.read_text().split() if Path(f"/proc/{pid}/comm").read_text() == "sshd\n"]
        return int(sshd[0])

    def _wait_for_sshd(self, arguments: Sequence[str]) -> None:
        for _attempt in range(50):
            done = self._lab[CONTROLLER].run("ssh", *arguments, "true", check=False)
            if done.returncode == 0:
                return
            time.sleep(0.2)
        raise RuntimeError(f"no answer from sshd of {arguments[-1]}: {done.stderr.strip()}")


def _sshd() -> str:
    """Return the absolute path of sshd, "" if this machine has none."""
    paths = [Path("/usr/sbin/sshd"), _TOOLS / "usr" / "sbin" / "sshd"]
    return next((str(path) for path in paths if path.exists()), "")


def has_sshd() -> bool:
    """Return whether hosts can be reached by ssh here."""
    return bool(_sshd())


def ansible_environment(state: Path) -> dict[str, str]:
    """Return an environment with Ansible's defaults, except for 20 forks, and without the user's settings."""
    config = state / "ansible.cfg"
    config.write_text("[defaults]\n")
    collections = [ROOT / "playbooks" / "collections", CACHE / "bench" / "collections"]
    return {
        **{name: value for name, value in environment().items() if name in ("PATH", "HOME", "LC_ALL", "ANSIBLE_HOME")},
        "PYTHONDONTWRITEBYTECODE": "1",
        "ANSIBLE_CONFIG": str(config),
        "ANSIBLE_COLLECTIONS_PATH": ":".join(map(str, collections)),
        "ANSIBLE_FORKS": str(FORKS),
        "ANSIBLE_NOCOLOR": "True",
        "ANSIBLE_DEPRECATION_WARNINGS": "False",
    }
