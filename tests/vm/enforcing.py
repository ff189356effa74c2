# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A machine on which SELinux enforces the policy of Debian: contexts of our files, boot values, and a rollback."""

from __future__ import annotations

import time

from . import settings
from .cycle import REVERT, ROLES
from .plays import Failed, Plays, Steps

_ROLE = ROLES["web"]
_APPLY = (_ROLE.playbook, *_ROLE.options())
_WINDOW, _ROLLED_BACK_SECONDS = 120, 600
_PENDING = (*settings.APPLY, "-e", f"within={_WINDOW}")
# Our drop-ins and the directories with them, and the journal. restorecon names each file that has another context.
_WRONG_CONTEXTS = (
    "find /etc /run /var/lib/nettune -xdev -name '*nettune*' -print0 | xargs -0 restorecon -RFnv;"
    " restorecon -RFnv /etc/sysctl.d /etc/security /etc/pam.d /etc/systemd /etc/modules-load.d /var/lib/nettune"
)
_DENIALS = "ausearch --input-logs --message AVC --interpret 2>/dev/null | grep -E 'python|nettune' || true"


class Enforcing:
    """The steps on one machine."""

    def __init__(self, plays: Plays) -> None:
        self._plays = plays
        self._run = plays.machine.run

    def steps(self) -> Steps:
        """Yield the names and functions of the steps."""
        plays = self._plays
        yield "start nginx", self._start
        yield "apply", lambda: plays.change(*_APPLY)
        yield "contexts", self._contexts
        yield "apply again", lambda: plays.keep(*_APPLY)
        yield "reboot", plays.machine.reboot
        yield "verify after the boot", plays.verify
        yield "a change that nobody confirms", self._pending
        yield "revert", lambda: plays.change(*REVERT)
        yield "denials", self._denials
        yield "reboot again", plays.machine.reboot
        yield "compare after the boot", lambda: plays.compare(self._before, booted=True)

    def _start(self) -> None:
        found = self._run("getenforce").strip()
        if found != "Enforcing":
            raise Failed(f"SELinux is {found}")
        self._run(settings.ADD_USER)
        self._run(f"systemctl enable --now {_ROLE.service}")
        self._before = self._plays.state()

    def _contexts(self) -> None:
        wrong = self._run(_WRONG_CONTEXTS).splitlines()
        if wrong:
            raise Failed("\n  ".join([f"{len(wrong)} files have another context than the policy expects", *wrong]))

    def _pending(self) -> None:
        """Apply a change and leave it unconfirmed; raise Failed if it is not rolled back, or a context is wrong."""
        before = self._plays.state()
        self._plays.change(*_PENDING)
        self._contexts()
        end = time.monotonic() + _ROLLED_BACK_SECONDS
        while not self._rolled_back() and time.monotonic() < end:
            time.sleep(5)
        # The journal keeps that the change was rolled back.
        self._plays.compare(before, booted=False, journal=False)

    def _rolled_back(self) -> bool:
        name = "fs.file-max"
        return self._run(f"cat /proc/sys/{name.replace('.', '/')}").strip() != str(settings.VALUES[name])

    def _denials(self) -> None:
        denied = self._run(_DENIALS).splitlines()
        if denied:
            raise Failed("\n  ".join([f"{len(denied)} denials", *denied]))
