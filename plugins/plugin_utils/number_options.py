# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check options that are numbers before a module is sent: Ansible fails with an exception for some values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible.errors import AnsibleActionFail
from ansible.plugins.action import ActionBase
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import InvalidOption, MalformedInput
from ansible_collections.nettune.tcp.plugins.plugin_utils.options.convert import Type, convert, is_unset
from ansible_collections.nettune.tcp.plugins.plugin_utils.plain import plain

# The type of each numeric option, in every module that has it.
KINDS = {
    **dict.fromkeys(("confirm_within", "connections", "count", "hard", "logins", "pid", "soft", "top"), "int"),
    **dict.fromkeys(("interval", "sample", "settle", "window"), "float"),
}


class NumberOptionsAction(ActionBase):
    """Refuses `infinity`, `unlimited`, booleans, text and lists in place of a number with one sentence."""

    def run(self, tmp: Any = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Return the result of the action. Raises AnsibleActionFail for an option that is not a number."""
        problem = not_a_number(self._task.args)
        if problem:
            raise AnsibleActionFail(problem)
        found: dict[str, Any] = super().run(tmp, task_vars)
        return found


def not_a_number(options: Mapping[str, Any]) -> str:
    """Return a sentence about the first option that must be a number and is none; empty if all are."""
    for name, kind in KINDS.items():
        try:
            value = plain(options.get(name))
            if not is_unset(value):
                convert(name, value, Type(kind))
        except InvalidOption as error:
            return str(error)
        except MalformedInput:  # the module rejects what has no JSON type
            continue
    return ""
