# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The base of the actions that send a module: numeric options are checked, and the module is sent fast."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from ansible import constants
from ansible.errors import AnsibleConnectionFailure
from ansible_collections.nettune.tcp.plugins.module_utils._common.errors import InvalidOption, MalformedInput
from ansible_collections.nettune.tcp.plugins.plugin_utils.options.convert import Type, convert, is_unset
from ansible_collections.nettune.tcp.plugins.plugin_utils.plain import plain
from ansible_collections.nettune.tcp.plugins.plugin_utils.read_only import ReadOnlyAction

# The type of each numeric option, in every module that has it.
KINDS = {
    **dict.fromkeys(
        ("confirm_within", "connections", "count", "hard", "idle_timeout", "logins", "pid", "soft", "top"), "int"
    ),
    **dict.fromkeys(("interval", "sample", "settle", "window"), "float"),
}


class SentModule(ReadOnlyAction):
    """Runs a module with pipelining, unless the user or sudo is against it, and packs it faster.

    `infinity`, `unlimited`, booleans, text and lists in place of a number are refused with one sentence. Ansible fails
    with an exception for some of them.
    """

    _has_packed = False

    def run(self, tmp: Any = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Return the result of the action, a failed one for an option that is not a number."""
        problem = not_a_number(self._task.args)
        if problem:
            # Not an exception: failed_when would not see it, and a loop with failed_when would not count it.
            return {"failed": True, "msg": problem}
        found: dict[str, Any] = super().run(tmp, task_vars)
        return found

    def _execute_module(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Return the result of the module. If the task ignores unreachable hosts, one is a result, not an exception."""
        if self._may_pipeline():
            self._connection.set_option("pipelining", True)
        try:
            if self._has_packed:
                return super()._execute_module(*args, **kwargs)
            self._has_packed = True
            with no_garbage_collection():
                return super()._execute_module(*args, **kwargs)
        except AnsibleConnectionFailure as error:
            # A screen shows the host later; for an exception Ansible prints the source of the task as well.
            if not self._task.ignore_unreachable or self._task.until:
                raise
            return {"unreachable": True, "changed": False, "msg": str(error)}

    def _may_pipeline(self) -> bool:
        """Return whether `pipelining` is at its default, and the reason for that, sudo's requiretty, does not apply."""
        try:
            origin = self._connection.get_option_and_origin("pipelining")[1]
        except KeyError:  # a connection plugin without this option
            return False
        return origin == "default" and not self._becomes()

    def _becomes(self) -> bool:
        """Return whether commands run as a user other than the connected one, decided as in ActionBase."""
        if not self._connection.become:
            return False
        same = self.get_become_option("become_user") == self._get_remote_user()
        return bool(constants.BECOME_ALLOW_SAME_USER) or not same


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


@contextmanager
def no_garbage_collection() -> Iterator[None]:
    """Return a context without garbage collection; objects created inside are exempt from it afterwards too.

    Ansible keeps the syntax trees of all imports while it packs a module. The collector would scan them again and
    again, in a process that ends with its task.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if was_on:
            gc.enable()
