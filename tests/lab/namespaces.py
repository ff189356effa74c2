# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The namespaces of a local test host: the scripts that make and enter them, and the process that holds them."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
from typing import Mapping, NamedTuple, Sequence

# --root is for hosts made in a chroot: entering a mount namespace leads to the root of that namespace.
_ENTER = ("--mount", "--uts", "--ipc", "--net", "--pid", "--root")
_PACKAGES = {"unshare": "util-linux", "nsenter": "util-linux", "mount": "mount", "ip": "iproute2"}


class LabError(Exception):
    """Something is missing, failed, or is not as expected. The message names it."""


class Process(NamedTuple):
    """A process of this machine; `start` (field 22 of /proc/PID/stat) differs for a later one with the same id."""

    pid: int
    start: str

    def alive(self) -> bool:
        """Return whether this process still runs."""
        fields = _stat_fields(self.pid)
        return bool(fields) and fields[19] == self.start and fields[0] not in "ZX"


def identify(pid: int) -> Process:
    """Return the process that has `pid` now; raise LabError if there is none."""
    fields = _stat_fields(pid)
    if not fields:
        raise LabError(f"process {pid} ended as soon as it was started")
    return Process(pid, fields[19])


def _stat_fields(pid: int) -> list[str]:
    """Return fields 3 and on of /proc/PID/stat (proc(5)), [] if there is no such process."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as stream:
            return stream.read().rpartition(")")[2].split()
    except OSError:
        return []


def missing_requirement() -> str | None:
    """Return the reason why this machine cannot make local test hosts and the remedy, or None if it can."""
    if os.geteuid() != 0:
        return "local test hosts are made from namespaces, which needs root: run this as root (sudo)"
    for program, package in _PACKAGES.items():
        if shutil.which(program) is None:
            return f"local test hosts need the program `{program}`, which is missing: apt-get install {package}"
    command = ["unshare", "--net", "--mount", "--uts", "--ipc", "--pid", "--fork", "--mount-proc", "true"]
    attempt = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if attempt.returncode == 0:
        return None
    return (
        f"root may not create namespaces on this machine ({attempt.stderr.strip()}): use a real or virtual machine,"
        " or a container started with --privileged (CAP_SYS_ADMIN, and unshare(2) and mount(2) not filtered)"
    )


def inside(process: Process, *command: str, net_only: bool = False) -> list[str]:
    """Return the command line that runs `command` in the namespaces of `process`."""
    return ["nsenter", "--target", str(process.pid), *(("--net",) if net_only else _ENTER), "--", *command]


def run(command: Sequence[str], text: str = "") -> str:
    """Run a command with `text` as its input and return its output; raise LabError with its message if it fails."""
    done = subprocess.run(list(command), input=text, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise LabError(f"`{shlex.join(command)}` failed with {done.returncode}: {(done.stderr or done.stdout).strip()}")
    return done.stdout


def entry_script(process: Process, name: str, *command: str) -> str:
    """Return a shell script that runs `command` and its own arguments in the host, in the same directory if it exists.

    It fails if the host has ended, because another process may have its id by then. The namespaces that it enters must
    have the host's mark; without that check the command could change this machine. Inside the host, where Ansible's
    async_wrapper calls it, it runs the command directly.
    """
    refusal = f"{{ echo 'the local test host {name} is not up' >&2; exit 69; }}"
    within = f'[ -e {_mark(name)} ] || {refusal}; cd "$0" 2> /dev/null || cd /; exec "$@"'
    return f"""#!/bin/sh
[ ! -e {_mark(name)} ] || exec {shlex.join(command)} "$@"
stat=; read -r stat 2> /dev/null < /proc/{process.pid}/stat
is_up() {{ [ "${{20}}" = {process.start} ] && [ "$1" != Z ]; }}
is_up ${{stat##*) }} || {refusal}
exec {shlex.join(inside(process, "/bin/sh", "-c", within))} "$PWD" {shlex.join(command)} "$@"
"""


def first_process_script(name: str, *, hosts_file: str, fakes: Mapping[str, str]) -> str:
    """Return the script of a host's first process: set up the host, print the process id, wait for the end of input.

    fakes: {path under /proc/sys: value}, each replaced by a private file.
    """
    lines = [
        # One command a line: set -e does not see a failure within a && b.
        "set -eu; umask 022",
        "read -r id rest < /proc/self/stat",
        "mount -t proc proc /proc",
        f"echo {name} > /proc/sys/kernel/hostname",
        # A second tmpfs hides this one, so that the upper directories are reachable through the overlays only.
        "mount -t tmpfs -o mode=755 private /run",
        *_overlay("/etc", "etc"),
        *_overlay("/var/lib", "lib"),
        "mount --bind /proc/sys /proc/sys",
        "mount -o remount,bind,ro /proc/sys",
        "mount --bind /proc/sys/net /proc/sys/net",
        "mount -o remount,bind,rw /proc/sys/net",
        *(line for number, (path, value) in enumerate(fakes.items()) for line in _fake(number, path, value)),
        "mount -t tmpfs -o mode=755 private /run",
        "mkdir -m 1777 /run/lock",
        "mount -t sysfs -o ro sysfs /sys",
        # The host must not write to the machine's log.
        "if [ -S /dev/log ]; then mount --bind /dev/null /dev/log; fi",
        # The host starts untuned, even if this machine is tuned.
        "find /etc/sysctl.d /etc/security/limits.d -type f -delete 2>/dev/null || :",
        "find /etc/systemd /etc/modules-load.d /var/lib/nettune -name '*nettune*' -exec rm -rf {} + 2>/dev/null || :",
        "if [ -s /etc/sysctl.conf ]; then : > /etc/sysctl.conf; fi",
        f"echo {name} > /etc/hostname; printf %s {shlex.quote(hosts_file)} > /etc/hosts",
        "ip link set lo up",
        # Last, because the mark means that all of the above is done.
        f": > {_mark(name)}",
        'echo "$id"',
        # The kernel itself reaps orphans if their new parent ignores SIGCHLD.
        "exec env --ignore-signal=CHLD cat > /dev/null 2>&1",
    ]
    return "\n".join(lines)


def _mark(name: str) -> str:
    """Return the path of a file that exists inside the host only."""
    return f"/run/local-test-host-{name}"


def _overlay(path: str, name: str) -> list[str]:
    layers = f"lowerdir={path},upperdir=/run/{name}/upper,workdir=/run/{name}/work"
    return [f"mkdir -p /run/{name}/upper /run/{name}/work", f"mount -t overlay -o {layers} private {path}"]


def _fake(number: int, path: str, value: str) -> list[str]:
    return [f"printf '%s\\n' {shlex.quote(value)} > /run/fake{number}", f"mount --bind /run/fake{number} {path}"]
