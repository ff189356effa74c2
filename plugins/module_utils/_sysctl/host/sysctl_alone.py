# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A profile of kernel parameters on a host where nothing else of ours has to be seen to.

Most runs meet nothing, and what sees to the rest is a third of what a run ships.
"""

from __future__ import annotations

import os.path

from ..._common.errors import NettuneError
from ..._host.files import HostFiles
from ..._host.journal import DIRECTORY, EDITED, Journal
from ..._host.sock_diag import SockDiag
from .apply import SysctlPlans
from .proc_sys import HERE

# What is known of profiles, what is kept of files that somebody edited, and of trials that have ended.
_AT_REST = {"sysctl.json", "nofile.json", os.path.basename(EDITED), "trials"}
_TRIAL = f"{DIRECTORY}/trials/in-force.json"


class NotAlone(NettuneError):
    """The journal tells of something to be seen to first, which takes SysctlProfiles; says what."""


class LoneProfiles(SysctlPlans):
    """Of the network namespace this process is in, as long as the journal tells of nothing but profiles."""

    def __init__(self, files: HostFiles, sock_diag: SockDiag | None = None) -> None:
        super().__init__(files, Journal(files), sock_diag=sock_diag, network=HERE)

    def check_alone(self) -> None:
        """Raise NotAlone where a trial runs or died, a change waits or was taken back, or namespaces have journals."""
        found = [name for name in self._files.listdir(DIRECTORY) if name not in _AT_REST]
        if self._files.exists(_TRIAL):
            found.append(os.path.relpath(_TRIAL, DIRECTORY))
        if found:
            raise NotAlone(", ".join(found))

    def _meet(self) -> None:
        self.check_alone()
