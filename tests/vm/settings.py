# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Host-wide settings and open-file limits for real: what a container cannot set, or what only a boot shows.

The values are read from the kernel and from processes, not from what our modules say.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from .cycle import REVERT
from .plays import Failed, Plays, Steps

# The kernel rounds none of these. The module of the last one is loaded at boot only.
VALUES: dict[str, Any] = {
    "fs.file-max": 3000000,
    "fs.nr_open": 2000896,
    "net.core.rmem_max": 8388608,
    "net.ipv4.tcp_max_orphans": 16384,
    "net.ipv4.tcp_mem": "20000 30000 40000",
    "net.netfilter.nf_conntrack_max": 131072,
}
_LIMIT = 70000
_MODULE = "nf_conntrack"
APPLY = (str(Path(__file__).parent / "settings.yml"), "-e", json.dumps({"settings": VALUES}))
_MANAGER = "/etc/systemd/user.conf.d/limit.conf"
# What the message about `user@` tells people to set, because services of users do not inherit the limit of user@.
_USER_LIMIT = f"mkdir -p {Path(_MANAGER).parent} && printf '[Manager]\\nDefaultLimitNOFILE={_LIMIT}\\n' >{_MANAGER}"
_SOFT_LIMIT = "awk '/Max open files/ {print $4}'"
_NGINX = f'{_SOFT_LIMIT} "/proc/$(systemctl show --property MainPID --value nginx)/limits"'
_LOGIN = "su - {user} -c 'ulimit -Sn'"
# Written without a bus, which a minimal system does not have for users.
_UNITS = "/home/deploy/.config/systemd/user"
_UNIT = "[Service]\\nExecStart=/bin/sleep infinity\\n"
_ADD_USER_SERVICE = (
    f"mkdir -p {_UNITS}/default.target.wants && printf '{_UNIT}' >{_UNITS}/idle.service"
    f" && ln -s ../idle.service {_UNITS}/default.target.wants/ && chown -R deploy /home/deploy/.config"
)
ADD_USER = "useradd --create-home --shell /bin/sh deploy && loginctl enable-linger deploy"
_USER_SERVICE = (
    f"for second in $(seq 60); do pid=$(pgrep -u deploy sleep) && break; sleep 1; done; {_SOFT_LIMIT} /proc/$pid/limits"
)


class Settings:
    """The steps on one machine."""

    def __init__(self, plays: Plays) -> None:
        self._plays = plays
        self._run = plays.machine.run

    def steps(self) -> Steps:
        """Yield the names and functions of the steps."""
        plays = self._plays
        yield "start nginx, and a user's services", self._start
        yield "apply", lambda: plays.change(*APPLY)
        yield "values and limits", lambda: self._check(loaded=False)
        yield "apply again", lambda: plays.keep(*APPLY)
        yield "limits after a restart", self._restart
        yield "reboot", plays.machine.reboot
        yield "values and limits after the boot", lambda: self._check(loaded=True)
        yield "a user's service", self._user_service
        yield "verify", plays.verify
        yield "apply after the boot", lambda: plays.keep(*APPLY)
        yield "revert", lambda: plays.change(*REVERT)
        # The module that was loaded at boot stays until the next one.
        yield "reboot again", plays.machine.reboot
        yield "compare after the boot", lambda: plays.compare(self._before, booted=True)

    def _start(self) -> None:
        self._run(f"{ADD_USER} && {_ADD_USER_SERVICE} && {_USER_LIMIT}")
        self._run("systemctl enable --now nginx")
        self._before = self._plays.state()

    def _check(self, *, loaded: bool) -> None:
        """Raise Failed if a value or a limit is another; `loaded`: whether the module must be loaded."""
        wrong = []
        for name, value in VALUES.items():
            if not loaded and _MODULE in name:
                continue
            found = " ".join(self._run(f"cat /proc/sys/{name.replace('.', '/')}").split())
            if found != str(value):
                wrong.append(f"{name} is {found}, not {value}")
        commands = {"nginx": _NGINX, **{user: _LOGIN.format(user=user) for user in ("deploy", "root")}}
        for who, command in commands.items():
            self._expect(wrong, f"the limit of {who}", command)
        if wrong:
            raise Failed("\n  ".join([f"{len(wrong)} wrong", *wrong]))

    def _expect(self, wrong: list[str], what: str, command: str) -> None:
        found = self._run(command).strip()
        if found != str(_LIMIT):
            wrong.append(f"{what} is {found}, not {_LIMIT}")

    def _restart(self) -> None:
        self._run("systemctl restart nginx")
        self._check(loaded=False)

    def _user_service(self) -> None:
        wrong: list[str] = []
        self._expect(wrong, "the limit of a user's service", _USER_SERVICE)
        if wrong:
            raise Failed(wrong[0])
