# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What this machine has: values under /proc/sys and files, read so that two moments can be compared.

As a script it prints one of them as JSON, so that a private host can be asked: `machine.py sysctls /proc/sys/net`.
"""

from __future__ import annotations

import hashlib
import json
import os
import stat
import sys

# Counters and gauges of the kernel: they move on their own, whoever asks.
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


def machine_sysctls(root: str = "/proc/sys") -> dict[str, str]:
    """Every readable value under `root` that does not move on its own: {path: text}.

    /proc/sys/net shows the network namespace of the process that reads it (fs/proc/proc_sysctl.c), so a private host's
    values are to be read inside it.
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
    """One line for each value that is not as it was: `path: 'old' is now 'new'`, in order of path.

    A path of only one moment is no change of a value: keys come and go with network interfaces and kernel modules.
    """
    common = sorted(before.keys() & after.keys())
    changed = [path for path in common if before[path] != after[path]]
    return [f"{path}: {before[path].strip()!r} is now {after[path].strip()!r}" for path in changed]


def file_tree(*roots: str) -> dict[str, str]:
    """{path: kind, mode, owner and content} of everything under `roots`; two equal results are equal byte for byte."""
    found = {}
    for root in roots:
        for directory, directories, names in os.walk(root):
            for path in (os.path.join(directory, name) for name in directories + names):
                found[path] = _description(path)
    return found


def changed_files(before: dict[str, str], after: dict[str, str]) -> list[str]:
    """Paths that are new, gone or different, in order."""
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
    """Print what was asked for as JSON."""
    what, *roots = arguments
    asked = {"sysctls": machine_sysctls, "files": file_tree}[what]
    json.dump(asked(*roots), sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
