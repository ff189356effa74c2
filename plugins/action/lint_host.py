# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check the settings of a file on the controller, for a kernel release or for the host of the task."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Mapping

from ansible.utils.unsafe_proxy import wrap_var
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import NettuneError
from ansible_collections.nettune.tcp.plugins.plugin_utils.lint import engine
from ansible_collections.nettune.tcp.plugins.plugin_utils.module_action import SentModule
from ansible_collections.nettune.tcp.plugins.plugin_utils.plain import plain
from ansible_collections.nettune.tcp.plugins.plugin_utils.screens.emit import ActionFailure

_MODULES: dict[str, dict[str, Any]] = {
    "nettune.tcp.sysctl_facts": {"keys": ["*", "kernel.osrelease"]},
    "nettune.tcp.tcp_facts": {"gather_subset": ["listeners", "memory", "conntrack"], "top": 1000},
}


class ActionModule(SentModule):
    """Contacts the host only if its facts are asked for."""

    def run(self, tmp: Any = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Return the fields of RETURN in modules/lint_host.py, or the result of the module that failed."""
        result = super().run(tmp, task_vars)
        args = plain(self._task.args)
        facts: dict[str, Any] = {}
        for name, options in _MODULES.items() if args.get("facts") else ():
            found = self._execute_module(name, module_args=options, task_vars=task_vars)
            if "ansible_facts" not in found:
                return {**result, **found}
            facts.update(plain(found["ansible_facts"]))
        # Printed as a report afterwards, so -v need not show it.
        return {**result, "changed": False, **_checked(args, facts), "_ansible_verbose_override": True}


def _checked(args: Mapping[str, Any], facts: Mapping[str, Any]) -> dict[str, Any]:
    try:
        path = Path(args["path"])
        engine.require_size(path.stat().st_size)
        found = engine.check(
            path.read_bytes(),
            name=str(path),
            kernel=args.get("kernel"),
            facts=facts,
            idle_timeout=args.get("idle_timeout"),
        )
    except OSError as error:
        raise ActionFailure(f"cannot read {args['path']}: {error.strerror}") from None
    except NettuneError as error:
        raise ActionFailure(str(error)) from None
    # Text of the file must not be used as a template.
    others = [{"line": number, "text": text} for number, text in found.others]
    return {
        "settings": wrap_var(found.rows),
        "comments": found.comments,
        "other_lines": wrap_var(others),
        "other_line_count": found.other_lines,
    }
