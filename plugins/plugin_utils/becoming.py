# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Explain in one sentence why a module could not become root."""

from __future__ import annotations

import re
from typing import Any, Mapping

from ansible.errors import AnsibleConnectionFailure, AnsibleError
from ansible.plugins.action import ActionBase

_NEXT_STEP = "Pass the password with -K, or set ansible_become_password"
# Texts of Ansible's become plugins and of sudo, su and doas; {method} is the name of the method.
_REASONS = (
    (
        r"missing \w+ password|password is required|terminal is required|authentication required",
        "a password is required",
        _NEXT_STEP,
    ),
    (
        r"incorrect \w+ password|incorrect password|sorry, try again|authentication failure",
        "the password is wrong",
        _NEXT_STEP,
    ),
    (
        r"{method}\S*: (?:command )?not found|{method}\S*: no such file|unable to find .*{method}",
        "it is not installed",
        "Install it, log in as root (ansible_user: root), or set ansible_become_method",
    ),
    (
        r"not in the sudoers|not allowed to|may not run|{method}\S*: permission denied",
        "the user is not allowed to",
        "Allow it in the configuration of {method}, or log in as root (ansible_user: root)",
    ),
)
_WAITING = "waiting for"


class BecomingAction(ActionBase):
    """Turns a failure to become another user into a result with one sentence, instead of Ansible's error."""

    def _execute_module(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        become = getattr(self._connection, "become", None)
        if not become:
            return super()._execute_module(*args, **kwargs)
        user = str(become.get_option("become_user", playcontext=self._play_context) or "root")
        try:
            result = super()._execute_module(*args, **kwargs)
        except AnsibleConnectionFailure:
            raise
        except AnsibleError as error:
            sentence = problem(str(error), method=become.name, user=user)
            if not sentence:
                raise
            return {"failed": True, "changed": False, "msg": sentence}
        sentence = problem(_output(result), method=become.name, user=user)
        return {"failed": True, "changed": False, "msg": sentence} if sentence else result


def problem(output: str, *, method: str, user: str) -> str:
    """Return why `user` could not be reached by a become method, empty if the output says nothing about that.

    >>> problem("sudo: a password is required", method="sudo", user="root")
    'cannot become root with sudo: a password is required. Pass the password with -K, or set ansible_become_password.'
    """
    for pattern, reason, remedy in _REASONS:
        if re.search(pattern.format(method=re.escape(method)), output, re.IGNORECASE):
            return f"cannot become {user} with {method}: {reason}. {remedy.format(method=method)}."
    if _WAITING in output and "become" in output:
        last = output.strip().splitlines()[-1].strip().rstrip(".")
        return f"cannot become {user} with {method}: {last}. {_NEXT_STEP}."
    return ""


def _output(result: Mapping[str, Any]) -> str:
    """Return what was printed instead of a result, empty if the module has started."""
    texts = [str(result.get(name) or "") for name in ("module_stderr", "module_stdout")]
    return "" if not result.get("failed") or any("Traceback" in text for text in texts) else "\n".join(texts)
