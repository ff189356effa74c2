# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compare the limits that pam_limits(8) sets from random limits.conf files with those that we predict.

    python3 pam_sessions.py CASES [SEED]

The files, the accounts and the PAM service are in a private overlay on /etc. Each session prints its limits: one that
a new process opens, one of su(1), and if sshd(8) is installed, one by ssh with `UsePAM yes` and one with `UsePAM no`.
Prints the files of each case that differs. The namespaces have a process 1 of their own, so that its limit is known,
and a loopback of their own. Run it as root, in a container without CAP_SYS_RESOURCE, where many of the limits cannot be
set, and on a machine with it.
"""

from __future__ import annotations

import ctypes
import os
import random
import resource
import subprocess
import sys
from pathlib import Path
from typing import Callable

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from plugins.module_utils._formats import limits_conf
from plugins.module_utils._formats.rlimit import Limit
from plugins.module_utils._host.files import HostFiles
from plugins.module_utils._nofile import logins
from plugins.module_utils._nofile.host import pam as pam_limits
from plugins.module_utils._nofile.host.processes import Processes
from plugins.module_utils._nofile.snapshot import Host, Parent
from tests.referee import real_sshd
from tests.referee.real_sshd import Sshd

CANNOT = 77
INSIDE, SESSION = "--inside", "--session"
SERVICE = "nettune-referee"
USERS = ("u1", "root")
DOMAINS = (
    *("u1", "u1", "@g1", "@g2", "@u1", "*", "*", "root", "%", "%g1", "2001:", "2000:2002", ":2001", ":2002"),
    *("@:3002", "@3000:3005", "@2001:2001", "1000:", "0:0", "u2", "a:b", "@root", "1000:4294969298", "\u00a0u1"),
)
VALUES = ("unlimited", "unlimited x", "2000000", "many", "4096x", "+4096", "", "64x", "-2", "-1 x")
# The limit of the daemons, other than that of process 1.
LOW = Limit(3000, 18000)
_PRINT = "ulimit -Sn; ulimit -Hn"
NAMES = ("a.conf", "B.conf", "10.conf", "z.conf", ".h.conf", "x.txt")


class _Conversation(ctypes.Structure):
    _fields_ = [("function", ctypes.c_void_p), ("data", ctypes.c_void_p)]


def session(user: str) -> int:
    """Open a session for `user` as a login does, and print its soft and hard limit."""
    pam = ctypes.CDLL("libpam.so.0")
    handle, conversation = ctypes.c_void_p(), _Conversation(None, None)
    if pam.pam_start(SERVICE.encode(), user.encode(), ctypes.byref(conversation), ctypes.byref(handle)):
        return 1
    pam.pam_open_session(handle, 0)
    print(*resource.getrlimit(resource.RLIMIT_NOFILE))
    return 0


def line(chance: random.Random) -> str:
    """Return a random line of a limits.conf file, valid or not."""
    domain = chance.choice(DOMAINS)
    if chance.random() < 0.03:
        return f"{domain} -"
    kind = chance.choice(("soft", "hard", "-", "SOFT", "both"))
    # Not less: su needs descriptors of its own. Limits above that of the session cannot be set without the capability.
    number = str(chance.choice((chance.randint(64, 15000), chance.randint(64, 15000), chance.randint(15000, 40000))))
    item = chance.choice(("nofile", "nofile", "nofile", "NOFILE", "nproc"))
    value = "30000" if item == "nproc" else chance.choice((number, number, number, *VALUES))
    blank = chance.choice((" ", "\t", "  "))
    return chance.choice(("", " ")) + blank.join((domain, kind, item, value)) + chance.choice(("", " # c", "#c", "\r"))


def write_files(chance: random.Random) -> dict[str, str]:
    """Replace all files that pam_limits reads with random ones; return {path: text}."""
    for name in os.listdir(limits_conf.DIRECTORY):
        os.unlink(f"{limits_conf.DIRECTORY}/{name}")
    paths = [limits_conf.MAIN, *(f"{limits_conf.DIRECTORY}/{name}" for name in chance.sample(NAMES, 3))]
    texts = {path: "\n".join(line(chance) for _number in range(chance.randint(0, 4))) + "\n" for path in paths}
    for path, text in texts.items():
        Path(path).write_bytes(text.encode())
    return texts


def predicted(user: str, inherited: Limit) -> Limit:
    """Return the limit that _nofile.logins computes for a session of `user` that a process with `inherited` opens."""
    files = HostFiles()
    daemon = Parent("the daemon", inherited, Processes(files).may_raise())
    debian = pam_limits.debian_version(files, {})
    first = Processes(files).parent(1, "PID 1") or daemon
    host = Host(
        nr_open=int(files.read_text("/proc/sys/fs/nr_open") or 0),
        login_daemons=(daemon,),
        init=first,
        limits=pam_limits.read(files, debian, {}),
        session_base=pam_limits.session_base(debian, first.limit),
        root_needs_own_line=debian is not None,
        unlimited_fails=limits_conf.unlimited_fails(debian),
        accounts={user: pam_limits.account(user)},
    )
    return logins.limits_of(user, host, logins.entries(host.limits)).high


def by_pam(user: str) -> tuple[int, ...]:
    """Return the limits of a session that a new process opens."""
    return _numbers([sys.executable, __file__, SESSION, user])


def by_su(user: str) -> tuple[int, ...]:
    """Return the limits of a session of su."""
    return _numbers(["su", user, "-s", "/bin/sh", "-c", _PRINT])


def _numbers(command: list[str]) -> tuple[int, ...]:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return tuple(map(int, done.stdout.split()))


def ways(daemons: list[Sshd]) -> dict[str, tuple[Callable[[str], tuple[int, ...]], Callable[[str], Limit]]]:
    """Return how to ask for the limits of a session, and what they should be, by the name of the way."""
    own = Limit(*resource.getrlimit(resource.RLIMIT_NOFILE))
    # As sanitize_prlimits() in login-utils/su-common.c of util-linux does before it calls PAM.
    lowered = Limit(min(own.soft, limits_conf.FD_SETSIZE), own.hard)
    found = {
        "a process": (by_pam, lambda user: predicted(user, own)),
        "su": (by_su, lambda user: predicted(user, lowered)),
    }
    for daemon in daemons:
        found[daemon.name] = (
            daemon.session,
            lambda user, daemon=daemon: predicted(user, daemon.limit) if daemon.use_pam else daemon.limit,
        )
    return found


def compare(cases: range, daemons: list[Sshd]) -> int:
    """Return the number of cases that differ."""
    differ, seen, asked = 0, set(), ways(daemons)
    for seed in cases:
        texts = write_files(random.Random(f"pam {seed}"))
        rows = [(user, way, expected(user), found(user)) for user in USERS for way, (found, expected) in asked.items()]
        seen.update((way, found) for _user, way, _expected, found in rows)
        wrong = [row for row in rows if row[2] != row[3]]
        differ += bool(wrong)
        for user, way, expected, found in wrong:
            print(f"pam_limits, seed {seed}: {user} by {way}: predicted {tuple(expected)}, got {found}")
        if wrong:
            print(*(f"  {path}: {text!r}" for path, text in texts.items()), sep="\n")
    print(f"pam_limits: {len(cases)} cases by {', '.join(asked)}, {len(seen)} limits seen, {differ} differ")
    return differ


def compare_all(cases: range) -> int:
    """Return the number of cases that differ, with ssh if its daemon is installed."""
    if not real_sshd.installed():
        print("sshd is not installed: comparing sessions of other programs only")
        return compare(cases, [])
    real_sshd.prepare()
    with Sshd(2201, use_pam=True, limit=LOW) as with_pam, Sshd(2202, use_pam=False, limit=LOW) as without_pam:
        return compare(cases, [with_pam, without_pam]) + real_sshd.compare_settings(cases)


def private_etc() -> None:
    """Mount an overlay on /etc, and add two accounts and a PAM service."""
    subprocess.run(["mount", "-t", "tmpfs", "private", "/run"], check=True)
    for name in ("upper", "work"):
        os.mkdir(f"/run/{name}")
    layers = "lowerdir=/etc,upperdir=/run/upper,workdir=/run/work"
    subprocess.run(["mount", "-t", "overlay", "-o", layers, "private", "/etc"], check=True)
    os.makedirs(limits_conf.DIRECTORY, exist_ok=True)
    for path, text in {
        "/etc/passwd": "u1:x:2001:2001::/:/bin/sh\nu2:x:2002:2001::/:/bin/sh\n",
        "/etc/shadow": "u1:*:19000:0:99999:7:::\nu2:*:19000:0:99999:7:::\n",
        "/etc/group": "u1:x:2001:\ng1:x:3001:u1\ng2:x:3002:u1\n",
        f"/etc/pam.d/{SERVICE}": "session required pam_limits.so\n",
    }.items():
        with open(path, "a", encoding="utf-8") as stream:
            stream.write(text)


def main() -> int:
    """Run in a new mount namespace; return 0 if nothing differs."""
    words = [word for word in sys.argv[1:] if word != INSIDE]
    if words[0] == SESSION:
        return session(words[1])
    if INSIDE not in sys.argv:
        namespaces = ["unshare", "--mount", "--net", "--pid", "--fork", "--mount-proc"]
        return subprocess.run([*namespaces, sys.executable, __file__, *words, INSIDE], check=False).returncode
    if not any(Path(folder).exists() for folder in ("/etc/security", "/usr/lib/security")):
        print("no pam_limits on this machine: nothing to compare")
        return CANNOT
    private_etc()
    cases, seed = int(words[0]), int(words[1]) if words[1:] else 0
    return 1 if compare_all(range(seed, seed + cases)) else 0


if __name__ == "__main__":
    sys.exit(main())
