# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Show each phase of a trial as it starts, by running the module again and again while the trial runs on the host."""

from __future__ import annotations

import time
from typing import Any

from ansible.module_utils.parsing.convert_bool import boolean
from ansible_collections.nettune.tcp.plugins.module_utils._common.text import in_words
from ansible_collections.nettune.tcp.plugins.module_utils._trial.saved import RUNNING
from ansible_collections.nettune.tcp.plugins.plugin_utils.becoming import BecomingAction
from ansible_collections.nettune.tcp.plugins.plugin_utils.module_action import SentModule
from ansible_collections.nettune.tcp.plugins.plugin_utils.plain import plain
from ansible_collections.nettune.tcp.plugins.plugin_utils.progress.host import counted, expect
from ansible_collections.nettune.tcp.plugins.plugin_utils.screens.emit import prints_text
from ansible_collections.nettune.tcp.plugins.plugin_utils.screens.line import printable

_MODULE = "nettune.tcp.sysctl_trial"
_MIN_PAUSE, _MAX_PAUSE, _POLLS = 1.0, 15.0, 30


class ActionModule(BecomingAction, SentModule):
    """Runs the module until the trial has ended, or once if the task does not wait."""

    _supports_async = True

    @counted
    def run(self, tmp: Any = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Return the result of the module."""
        result = super().run(tmp, task_vars)
        if result.get("failed"):
            return result
        if not self._should_wait():
            wrap_async = self._task.async_val and not self._connection.has_native_async
            result.update(self._execute_module(_MODULE, task_vars=task_vars, wrap_async=wrap_async))
            return result
        found = self._execute_module(_MODULE, module_args={**self._task.args, "wait": False}, task_vars=task_vars)
        changed = found.get("changed", False)
        found = self._until_ended(found, task_vars or {})
        result.update({**found, "changed": changed})
        return result

    def _should_wait(self) -> bool:
        state = str(self._task.args.get("state", "present"))
        wait = boolean(self._task.args.get("wait", True), strict=False)
        return state == "present" and wait and not self._task.async_val and not self._task.check_mode

    def _until_ended(self, found: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        """Return the result once the trial has ended."""
        shown = ""
        while found.get("status") == RUNNING:
            phase, remaining = str(plain(found["phase"])), int(found["remaining"])
            expect(remaining)
            if phase and phase != shown and prints_text():
                host = task_vars.get("inventory_hostname", "")
                self._display.display(printable(f"  {host}: {found['key']}: {phase}, {in_words(remaining)} left"))
                shown = phase
            time.sleep(min(_MAX_PAUSE, max(_MIN_PAUSE, remaining / _POLLS)))
            options = {**self._task.args, "wait": False, "again": False}
            found = self._execute_module(_MODULE, module_args=options, task_vars=task_vars)
        return found
