# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run tcp_facts_fast instead of tcp_facts where it is sufficient, to send less to the host.

If all the subsets can be computed on the controller, the small module tcp_facts_fast reads what they need. For
breakdowns, for other options, and if the recording is not sufficient, the module tcp_facts runs on the host.
"""

from __future__ import annotations

from typing import Any

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.utils.unsafe_proxy import wrap_var
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import NettuneError
from ansible_collections.nettune.tcp.plugins.module_utils._tcp import subsets
from ansible_collections.nettune.tcp.plugins.module_utils._tcp.host.facts import stamped
from ansible_collections.nettune.tcp.plugins.modules.tcp_facts import ARGUMENTS, check
from ansible_collections.nettune.tcp.plugins.plugin_utils.module_action import SentModule
from ansible_collections.nettune.tcp.plugins.plugin_utils.plain import plain
from ansible_collections.nettune.tcp.plugins.plugin_utils.progress.host import counted
from ansible_collections.nettune.tcp.plugins.plugin_utils.recorded_host import NotRecorded, facts_of, options_for

_MODULE = "nettune.tcp.tcp_facts"
_FAST_MODULE = "nettune.tcp.tcp_facts_fast"


class ActionModule(SentModule):
    """Runs tcp_facts_fast if that is sufficient, else tcp_facts, which also rejects invalid options."""

    _supports_async = True

    @counted
    def run(self, tmp: Any = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Return the result of tcp_facts, which is the same from both modules."""
        result = super().run(tmp, task_vars)
        if result.get("failed"):
            return result
        options = self._fast_options()
        found = self._run_fast_module(options, task_vars) if options else None
        result.update(found or self._run_full_module(task_vars))
        return result

    def _fast_options(self) -> dict[str, Any] | None:
        """Return all options if the facts can be computed on the controller, else None."""
        try:
            validated = ArgumentSpecValidator(ARGUMENTS).validate(plain(self._task.args))
            options = validated.validated_parameters
            if self._task.async_val or validated.error_messages:
                return None
            check(options)
        except NettuneError:
            return None
        subset = subsets.chosen(options["gather_subset"])
        simple = options["source"] == "auto" and options["pid"] is None and not options["sample"]
        return options if simple and subset and subset <= subsets.FAST else None

    def _run_fast_module(self, options: dict[str, Any], task_vars: dict[str, Any] | None) -> dict[str, Any] | None:
        """Return the result computed from a recording, or None if it is not sufficient."""
        subset, top = subsets.chosen(options["gather_subset"]), options["top"]
        result = self._execute_module(_FAST_MODULE, module_args=options_for(subset), task_vars=task_vars)
        if "recording" not in result:
            return result
        try:
            found = facts_of(plain(result.pop("recording")), subset, top=top)
        except NotRecorded:
            return None
        # Text from a host must not be used as a template.
        result.setdefault("ansible_facts", {})["nettune_tcp"] = wrap_var(stamped(found))
        return {**result, "invocation": {"module_args": options}}

    def _run_full_module(self, task_vars: dict[str, Any] | None) -> dict[str, Any]:
        wrap_async = self._task.async_val and not self._connection.has_native_async
        return self._execute_module(_MODULE, module_args=self._task.args, task_vars=task_vars, wrap_async=wrap_async)
