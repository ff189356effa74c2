# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fail a host with its own sentence, or count it as unreachable, after its results were shown."""

from __future__ import annotations

from typing import Any

from ansible.plugins.action import ActionBase
from ansible_collections.nettune.tcp.plugins.action import show
from ansible_collections.nettune.tcp.plugins.plugin_utils.plain import plain
from ansible_collections.nettune.tcp.plugins.plugin_utils.screens.emit import ActionFailure


class ActionModule(show.ActionModule):
    """Ends the hosts that nettune.tcp.show has named in `failures`, so that Ansible's recap counts them.

    Without `failures` each host shows its own part of the screen: in a role, nettune.tcp.show does not run if its
    condition is false on the first host.
    """

    def run(self, tmp: Any = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Return {changed: false} for a host without a failure, else {unreachable, msg}. Raises ActionFailure."""
        if "failures" in self._task.args:
            result = ActionBase.run(self, tmp, task_vars)
            failures = plain(self._task.args["failures"])
        else:
            result = super().run(tmp, task_vars)
            failures = result.pop("failures")
        failure = failures.get(str((task_vars or {})["inventory_hostname"]))
        if not failure:
            return {**result, "changed": False}
        if not failure.get("unreachable"):
            raise ActionFailure(failure["msg"])
        result.pop("lines", None)  # an unreachable result is printed, and they were shown already
        return {**result, "changed": False, "unreachable": True, "msg": failure["msg"]}

    def _is_alone(self) -> bool:
        return True
