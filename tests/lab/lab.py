# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private hosts, made and ended together."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from typing import Sequence

from inventory import Host, addresses, checked_names, hosts_file, inventory_text, write, write_entrances
from namespaces import LabError, Process, end, first_process_script, identify, inside, run, what_is_missing

_HIDDEN_IN_HOSTS = ("/etc", "/run", "/var/lib", "/var/run", "/proc", "/sys")
_RECORD = "state.json"


class Lab:
    """Private hosts for as long as a `with` lasts; also when this process is killed, they go.

    names: host names.
    state: directory for the inventory and the entrances, made where absent; None = a temporary one.
    python: the interpreter Ansible uses in the hosts.
    own_tcp_hash: entries of each host's own TCP hash (a power of two; Linux 6.1); None = all share the machine's.
    writable: sysctl names that hosts may write because their IPC namespace has them for itself (kernel.shmmax).
    fakes: {sysctl name: value}: an ordinary private file in place of a key that belongs to the whole machine.
    """

    def __init__(
        self,
        names: Sequence[str],
        *,
        state: str | None = None,
        python: str = "/usr/bin/python3",
        own_tcp_hash: int | None = None,
        writable: Sequence[str] = (),
        fakes: dict[str, str] | None = None,
    ) -> None:
        missing = what_is_missing()
        if missing:
            raise LabError(missing)
        self._names = checked_names(names)
        self._python = python
        self._own_tcp_hash = own_tcp_hash
        self._writable = [_sysctl_path(name) for name in writable]
        self._fakes = {_sysctl_path(name): value for name, value in (fakes or {}).items()}
        self._temporary = state is None
        self.state = checked_state(state or tempfile.mkdtemp(prefix="nettune-lab-"))
        self._children: list[subprocess.Popen[str]] = []
        self._processes: list[Process] = []
        self.hosts: dict[str, Host] = {}

    @property
    def inventory(self) -> str:
        """Path of the inventory: group `web` has web1, web2 …, `clients` client …, others by their letters."""
        return os.path.join(self.state, "inventory.yml")

    def __enter__(self) -> Lab:
        self.up(stays=False)
        return self

    def __exit__(self, *_exception: object) -> None:
        self.down()

    def __getitem__(self, name: str) -> Host:
        return self.hosts[name]

    def up(self, *, stays: bool) -> None:
        """Make the hosts; with `stays` they outlive this process. What was begun is undone where it fails."""
        if any(process.alive() for process in _recorded(self.state)[0]):
            raise LabError(
                f"{self.state} has hosts already: `down --state {self.state}` first, or take another directory"
            )
        try:
            self._make(stays=stays)
        except BaseException:
            self.down()
            raise

    def down(self) -> None:
        """End the hosts and remove what is ours in the state directory."""
        end(self._processes)
        for child in self._children:
            for stream in (child.stdin, child.stdout, child.stderr):
                if stream:
                    stream.close()
            child.wait()
        _forget(self.state, self._names)
        if self._temporary:
            shutil.rmtree(self.state, ignore_errors=True)

    def _make(self, *, stays: bool) -> None:
        os.makedirs(self.state, exist_ok=True)
        script = _switch_script(self._own_tcp_hash, stays=stays)
        child = self._start(["unshare", "--net", "--", "sh", "-c", script], stays=stays)
        _first_line(child, "the switch of the hosts")
        switch = identify(child.pid)
        started = [self._start(self._host_command(switch, name, stays=stays), stays=stays) for name in self._names]
        for number, (name, child) in enumerate(zip(self._names, started), start=1):
            first = identify(int(_first_line(child, name)))
            self._processes.append(first)
            self.hosts[name] = Host(name, first, *addresses(number), os.path.join(self.state, name), self._python)
        self._record()
        self._connect(switch)
        for host in self.hosts.values():
            write_entrances(host)
        write(self.inventory, inventory_text(list(self.hosts.values())))

    def _host_command(self, switch: Process, name: str, *, stays: bool) -> list[str]:
        script = first_process_script(
            name, hosts_file=hosts_file(self._names), writable=self._writable, fakes=self._fakes, stays=stays
        )
        private = ["--net", "--mount", "--uts", "--ipc", "--pid", "--fork", "--kill-child"]
        # From inside the switch: a new network namespace takes the size of its TCP hash from the one it is made in.
        return inside(switch, "unshare", *private, "--", "sh", "-c", script, net_only=True)

    def _start(self, command: Sequence[str], *, stays: bool) -> subprocess.Popen[str]:
        child = subprocess.Popen(
            list(command),
            stdin=subprocess.DEVNULL if stays else subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            cwd="/",
        )
        self._children.append(child)
        self._processes.append(identify(child.pid))
        self._record()
        return child

    def _record(self) -> None:
        """Note what is ours as it comes, so that `down` finds it also after half an `up`."""
        processes = [list(process) for process in self._processes]
        document = {"boot": _boot_id(), "processes": processes, "names": self._names}
        write(os.path.join(self.state, _RECORD), json.dumps(document))

    def _connect(self, switch: Process) -> None:
        """Join the hosts: each end of a cable is made where it belongs and never appears in the machine's namespace."""
        cables = ["link add lan type bridge", "link set lan up"]
        for number, host in enumerate(self.hosts.values(), start=1):
            cables.append(f"link add port{number} type veth peer name eth0 netns {host.process.pid}")
            cables.append(f"link set port{number} master lan up")
        run(inside(switch, "ip", "-batch", "-", net_only=True), "\n".join(cables) + "\n")
        for host in self.hosts.values():
            own = [f"address add {host.ipv4}/16 dev eth0", "link set eth0 up"]
            if os.path.isdir("/proc/sys/net/ipv6"):
                own.insert(1, f"address add {host.ipv6}/64 dev eth0 nodad")
            run(inside(host.process, "ip", "-batch", "-", net_only=True), "\n".join(own) + "\n")


def down(state: str) -> None:
    """End the hosts that `up` left in `state`; nothing to do where there are none."""
    processes, names = _recorded(state)
    end(processes)
    _forget(state, names)


def _first_line(child: subprocess.Popen[str], name: str) -> str:
    """What `child` says once it is ready; raises LabError with its complaint where it ends instead."""
    assert child.stdout
    assert child.stderr
    line = child.stdout.readline().strip()
    if not line:
        raise LabError(f"{name} could not be made: {child.stderr.read().strip() or 'its first process said nothing'}")
    return line


def _recorded(state: str) -> tuple[list[Process], list[str]]:
    """Processes and names of the hosts in `state`; no processes where they are of before a reboot."""
    try:
        with open(os.path.join(state, _RECORD), encoding="utf-8") as stream:
            document = json.load(stream)
    except FileNotFoundError:
        return [], []
    processes = [Process(*pair) for pair in document["processes"]] if document["boot"] == _boot_id() else []
    return processes, document["names"]


def _forget(state: str, names: Sequence[str]) -> None:
    for name in names:
        shutil.rmtree(os.path.join(state, name), ignore_errors=True)
    for path in (os.path.join(state, "inventory.yml"), os.path.join(state, _RECORD)):
        if os.path.exists(path):
            os.unlink(path)


def _boot_id() -> str:
    with open("/proc/sys/kernel/random/boot_id", encoding="ascii") as stream:
        return stream.read().strip()


def checked_state(state: str) -> str:
    """The state directory's real path; raises LabError where hosts would not see it."""
    path = os.path.realpath(state)
    hidden = [top for top in _HIDDEN_IN_HOSTS if path == top or path.startswith(top + "/")]
    if hidden:
        raise LabError(
            f"{state} cannot be the state directory: hosts have a {hidden[0]} of their own and do not see it"
        )
    return path


def _sysctl_path(name: str) -> str:
    path = os.path.join("/proc/sys", name.replace(".", "/"))
    if ".." in path or not os.path.exists(path):
        raise LabError(f"{name} is no sysctl of this machine: there is no {path}")
    return path


def _switch_script(own_tcp_hash: int | None, *, stays: bool) -> str:
    entries = "" if own_tcp_hash is None else f"echo {own_tcp_hash} > /proc/sys/net/ipv4/tcp_child_ehash_entries; "
    return f"set -eu; {entries}echo up; exec {'sleep infinity' if stays else 'cat'} > /dev/null 2>&1"
