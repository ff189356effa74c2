# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the demo claims holds, or the demo ends; and the comparison that most claims rest on."""

from __future__ import annotations

from typing import NamedTuple

from machine import changed_files, changed_values, file_tree, machine_sysctls

FILES = ("/etc/sysctl.d", "/etc/modules-load.d", "/etc/security", "/etc/systemd/system", "/var/lib/nettune")


class ClaimFailed(Exception):
    """The demo said something that did not hold; the message says what."""


def claim(holds: bool, otherwise: str) -> None:
    """Go on only where it `holds`."""
    if not holds:
        raise ClaimFailed(otherwise)


class Moment(NamedTuple):
    """A host at one time: its values by path under /proc/sys, and FILES."""

    values: dict[str, str]
    files: dict[str, str]

    def differences(self, later: Moment) -> list[str]:
        """What is not at the `later` moment as it was at this one."""
        return changed_values(self.values, later.values) + changed_files(self.files, later.files)


def this_machine() -> Moment:
    """The machine itself, now."""
    return Moment(machine_sysctls(), file_tree(*FILES))
