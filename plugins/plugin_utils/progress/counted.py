# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Show the progress of an action on many hosts. Without a terminal this costs nothing."""

from __future__ import annotations

import functools
from typing import Any, Callable

from ansible_collections.nettune.tcp.plugins.plugin_utils.progress import screen

_Run = Callable[..., "dict[str, Any]"]


def counted(run: _Run) -> _Run:
    """Decorate ActionBase.run() so that its host counts as running until it returns or raises."""

    @functools.wraps(run)
    def decorated(self: Any, tmp: Any = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        if not screen.ON_TERMINAL:
            return run(self, tmp, task_vars)
        from ansible_collections.nettune.tcp.plugins.plugin_utils.progress import host

        return host.follow(self._task, task_vars or {}, lambda: run(self, tmp, task_vars))

    return decorated


def expect(seconds: float) -> None:
    """Tell how much longer the host is going to take, if it is counted."""
    if screen.ON_TERMINAL:
        from ansible_collections.nettune.tcp.plugins.plugin_utils.progress import host

        host.expect(seconds)
