# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Processes that hold namespaces: told apart, entered, ended; and the script a private host starts with."""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import subprocess
import time
from typing import NamedTuple, Sequence

_SECONDS_TO_END = 10.0
# With --root also where the lab was made in a chroot: entering a mount namespace leads to that namespace's own root.
_ENTER = ("--mount", "--uts", "--ipc", "--net", "--pid", "--root")
_PACKAGES = {"unshare": "util-linux", "nsenter": "util-linux", "mount": "mount", "ip": "iproute2"}


class LabError(Exception):
    """The machine cannot do what was asked of it; the message is for people."""


class Process(NamedTuple):
    """One process of this machine. `start` is field 22 of /proc/PID/stat: with it, a reused id is told apart."""

    pid: int
    start: str

    def alive(self) -> bool:
        """Whether this very process is still there and has not ended."""
        fields = _stat_fields(self.pid)
        return bool(fields) and fields[19] == self.start and fields[0] not in "ZX"


def identify(pid: int) -> Process:
    """The process that has `pid` now."""
    fields = _stat_fields(pid)
    if not fields:
        raise LabError(f"process {pid} ended as soon as it was started")
    return Process(pid, fields[19])


def _stat_fields(pid: int) -> list[str]:
    """Fields 3 and on of /proc/PID/stat (proc(5)), [] where there is none. The name before them may hold anything."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as stream:
            return stream.read().rpartition(")")[2].split()
    except OSError:
        return []


def end(processes: Sequence[Process]) -> None:
    """End exactly these and wait until they are gone. Those that are gone already are none of our business."""
    for process in processes:
        if process.alive():
            os.kill(process.pid, signal.SIGKILL)
    deadline = time.monotonic() + _SECONDS_TO_END
    while any(process.alive() for process in processes):
        if time.monotonic() > deadline:
            left = [process.pid for process in processes if process.alive()]
            raise LabError(f"processes that did not end in {_SECONDS_TO_END:g} s: {left}")
        time.sleep(0.01)


def what_is_missing() -> str | None:
    """Why this machine cannot make private hosts, as one sentence that says what it needs; None where it can."""
    if os.geteuid() != 0:
        return "private hosts are made of namespaces, and making them needs root: run this as root (sudo)"
    for program, package in _PACKAGES.items():
        if shutil.which(program) is None:
            return f"private hosts need the program `{program}`, which is not here: apt-get install {package}"
    command = ["unshare", "--net", "--mount", "--uts", "--ipc", "--pid", "--fork", "--mount-proc", "true"]
    trial = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if trial.returncode == 0:
        return None
    return (
        f"this machine does not let root make namespaces ({trial.stderr.strip()}): private hosts need a real or virtual"
        " machine, or a container started with --privileged (CAP_SYS_ADMIN, and unshare(2) and mount(2) not filtered)"
    )


def inside(process: Process, *command: str, net_only: bool = False) -> list[str]:
    """The command line that runs `command` in the namespaces of `process`."""
    return ["nsenter", "--target", str(process.pid), *(("--net",) if net_only else _ENTER), "--", *command]


def run(command: Sequence[str], text: str = "") -> str:
    """Output of a command given `text`; raises LabError with what it said where it fails."""
    done = subprocess.run(list(command), input=text, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise LabError(f"`{shlex.join(command)}` failed with {done.returncode}: {(done.stderr or done.stdout).strip()}")
    return done.stdout


def entry_script(process: Process, name: str, *command: str) -> str:
    """A shell script that runs `command` and its own arguments in the host, from the same directory where that exists.

    It refuses once the host is gone: a process that got the host's id later would be somebody else's. What it enters
    must show the host's mark, or nothing is run: outside, the command would change the machine. Called from within the
    host, as Ansible's async_wrapper does, it has nothing to enter.
    """
    refusal = f"{{ echo 'the private host {name} is not up' >&2; exit 69; }}"
    within = f'[ -e {_mark(name)} ] || {refusal}; cd "$0" 2> /dev/null || cd /; exec "$@"'
    return f"""#!/bin/sh
[ ! -e {_mark(name)} ] || exec {shlex.join(command)} "$@"
stat=; read -r stat 2> /dev/null < /proc/{process.pid}/stat
is_up() {{ [ "${{20}}" = {process.start} ] && [ "$1" != Z ]; }}
is_up ${{stat##*) }} || {refusal}
exec {shlex.join(inside(process, "/bin/sh", "-c", within))} "$PWD" {shlex.join(command)} "$@"
"""


def first_process_script(
    name: str, *, hosts_file: str, writable: Sequence[str], fakes: dict[str, str], stays: bool
) -> str:
    """What the first process of a host does: it makes the view private, says its id out there, and holds it.

    `writable` and the keys of `fakes` are paths under /proc/sys. With `stays` the host lives until it is ended, else as
    long as its standard input is held open.
    """
    lines = [
        # One command a line: set -e does not see a failure within a && b.
        "set -eu; umask 022",
        "read -r id rest < /proc/self/stat",
        "mount -t proc proc /proc",
        f"echo {name} > /proc/sys/kernel/hostname",
        # Built on a first tmpfs that a second one then hides: what the overlays hold is reached through them only.
        "mount -t tmpfs -o mode=755 private /run",
        *_overlay("/etc", "etc"),
        *_overlay("/var/lib", "lib"),
        "mount --bind /proc/sys /proc/sys",
        "mount -o remount,bind,ro /proc/sys",
        *(line for path in ("/proc/sys/net", *writable) for line in _writable(path)),
        *(line for number, (path, value) in enumerate(fakes.items()) for line in _fake(number, path, value)),
        "mount -t tmpfs -o mode=755 private /run",
        "mkdir -m 1777 /run/lock",
        "mount -t sysfs -o ro sysfs /sys",
        # Its lines would reach the machine's log.
        "if [ -S /dev/log ]; then mount --bind /dev/null /dev/log; fi",
        # A fresh host: what somebody tuned on this machine is not carried in.
        "find /etc/sysctl.d /etc/security/limits.d -type f -delete 2>/dev/null || :",
        "find /etc/systemd /etc/modules-load.d /var/lib/nettune -name '*nettune*' -exec rm -rf {} + 2>/dev/null || :",
        "if [ -s /etc/sysctl.conf ]; then : > /etc/sysctl.conf; fi",
        f"echo {name} > /etc/hostname; printf %s {shlex.quote(hosts_file)} > /etc/hosts",
        "ip link set lo up",
        # Last: where it is, all of the above has been done.
        f": > {_mark(name)}",
        'echo "$id"',
        # The signal is ignored so that the kernel itself reaps what is left to the first process.
        f"exec env --ignore-signal=CHLD {'sleep infinity' if stays else 'cat'} > /dev/null 2>&1",
    ]
    return "\n".join(lines)


def _mark(name: str) -> str:
    """A file that only the host itself sees."""
    return f"/run/private-host-{name}"


def _overlay(path: str, name: str) -> list[str]:
    layers = f"lowerdir={path},upperdir=/run/{name}/upper,workdir=/run/{name}/work"
    return [f"mkdir -p /run/{name}/upper /run/{name}/work", f"mount -t overlay -o {layers} private {path}"]


def _writable(path: str) -> list[str]:
    return [f"mount --bind {path} {path}", f"mount -o remount,bind,rw {path}"]


def _fake(number: int, path: str, value: str) -> list[str]:
    return [f"printf '%s\\n' {shlex.quote(value)} > /run/fake{number}", f"mount --bind /run/fake{number} {path}"]
