# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Show the results of all hosts of a play on one screen, write them to a file, and name the hosts that have to fail."""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module
from typing import Any, Iterable, Mapping

from ansible.plugins.action import ActionBase
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import NettuneError
from ansible_collections.nettune.tcp.plugins.module_utils._common.text import shown, without_prefix
from ansible_collections.nettune.tcp.plugins.plugin_utils.plain import plain
from ansible_collections.nettune.tcp.plugins.plugin_utils.screens import emit, export
from ansible_collections.nettune.tcp.plugins.plugin_utils.screens.emit import ActionFailure
from ansible_collections.nettune.tcp.plugins.plugin_utils.screens.line import Screen, listed
from ansible_collections.nettune.tcp.plugins.plugin_utils.screens.run import Run

_PREFIX = "nettune_"
_MALFORMED = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
_AT_OWN_PACE = ("free", "host_pinned")
_SCREENS = "ansible_collections.nettune.tcp.plugins.plugin_utils.screens"


class ActionModule(ActionBase):
    """Draws a screen from registered results. Runs on the controller only and changes nothing on a host."""

    _requires_connection = False

    def run(self, tmp: Any = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Return {changed, failures} and, unless they were printed by the callback already, {lines}."""
        result = super().run(tmp, task_vars)
        run = self._run(task_vars or {})
        screen = import_module(f"{_SCREENS}.{self._task.args['screen']}")
        try:
            drawn = draw(screen, run)
            written = export.write(drawn, plain(self._task.args.get("output")))
        except NettuneError as error:
            raise ActionFailure(in_terms(str(error), plain(self._task.args.get("prefix")))) from None
        result.update(changed=False, failures=failures_of(drawn, run))
        result.update(emit.show([*drawn.lines, *written]))
        return result

    def _run(self, task_vars: Mapping[str, Any]) -> Run:
        args = plain({name: self._task.args[name] for name in self._task.args if name != "screen"})
        alone = self._is_alone()
        return Run(
            hostvars=task_vars["hostvars"],
            hosts=_names(task_vars["ansible_play_hosts_all"]),
            batch=_names([task_vars["inventory_hostname"]] if alone else task_vars["ansible_play_batch"]),
            active=_names(task_vars["ansible_play_hosts"]),
            alone=alone,
            check_mode=bool(self._task.check_mode),
            verbosity=self._display.verbosity,
            width=emit.terminal_width(),
            args=args,
            serial=plain(list(self._task.get_play().serial or ())),
        )

    def _is_alone(self) -> bool:
        """Return whether each host has a screen: strategies with a pace for each host run a run_once task on each."""
        return self._task.get_play().strategy.rpartition(".")[2] in _AT_OWN_PACE


def in_terms(message: str, prefix: str | None) -> str:
    """Return a message that begins with the name of an option of the playbooks, with the user's name of the variable.

    >>> in_terms("nettune_from: cannot read a.json.gz: Permission denied", "report_")
    'report_from: cannot read a.json.gz: Permission denied'
    """
    return f"{prefix}{without_prefix(message, _PREFIX)}" if prefix and message.startswith(_PREFIX) else message


def draw(screen: Any, run: Run) -> Screen:
    """Return the screen. Raises ActionFailure if the result of a host has another form than our modules give it."""
    try:
        return screen.draw(run)
    except _MALFORMED as error:
        if run.recording:
            raise ActionFailure(
                f"nettune_from: a host in {run.recording} does not have the form that the playbook record writes"
                f" ({type(error).__name__}: {shown(str(error))}): leave it out with -e target='all:!HOST'"
            ) from None
        malformed = [host for host in run.hosts if not _can_draw(screen, run, host)]
        if not malformed:
            raise
        raise ActionFailure(
            f"the result of {listed(malformed, most=3)} does not have the form that nettune.tcp returns"
            f" ({type(error).__name__}: {shown(str(error))}): leave the host out with --limit"
        ) from None


def failures_of(screen: Screen, run: Run) -> dict[str, Any]:
    """Return the failures by host of the play. Those of recorded hosts fail the first one, as the play has no other."""
    if not (screen.failures and run.recording):
        return dict(screen.failures)
    text = "\n".join(f"{host}: {failure['msg']}" for host, failure in screen.failures.items())
    return {run.hosts[0]: {"msg": text, "unreachable": False}}


def _can_draw(screen: Any, run: Run, host: str) -> bool:
    """Return whether a host alone can be drawn."""
    try:
        screen.draw(replace(run, hosts=[host], batch=[host], active=[host]))
    except _MALFORMED:
        return False
    except NettuneError:
        pass
    return True


def _names(hosts: Iterable[Any]) -> list[str]:
    return [str(host) for host in hosts]
