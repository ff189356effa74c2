# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Work out the metrics of a host on the controller, and send them to it."""

from __future__ import annotations

from typing import Any

from ansible_collections.nettune.tcp.plugins.action.nofile_limits import ActionModule as DefaultAction
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import NettuneError
from ansible_collections.nettune.tcp.plugins.plugin_utils.plain import plain
from ansible_collections.nettune.tcp.plugins.plugin_utils.screens import metrics


class ActionModule(DefaultAction):
    """Runs host_textfile with the text in place of the name of the variable with the facts."""

    def run(self, tmp: Any = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Return the result of the module."""
        args = dict(self._task.args)
        registered, options = args.pop("registered", None), args.pop("options", None)
        if registered:
            variables = task_vars or {}
            try:
                row = {"host": str(variables["inventory_hostname"]), **plain(variables[registered])}
                args["content"] = metrics.text_of(row, plain(options or {}))
            except NettuneError as error:
                return {"failed": True, "msg": str(error)}
        self._task.args = args
        found: dict[str, Any] = super().run(tmp, task_vars)
        return found
