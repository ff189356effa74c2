# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check the variables of roles on a host, and convert their values to their types."""

from __future__ import annotations

from typing import Any, Mapping

from ansible.plugins.action import ActionBase
from ansible.utils.unsafe_proxy import wrap_var
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import InvalidOption, NettuneError
from ansible_collections.nettune.tcp.plugins.plugin_utils.fleet.batches import divide
from ansible_collections.nettune.tcp.plugins.plugin_utils.options import (
    check,
    contents,
    names,
    origins,
    role_contents,
    role_variables,
    rollout,
    rows,
    values,
)
from ansible_collections.nettune.tcp.plugins.plugin_utils.options.convert import is_unset
from ansible_collections.nettune.tcp.plugins.plugin_utils.options.values import Templates
from ansible_collections.nettune.tcp.plugins.plugin_utils.plain import plain
from ansible_collections.nettune.tcp.plugins.plugin_utils.progress.screen import ON_TERMINAL
from ansible_collections.nettune.tcp.plugins.plugin_utils.screens.emit import ActionFailure

# To read it here has Ansible's main process import it, which then can show the progress of the tasks that follow.
SHOWS_PROGRESS = ON_TERMINAL


_COLLECTION = "nettune.tcp"


class ActionModule(ActionBase):
    """Runs on the controller only, for each host."""

    _requires_connection = False

    def run(self, tmp: Any = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Return {changed, options}. Raises ActionFailure with a sentence for each problem."""
        result = super().run(tmp, task_vars)
        try:
            options, warnings, errors = self._checked(plain(self._task.args["roles"]), task_vars or {})
        except NettuneError as error:
            raise ActionFailure(str(error)) from None
        if errors and not self._is_in_a_later_batch(options, task_vars or {}):
            raise ActionFailure("\n".join(errors))
        result.update(changed=False, options=wrap_var(options), warnings=warnings)
        if errors:
            result["invalid"] = wrap_var(" ".join(errors))
        result["_ansible_verbose_override"] = True  # with -v the values are not printed
        return result

    def _checked(self, roles: list[str], task_vars: Mapping[str, Any]) -> tuple[dict[str, Any], list[str], list[str]]:
        """Return the values, the warnings and the errors."""
        given = origins.read(task_vars, self._loader, [task_vars["inventory_hostname"]])
        template = Templates(task_vars, self._loader)
        allowed = check.allowed_names(given, template)
        cut = [each for each in origins.cut_off() if each.name.startswith(names.prefixes(roles))]
        misspelt = check.check_names(given, known=role_variables.names(), roles=roles, allowed=allowed)
        # The role that has called the base role, for instance `web` of this collection.
        parents = [name.rpartition(".") for name in task_vars.get("ansible_parent_role_names", ())]
        caller = next((role for collection, _dot, role in parents if collection == _COLLECTION), "")
        found, invalid = values.converted(role_variables.of_all(roles).values(), task_vars, self._loader)
        # Null or empty text stands for the limit of the calling role.
        found.setdefault("tuning_nofile", found.get("tuning_role_nofile", 0))
        output = template(rows.OUTPUT, task_vars.get(rows.OUTPUT))
        found[rows.OUTPUT] = str(output) if output else ""
        invalid += _check_rollout(found, given, self._task, task_vars, template)
        invalid += [*role_contents.check(found), *contents.check("", found)]
        errors = [*check.cut_off(cut), *misspelt.errors, *check.set_by_role(given.extra, caller), *invalid]
        return found, misspelt.warnings, errors

    def _is_in_a_later_batch(self, options: Mapping[str, Any], task_vars: Mapping[str, Any]) -> bool:
        """Return whether earlier batches of a rollout are done, so that a problem fails the batch, not the play."""
        if not options.get(rows.SERIAL):
            return False
        first = divide(map(str, task_vars["ansible_play_hosts_all"]), self._task.get_play().serial)[0]
        return task_vars["inventory_hostname"] not in first


def _check_rollout(
    found: dict[str, Any], given: origins.Origins, task: Any, task_vars: Mapping[str, Any], template: Templates
) -> list[str]:
    """Add the options of a rollout to the values, and return what is wrong with them."""
    found.update({rows.SERIAL: [], rows.ON_FAILURE: ""})
    try:
        found.update(rollout.values(task_vars, template))
    except InvalidOption as error:
        return [str(error)]
    if found[rows.SERIAL] and is_unset(task_vars.get(rollout.WINDOW)):
        found[rollout.WINDOW] = rollout.SECONDS
    return rollout.check_task(found, given, task, task_vars)
