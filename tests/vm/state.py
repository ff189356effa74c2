# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Print the state of the machine it runs on as JSON: /proc/sys, files, unit properties, limits of processes.

It runs on the machine under test with the Python there, so it imports nothing of the checkout.
"""

import hashlib
import json
import os
import re
import stat
import subprocess

TREES = ("/etc", "/var/lib/nettune", "/usr/lib/sysctl.d", "/lib/systemd/system", "/run/sysctl.d")
PROPERTIES = "Id,LimitNOFILE,LimitNOFILESoft,LimitNPROC,FragmentPath,DropInPaths,UnitFileState,NeedDaemonReload"


def read(path):
    """Return the text of a file, or "" with the error if it cannot be read."""
    try:
        with open(path, encoding="utf-8", errors="replace") as stream:
            return stream.read().strip()
    except OSError as error:
        return f"error: {error.strerror}"


def sysctls():
    """Return {key: value} of everything below /proc/sys."""
    found = {}
    for directory, _directories, names in os.walk("/proc/sys"):
        for name in names:
            path = os.path.join(directory, name)
            # Reading a file without read permission works for root, with an error that may change.
            if os.stat(path).st_mode & 0o444:
                found[path[len("/proc/sys/") :]] = read(path)
    return found


def context(path):
    """Return the SELinux context of a file after a space, or "" without SELinux."""
    try:
        return " " + os.getxattr(path, "security.selinux", follow_symlinks=False).decode().rstrip("\0")
    except OSError:
        return ""


def entry(path):
    """Return the mode, the owner, the SELinux context and the content of a file as text; of a link its target."""
    status = os.lstat(path)
    owner = f"{status.st_mode:o} {status.st_uid}:{status.st_gid}{context(path)}"
    if stat.S_ISLNK(status.st_mode):
        return f"{owner} -> {os.readlink(path)}"
    if not stat.S_ISREG(status.st_mode):
        return owner
    with open(path, "rb") as stream:
        return f"{owner} {hashlib.sha256(stream.read()).hexdigest()[:16]}"


def files():
    """Return {path: entry} of everything in TREES."""
    found = {}
    for tree in TREES:
        for directory, directories, names in os.walk(tree):
            for name in (".", *directories, *names):
                path = os.path.normpath(os.path.join(directory, name))
                found[path] = entry(path)
    return found


def units():
    """Return {service: {property: value}}."""
    command = ["systemctl", "show", "--property=" + PROPERTIES, "*.service"]
    blocks = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True).stdout.split("\n\n")
    rows = [dict(line.split("=", 1) for line in block.splitlines() if "=" in line) for block in blocks]
    return {row.pop("Id"): row for row in rows if "Id" in row}


def limits():
    """Return {service and program: the limits its processes run with}, without login sessions and kernel threads."""
    found = {}
    for pid in filter(str.isdigit, os.listdir("/proc")):
        group = read(f"/proc/{pid}/cgroup")
        unit = re.search(r"/([^/\n]+\.service)(?:/|$)", group)
        rows = re.findall(r"^(Max .+?)  +(\S+) +(\S+)", read(f"/proc/{pid}/limits"), re.MULTILINE)
        # A process may have ended.
        if rows and (unit or pid == "1"):
            name = f"{unit.group(1) if unit else 'PID 1'} {read(f'/proc/{pid}/comm')}"
            found.setdefault(name, set()).update(" ".join(row) for row in rows)
    return {name: sorted(values) for name, values in found.items()}


if __name__ == "__main__":
    print(json.dumps({"sysctls": sysctls(), "files": files(), "units": units(), "limits": limits()}))
