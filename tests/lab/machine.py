# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Snapshots of a machine: its values under /proc/sys and its files, and what differs between two of them.

As a script it prints one of them as JSON, to be run inside a local test host: `machine.py sysctls /proc/sys/net`.
"""

from __future__ import annotations

import hashlib
import json
import os
import stat
import sys
from typing import NamedTuple

# The directories that the collection writes to.
FILES = ("/etc/sysctl.d", "/etc/modules-load.d", "/etc/security", "/etc/systemd/system", "/var/lib/nettune")
# Counters and gauges of the kernel, which change by themselves.
_MOVING = (
    "/proc/sys/fs/aio-nr",
    "/proc/sys/fs/binfmt_misc/",
    "/proc/sys/fs/dentry-state",
    "/proc/sys/fs/file-nr",
    "/proc/sys/fs/inode-",
    "/proc/sys/fs/quota/",
    "/proc/sys/kernel/ns_last_pid",
    "/proc/sys/kernel/perf_event_max_sample_rate",
    "/proc/sys/kernel/pty/nr",
    "/proc/sys/kernel/random/",
    "/proc/sys/net/netfilter/nf_conntrack_count",
    "/proc/sys/vm/stat_refresh",
)


class Snapshot(NamedTuple):
    """The values of a machine by path under /proc/sys, and the state of FILES, at one moment."""

    values: dict[str, str]
    files: dict[str, str]

    def differences(self, later: Snapshot) -> list[str]:
        """Return what differs in the `later` snapshot, one line each."""
        return changed_values(self.values, later.values) + changed_files(self.files, later.files)


def this_machine() -> Snapshot:
    """Take a snapshot of this machine."""
    return Snapshot(machine_sysctls(), file_tree(*FILES))


def machine_sysctls(root: str = "/proc/sys") -> dict[str, str]:
    """Return every readable value under `root` that does not change by itself: {path: text}.

    /proc/sys/net shows the network namespace of the process that reads it (fs/proc/proc_sysctl.c), so the values of a
    local test host must be read inside it.
    """
    values = {}
    for directory, _directories, names in os.walk(root):
        for path in (os.path.join(directory, name) for name in names):
            if path.startswith(_MOVING) or not os.stat(path).st_mode & stat.S_IRUSR:
                continue
            try:
                with open(path, encoding="utf-8", errors="surrogateescape") as stream:
                    values[path] = stream.read()
            except OSError:
                continue
    return values


def changed_values(before: dict[str, str], after: dict[str, str]) -> list[str]:
    """Return a line for each value that changed, in order of path: `path: 'old' is now 'new'`.

    Paths of only one snapshot are ignored: keys appear and disappear with network interfaces and kernel modules.
    """
    common = sorted(before.keys() & after.keys())
    changed = [path for path in common if before[path] != after[path]]
    return [f"{path}: {before[path].strip()!r} is now {after[path].strip()!r}" for path in changed]


def file_tree(*roots: str) -> dict[str, str]:
    """Return {path: type, mode, owner, content hash} of everything under `roots`; equal means equal byte for byte."""
    found = {}
    for root in roots:
        for directory, directories, names in os.walk(root):
            for path in (os.path.join(directory, name) for name in directories + names):
                found[path] = _description(path)
    return found


def changed_files(before: dict[str, str], after: dict[str, str]) -> list[str]:
    """Return the paths that were added, removed or changed, in order."""
    return sorted(path for path in before.keys() | after.keys() if before.get(path) != after.get(path))


def _description(path: str) -> str:
    status = os.lstat(path)
    content = ""
    if stat.S_ISLNK(status.st_mode):
        content = os.readlink(path)
    elif stat.S_ISREG(status.st_mode):
        with open(path, "rb") as stream:
            content = hashlib.sha256(stream.read()).hexdigest()
    return f"{stat.filemode(status.st_mode)} {status.st_uid}:{status.st_gid} {content}".rstrip()


def main(arguments: list[str]) -> int:
    """Print the requested part as JSON."""
    what, *roots = arguments
    read = {"sysctls": machine_sysctls, "files": file_tree}[what]
    json.dump(read(*roots), sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
