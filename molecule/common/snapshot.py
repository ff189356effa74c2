# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Take snapshots of directories, byte for byte, and compare them.

    snapshot.py look DIRECTORY...      print a snapshot as JSON: {path: [mode, uid, gid, content]}
    snapshot.py compare BEFORE AFTER   print the differences, a line each, and fail if there are any (AFTER may be -)

Runs on test hosts too, so it is written for Python 3.8.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import stat
import sys
from typing import Dict, Iterator, Tuple

# mode, owner, group, content
Entry = Tuple[str, int, int, str]
Look = Dict[str, Entry]

# Longer contents are replaced by their digest.
_SHOWN = 200

# Values that the kernel changes by itself or generates for each reader, and those of temporary interfaces.
_RESTLESS = re.compile(
    r"/proc/sys/(fs/(aio-nr|dentry-state|file-nr|inode-nr|inode-state|quota/.*)"
    r"|kernel/(ns_last_pid|perf_event_max_sample_rate|pty/nr|random/(entropy_avail|uuid)|tainted)"
    r"|net/netfilter/nf_conntrack_count"
    r"|net/ipv[46]/(conf|neigh)/(?!all/|default/|lo/).*)"
)
_BOOT_ID = "/proc/sys/kernel/random/boot_id"


def _content(path: str, mode: int) -> str:
    if stat.S_ISLNK(mode):
        return "-> " + os.readlink(path)
    if not stat.S_ISREG(mode):
        return ""
    try:
        with open(path, "rb") as file:
            data = file.read()
    except OSError as error:  # some sysctls are write-only
        return error.strerror or ""
    text = data.decode("utf-8", "backslashreplace")
    return text if len(text) <= _SHOWN else "sha256:" + hashlib.sha256(data).hexdigest()


def _paths(directories: list[str]) -> Iterator[str]:
    for directory in directories:
        for parent, children, files in os.walk(directory):
            for name in children + files:
                path = os.path.join(parent, name)
                if not _RESTLESS.fullmatch(path):
                    yield path


def look(directories: list[str]) -> Look:
    """Return the state of every path under `directories`; the content of a link is its target."""
    seen = {}
    for path in _paths(directories):
        status = os.lstat(path)
        seen[path] = (oct(status.st_mode), status.st_uid, status.st_gid, _content(path, status.st_mode))
    return seen


def differences(before: Look, after: Look) -> list[str]:
    """Return a line for each path that differs."""
    if before.get(_BOOT_ID) != after.get(_BOOT_ID):
        return []  # the machine was rebooted in between
    changed = [path for path in before.keys() | after.keys() if before.get(path) != after.get(path)]
    # A sysctl that appeared or disappeared belongs to a module that was loaded or removed.
    counted = (path for path in changed if not path.startswith("/proc/sys/") or (path in before and path in after))
    return [f"{path}: was {before.get(path)}, is {after.get(path)}" for path in sorted(counted)]


def _read(path: str) -> Look:
    if path == "-":
        return json.load(sys.stdin)
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def main(arguments: list[str]) -> int:
    """Run the command line and return the exit code."""
    if len(arguments) > 1 and arguments[0] == "look":
        print(json.dumps(look(arguments[1:])))
        return 0
    if len(arguments) == 3 and arguments[0] == "compare":
        lines = differences(_read(arguments[1]), _read(arguments[2]))
        for line in lines:
            print(line)
        return 1 if lines else 0
    print(__doc__, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
