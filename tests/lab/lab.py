# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Local test hosts, started and stopped together."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import time
from typing import Mapping, Sequence

from inventory import PYTHON, Host, addresses, checked_names, hosts_file, inventory_text, write, write_entry_scripts
from namespaces import LabError, Process, first_process_script, identify, inside, missing_requirement, run

_HIDDEN_IN_HOSTS = ("/etc", "/run", "/var/lib", "/var/run", "/proc", "/sys")
_TCP_HASH = "/proc/sys/net/ipv4/tcp_child_ehash_entries"
_HASH_ENTRIES = 65536
_RECORD = "state.json"
_SECONDS_TO_END = 10.0


class Lab:
    """Local test hosts for the duration of a `with` block. They end with this process, even if it is killed.

    names: host names.
    state: directory for the inventory and the entry scripts, created if absent.
    own_tcp_hash: give each host its own TCP hash table (Linux 6.1), so that walking it never meets other sockets.
    fakes: {sysctl name: value}: replace a host-wide key by a private file.
    python: the interpreter with which Ansible runs modules in the hosts.
    """

    def __init__(
        self,
        names: Sequence[str],
        *,
        state: str,
        own_tcp_hash: bool = False,
        fakes: Mapping[str, str] | None = None,
        python: str = PYTHON,
    ) -> None:
        missing = missing_requirement()
        if missing:
            raise LabError(missing)
        self._names = checked_names(names)
        self._python = python
        self._own_tcp_hash = own_tcp_hash and os.path.exists(_TCP_HASH)
        self._fakes = {f"/proc/sys/{name.replace('.', '/')}": value for name, value in (fakes or {}).items()}
        self.state = checked_state(state)
        self._children: list[subprocess.Popen[str]] = []
        self.hosts: dict[str, Host] = {}

    @property
    def inventory(self) -> str:
        """The path of the inventory: group `web` has web1, web2 …, `clients` has client …, others likewise."""
        return os.path.join(self.state, "inventory.yml")

    def __enter__(self) -> Lab:
        owner, _names = _recorded(self.state)
        if owner and owner.alive():
            raise LabError(
                f"{self.state} is in use by process {owner.pid}: run `hosts.py down --state {self.state}` first,"
                " or choose another directory"
            )
        try:
            self._start()
        except BaseException:
            self.down()
            raise
        return self

    def __exit__(self, *_exception: object) -> None:
        self.down()

    def __getitem__(self, name: str) -> Host:
        return self.hosts[name]

    def down(self) -> None:
        """End the hosts and remove our files from the state directory."""
        for child in self._children:
            with contextlib.suppress(BrokenPipeError):
                child.stdin.close()
        for child in self._children:
            try:
                child.wait(_SECONDS_TO_END)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
            for stream in (child.stdout, child.stderr):
                stream.close()
        self._children.clear()
        _remove(self.state, self._names)

    def _start(self) -> None:
        os.makedirs(self.state, exist_ok=True)
        record = {"boot": _boot_id(), "owner": identify(os.getpid()), "names": self._names}
        write(os.path.join(self.state, _RECORD), json.dumps(record))
        entries = f"echo {_HASH_ENTRIES} > {_TCP_HASH}; " if self._own_tcp_hash else ""
        script = f"set -eu; {entries}echo up; exec cat > /dev/null 2>&1"
        child = self._popen(["unshare", "--net", "--", "sh", "-c", script])
        _first_line(child, "the network switch of the hosts")
        switch = identify(child.pid)
        started = [self._popen(self._host_command(switch, name)) for name in self._names]
        for number, (name, child) in enumerate(zip(self._names, started), start=1):
            first = identify(int(_first_line(child, name)))
            self.hosts[name] = Host(name, first, *addresses(number), os.path.join(self.state, name), self._python)
        self._connect(switch)
        for host in self.hosts.values():
            write_entry_scripts(host)
        write(self.inventory, inventory_text(list(self.hosts.values())))

    def _host_command(self, switch: Process, name: str) -> list[str]:
        script = first_process_script(name, hosts_file=hosts_file(self._names), fakes=self._fakes)
        private = ["--net", "--mount", "--uts", "--ipc", "--pid", "--fork", "--kill-child"]
        # Started from the switch: a new network namespace takes the size of its TCP hash from the one it is made in.
        return inside(switch, "unshare", *private, "--", "sh", "-c", script, net_only=True)

    def _popen(self, command: Sequence[str]) -> subprocess.Popen[str]:
        """Start a process that runs until its input ends, in its own session so that Ctrl-C does not reach it."""
        pipe = subprocess.PIPE
        child = subprocess.Popen(
            list(command), stdin=pipe, stdout=pipe, stderr=pipe, text=True, start_new_session=True, cwd="/"
        )
        self._children.append(child)
        return child

    def _connect(self, switch: Process) -> None:
        """Connect the hosts by veth pairs to a bridge in the switch. This machine's namespace has none of the links."""
        links = ["link add lan type bridge", "link set lan up"]
        for number, host in enumerate(self.hosts.values(), start=1):
            links.append(f"link add port{number} type veth peer name eth0 netns {host.process.pid}")
            links.append(f"link set port{number} master lan up")
        run(inside(switch, "ip", "-batch", "-", net_only=True), "\n".join(links) + "\n")
        for host in self.hosts.values():
            own = [f"address add {host.ipv4}/16 dev eth0", "link set eth0 up"]
            if os.path.isdir("/proc/sys/net/ipv6"):
                own.insert(1, f"address add {host.ipv6}/64 dev eth0 nodad")
            run(inside(host.process, "ip", "-batch", "-", net_only=True), "\n".join(own) + "\n")


def down(state: str) -> None:
    """Stop the hosts in `state`, if there are any, and remove their files."""
    owner, names = _recorded(state)
    deadline = time.monotonic() + _SECONDS_TO_END
    if owner and owner.alive():
        os.kill(owner.pid, signal.SIGTERM)
    while owner and owner.alive():
        if time.monotonic() > deadline:
            raise LabError(f"process {owner.pid}, which holds the hosts, did not end within {_SECONDS_TO_END:g} s")
        time.sleep(0.01)
    _remove(state, names)


def _first_line(child: subprocess.Popen[str], name: str) -> str:
    """Return the first line of `child`'s output; raise LabError with its error message if it ended without one."""
    line = child.stdout.readline().strip()
    if not line:
        message = child.stderr.read().strip()
        raise LabError(f"could not create {name}: {message or 'its first process printed nothing'}")
    return line


def _recorded(state: str) -> tuple[Process | None, list[str]]:
    """Return the process that holds the hosts in `state`, None if it is from before a reboot, and their names."""
    try:
        with open(os.path.join(state, _RECORD), encoding="utf-8") as stream:
            record = json.load(stream)
    except FileNotFoundError:
        return None, []
    return Process(*record["owner"]) if record["boot"] == _boot_id() else None, record["names"]


def _remove(state: str, names: Sequence[str]) -> None:
    for name in names:
        shutil.rmtree(os.path.join(state, name), ignore_errors=True)
    for path in (os.path.join(state, "inventory.yml"), os.path.join(state, _RECORD)):
        with contextlib.suppress(FileNotFoundError):
            os.unlink(path)


def _boot_id() -> str:
    with open("/proc/sys/kernel/random/boot_id", encoding="ascii") as stream:
        return stream.read().strip()


def checked_state(state: str) -> str:
    """Return the state directory's real path; raise LabError if hosts cannot see it."""
    path = os.path.realpath(state)
    hidden = [top for top in _HIDDEN_IN_HOSTS if path == top or path.startswith(top + "/")]
    if hidden:
        raise LabError(f"{state} cannot be the state directory: hosts have their own {hidden[0]} and do not see it")
    return path
