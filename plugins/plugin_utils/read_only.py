# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run modules for the read-only playbooks, which go on without root and show the results of all hosts at the end."""

from __future__ import annotations

from typing import Any, Mapping

from ansible.errors import AnsibleConnectionFailure, AnsibleError
from ansible.plugins.action import ActionBase

from .screens.reasons import NOT_ROOT

# The variable by which these playbooks ask for this. In a user's own play a module fails if it cannot become root.
ASKED = "__nettune_read_only"


class ReadOnlyAction(ActionBase):
    """Runs a module again as the user of the connection if it could not become root."""

    def _execute_module(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Return the result of the module, with the reason in `not_root` if it could not become root."""
        if not (kwargs.get("task_vars") or {}).get(ASKED):
            return super()._execute_module(*args, **kwargs)
        # Shown at the end, so -v need not print kilobytes of it.
        return {**self._execute_read_only(*args, **kwargs), "_ansible_verbose_override": True}

    def _execute_read_only(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        try:
            result = super()._execute_module(*args, **kwargs)
        except AnsibleConnectionFailure:
            raise
        except AnsibleError as error:
            if not self._connection.become:
                raise
            result = {"failed": True, "msg": str(error), "module_stderr": str(error)}
        problem = _not_started(result)
        if not problem or not self._connection.become:
            return result
        self._connection.become = None
        again = super()._execute_module(*args, **kwargs)
        if _not_started(again):
            return result
        if not self._is_root():
            again[NOT_ROOT] = problem
        return again

    def _is_root(self) -> bool:
        """Return whether the user of the connection is root, who needs no sudo."""
        return str(self._low_level_execute_command("id -u", sudoable=False)["stdout"]).strip() == "0"


def _not_started(result: Mapping[str, Any]) -> str:
    """Return what was printed instead of a result if the module did not start, else an empty text."""
    texts = [str(result.get(name) or "").strip() for name in ("module_stderr", "module_stdout")]
    output = next((text.splitlines()[-1].strip() for text in texts if text), "")
    return "" if any("Traceback" in text for text in texts) else output
