# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The default action of this collection, for all modules without an action plugin of their own.

meta/runtime.yml redirects the modules to it. Ansible finds an action plugin by the name of a module, so it is named
after one of them.
"""

from __future__ import annotations

from typing import Any

from ansible.plugins.action import normal
from ansible_collections.nettune.tcp.plugins.plugin_utils.becoming import BecomingAction
from ansible_collections.nettune.tcp.plugins.plugin_utils.module_action import SentModule
from ansible_collections.nettune.tcp.plugins.plugin_utils.progress.host import counted
from ansible_collections.nettune.tcp.plugins.plugin_utils.screens.tuning_words import untold

# What playbooks and roles of this collection register begins with this.
_INTERNAL = "__"
_VERBOSE = 3


class ActionModule(BecomingAction, SentModule, normal.ActionModule):
    """Ansible's default action, which sends the module as SentModule does and shows the progress on many hosts."""

    @counted
    def run(self, tmp: Any = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Return the result of the module. A screen shows an internal result later: it is not printed with -v."""
        result: dict[str, Any] = super().run(tmp, task_vars)
        # Since ansible-core 2.21 `register` is a dictionary of names.
        register = self._task.register or ""
        names = [register] if isinstance(register, str) else list(register)
        if any(name.startswith(_INTERNAL) for name in names):
            if result.get("warnings"):
                result["warnings"] = untold(result)
            if self._display.verbosity < _VERBOSE:
                result["_ansible_verbose_override"] = True
        return result
