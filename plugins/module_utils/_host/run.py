# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Commands of a host, found where root finds them."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from contextlib import suppress
from typing import Callable, Iterable

# Work that goes on after the process that asked for it, and the connection that asked that, have gone.


def start(work: Callable[[], object], *, keep: Iterable[int] = ()) -> None:
    """Do `work` in a process of its own, without a terminal, and return at once. keep: descriptors it needs.

    It has no parent but the host's first process (daemon(7), SysV daemons). The code it runs was loaded before: what
    Ansible has sent is removed when the module ends, so `work` imports nothing.
    """
    child = os.fork()
    if child:
        os.waitpid(child, 0)
        return
    try:
        os.setsid()
        if os.fork() == 0:
            _let_go(frozenset(keep))
            work()
    finally:
        # Nothing of the process that was forked may run on here: no handler, no buffer written twice.
        os._exit(0)


def _let_go(keep: frozenset[int]) -> None:
    """Part with directory, signals and descriptors of whoever started this."""
    os.chdir("/")
    os.umask(0o077)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nowhere, standard)
    for name in os.listdir("/proc/self/fd"):
        if int(name) > 2 and int(name) not in keep:
            with suppress(OSError):  # the one that listed the directory is closed already
                os.close(int(name))


_SECONDS = 90


def run(command: Iterable[str]) -> tuple[int, str]:
    """Run a command to its end; its exit status (127 where there is none of that name), and what it said."""
    program, *arguments = command
    found = shutil.which(program, path=os.environ.get("PATH", "") + ":/usr/bin:/bin:/usr/sbin:/sbin")
    if found is None:
        return 127, f"there is no {program} on this host"
    try:
        done = subprocess.run(
            [found, *arguments],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return 1, str(error)
    return done.returncode, done.stderr or done.stdout
