# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ships no more to a host than its task needs.

For the subsets that everybody reads a small module tells what the host's kernel says, and the facts are worked out
here. For breakdowns, for other ways and namespaces, and where that does not do, the whole module is shipped.
"""

from __future__ import annotations

from typing import Any

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.utils.unsafe_proxy import wrap_var
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import NettuneError
from ansible_collections.nettune.tcp.plugins.modules.tcp_facts import ARGUMENTS, check, chosen
from ansible_collections.nettune.tcp.plugins.plugin_utils.plain import plain
from ansible_collections.nettune.tcp.plugins.plugin_utils.recorded_host import READABLE, NotRead, facts, wanted
from ansible_collections.nettune.tcp.plugins.plugin_utils.shipping import ShippingAction

_WHOLE = "nettune.tcp.tcp_facts"
_READING = "nettune.tcp.tcp_reading"


class ActionModule(ShippingAction):
    """Runs tcp_reading where that is enough, else the module tcp_facts, which also says what is wrong with options."""

    _supports_async = True

    def run(self, tmp: Any = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """The result of tcp_facts, whichever module it comes from."""
        result = super().run(tmp, task_vars)
        options = self._readable()
        found = self._read(options, task_vars) if options else None
        result.update(found or self._whole(task_vars))
        return result

    def _readable(self) -> dict[str, Any] | None:
        """The options in full where what they ask for can be worked out from a reading."""
        try:
            validated = ArgumentSpecValidator(ARGUMENTS).validate(plain(self._task.args))
            options = validated.validated_parameters
            if self._task.async_val or validated.error_messages:
                return None
            check(options)
        except NettuneError:
            return None
        subset = chosen(options["gather_subset"])
        plainly = options["source"] == "auto" and options["pid"] is None and not options["sample"]
        return options if plainly and subset and subset <= READABLE else None

    def _read(self, options: dict[str, Any], task_vars: dict[str, Any] | None) -> dict[str, Any] | None:
        """What the small module's reading comes to; None where it takes the whole module."""
        subset, top = chosen(options["gather_subset"]), options["top"]
        result = self._execute_module(_READING, module_args=wanted(subset), task_vars=task_vars)
        if "reading" not in result:
            return result
        try:
            found = facts(plain(result.pop("reading")), subset, top=top)
        except NotRead:
            return None
        # What a host says is never a template.
        result.setdefault("ansible_facts", {})["nettune_tcp"] = wrap_var(found)
        return {**result, "invocation": {"module_args": options}}

    def _whole(self, task_vars: dict[str, Any] | None) -> dict[str, Any]:
        wrap_async = self._task.async_val and not self._connection.has_native_async
        return self._execute_module(_WHOLE, module_args=self._task.args, task_vars=task_vars, wrap_async=wrap_async)
