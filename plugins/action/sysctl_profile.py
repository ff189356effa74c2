# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ships no more to a host than its task needs.

A profile that is to last is applied by a small module. Where that meets something else to be seen to first, and for
what waits for a confirmation, is taken back, or is of another network namespace, the whole module is shipped.
"""

from __future__ import annotations

from typing import Any

from ansible.plugins.action import normal
from ansible_collections.nettune.tcp.plugins.plugin_utils.shipping import ShippingAction

_ALONE = "nettune.tcp.sysctl_alone"
_OF_ALONE = {"name", "settings", "persistent", "accept_hazards", "connections", "modules", "take_over"}


class ActionModule(ShippingAction, normal.ActionModule):
    """Runs sysctl_alone where that is enough, else the module sysctl_profile, which also says what is wrong with
    options.
    """

    def run(self, tmp: Any = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """The result of sysctl_profile, whichever module it comes from."""
        options = self._of_alone()
        if options is not None:
            found = self._execute_module(_ALONE, module_args=options, task_vars=task_vars)
            if "not_alone" not in found:
                self._remove_tmp_path(self._connection._shell.tmpdir)
                return found
        return super().run(tmp, task_vars)

    def _of_alone(self) -> dict[str, Any] | None:
        """The options for sysctl_alone; None where the task asks for more than that does."""
        options = {key: value for key, value in self._task.args.items() if value is not None}
        state = options.pop("state", "present")
        fits = state == "present" and {"name", "settings"} <= set(options) <= _OF_ALONE
        return options if fits and not self._task.async_val else None
