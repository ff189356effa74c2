# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run commands of a host, and run functions in a process that outlives this one."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from contextlib import suppress
from typing import Callable, Iterable

_SECONDS = 90


def run(command: Iterable[str]) -> tuple[int, str]:
    """Run a command and return its exit status and its output. The status is 127 if there is no such command."""
    program, *arguments = command
    found = shutil.which(program, path=os.environ.get("PATH", "") + ":/usr/bin:/bin:/usr/sbin:/sbin")
    if found is None:
        return 127, f"there is no {program} on this host"
    try:
        done = subprocess.run(  # pylint: disable=ansible-bad-function  # no AnsibleModule here
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


def start_detached(work: Callable[[], object], *, keep: Iterable[int] = ()) -> None:
    """Call `work` in a detached process and return at once. keep: file descriptors that it needs.

    The process is a child of init, without a terminal (daemon(7), SysV daemons). `work` must not import anything:
    Ansible removes the module's files when the module ends.
    """
    child = os.fork()
    if child:
        os.waitpid(child, 0)
        return
    try:
        os.setsid()
        if os.fork() == 0:
            _detach(frozenset(keep))
            work()
    finally:
        # The forked process must not run the handlers of its parent or write its buffers again.
        os._exit(0)


def _detach(keep: frozenset[int]) -> None:
    """Reset directory, umask and signals, and close all descriptors but those in `keep`."""
    os.chdir("/")
    os.umask(0o077)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    null = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(null, standard)
    for name in os.listdir("/proc/self/fd"):
        if int(name) > 2 and int(name) not in keep:
            with suppress(OSError):  # the descriptor of the listing itself is closed already
                os.close(int(name))
