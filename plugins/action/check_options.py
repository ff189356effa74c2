# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check the options of a playbook before any host is contacted, or print its help."""

from __future__ import annotations

from typing import Any, Mapping

from ansible.plugins.action import ActionBase
from ansible.utils.unsafe_proxy import wrap_var
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import InvalidOption, NettuneError
from ansible_collections.nettune.tcp.plugins.plugin_utils.fleet import batches, source
from ansible_collections.nettune.tcp.plugins.plugin_utils.options import (
    check,
    contents,
    origins,
    playbooks,
    role_variables,
    rollout,
    rows,
)
from ansible_collections.nettune.tcp.plugins.plugin_utils.options import (
    help as help_screen,
)
from ansible_collections.nettune.tcp.plugins.plugin_utils.options.playbooks import Playbook
from ansible_collections.nettune.tcp.plugins.plugin_utils.options.values import Templates
from ansible_collections.nettune.tcp.plugins.plugin_utils.progress.screen import ON_TERMINAL
from ansible_collections.nettune.tcp.plugins.plugin_utils.screens import emit
from ansible_collections.nettune.tcp.plugins.plugin_utils.screens.emit import ActionFailure
from ansible_collections.nettune.tcp.plugins.plugin_utils.screens.line import CRITICAL, paragraph

# To read it here has Ansible's main process import it, which then can show the progress of the tasks that follow.
SHOWS_PROGRESS = ON_TERMINAL

_LIMITED = "--limit selects hosts of the inventory; select those of a recording with -e target."


class ActionModule(ActionBase):
    """Runs on the controller only, once for all hosts."""

    _requires_connection = False

    def run(self, tmp: Any = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Return {changed, options, end_play, target}. Raises ActionFailure with a sentence for each problem."""
        result = super().run(tmp, task_vars)
        try:
            playbook = playbooks.find(str(self._task.args["playbook"]))
            options, errors = self._checked(playbook, task_vars or {})
        except NettuneError as error:
            raise ActionFailure(str(error)) from None
        if options[rows.HELP]:
            result.update(emit.show(help_screen.lines(playbook, width=emit.terminal_width())))
        elif errors:
            if len(errors) > 1:
                # The message of a failed task is JSON, and so a single line.
                width = emit.terminal_width()
                emit.show(each for error in errors for each in paragraph(error, width=width, severity=CRITICAL))
            raise ActionFailure("\n".join(errors))
        # Text from -e must not be evaluated as a template a second time. With -v the values are not printed.
        result.update(changed=False, options=wrap_var(options), end_play=options[rows.HELP])
        asked = (task_vars or {}).get("ansible_run_tags") or ()
        result["warnings"] = check.idle(asked, self._task.tags, playbooks.TAGS if playbook.role else ())
        result["_ansible_verbose_override"] = True
        return result

    def _checked(self, playbook: Playbook, task_vars: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
        """Return the options and the errors. The warnings about a role's variables are left to check_variables."""
        template = Templates(task_vars, self._loader)
        # A playbook that imports this one may name the hosts; the inventory may not.
        named = {**origins.read(task_vars, self._loader, []).play, **origins.of_command_line(self._loader)}
        pattern = playbooks.as_text(template("target", named.get("target", playbook.target)))
        limit = task_vars.get("ansible_limit")
        # Ansible warns about a pattern without hosts. The help and a recording need no hosts of the inventory.
        recorded = rows.has(playbook.name, rows.FROM) and source.is_recording(template(rows.FROM, named.get(rows.FROM)))
        needs_hosts = not (rows.asks_for_help(named) or recorded)
        matched = playbooks.matching(pattern, task_vars["groups"], limit, self._loader) if needs_hosts else []
        given = origins.read(task_vars, self._loader, task_vars["ansible_play_hosts_all"] if matched else [])
        allowed = check.allowed_names(given, template)
        cut_off = check.cut_off(origins.cut_off())
        misspelt = check.check_names(given, known=role_variables.names(), roles=playbook.roles, allowed=allowed)
        options, invalid = check.options(rows.of(playbook.name), given, template)
        errors = [*cut_off, *check.renamed(given.extra, allowed), *misspelt.errors]
        errors += check.set_by_role(given.extra, playbook.role)
        if playbook.role:
            errors += check.tags(task_vars.get("ansible_run_tags") or (), self._task.tags)
            invalid += _check_rollout(options, given, self._task, task_vars)
        invalid += check.role_values(playbook.reads, given, template)
        # A truncated value would be reported a second time, and an option with a misspelt name or value as missing.
        errors += [] if cut_off else invalid
        if not errors:
            errors += [*check.missing(rows.of(playbook.name), options), *contents.check(playbook.name, options)]
        if source.is_recording(options.get(rows.FROM)):
            errors += [_LIMITED] if limit else []
        elif not matched:
            errors.append(_no_host(pattern, limit))
        options.update(target=pattern, target_given="target" in named or bool(limit))
        return options, errors


def _check_rollout(options: dict[str, Any], given: Any, task: Any, task_vars: Mapping[str, Any]) -> list[str]:
    """Return what is wrong with the options of a rollout. The sizes of its batches become those of `serial`."""
    try:
        options[rows.SERIAL] = batches.parse(options[rows.SERIAL])
    except InvalidOption as error:
        return [str(error)]
    return rollout.check_task(options, given, task, task_vars)


def _no_host(pattern: str, limit: Any) -> str:
    within = f" within --limit {limit}" if limit else ""
    return (
        f"No inventory host matches '{pattern}'{within}."
        " Pick a group or hosts with -e target=GROUP, or pass an inventory with -i."
    )
